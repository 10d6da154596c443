import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit } from '#kernel/ports';
import { areSame } from '../domain/links.js';
import { inAuditWords, type User, type UserDetails } from '../domain/user.js';

const newcomer: Partial<UserDetails> = { accessLevel: undefined, disabled: undefined, linkedCandidateIds: [] };

/**
 * What becomes of users, for the audit log. Changed links and new admins have entries of their own: all admins are told of
 * them, because either could open to somebody what they may not read about themself.
 */
@Injectable()
export class UserAudit {
  constructor(private readonly audit: Audit) {}

  async added(caller: Caller, user: User): Promise<void> {
    await this.record(caller, user, 'user.create', {}, user.details());
    await this.tellAdmins(caller, user, newcomer, false);
  }

  /** `before`: what was said about them, and whether they administered the team. */
  async changed(
    caller: Caller,
    user: User,
    changes: Partial<UserDetails>,
    before: { details: UserDetails; administered: boolean },
  ): Promise<void> {
    const fields = Object.keys(changes) as (keyof UserDetails)[];
    const replaced = Object.fromEntries(fields.map((field) => [field, before.details[field]]));
    await this.record(caller, user, 'user.update', replaced, changes);
    await this.tellAdmins(caller, user, before.details, before.administered);
  }

  private async tellAdmins(
    caller: Caller,
    user: User,
    before: Partial<UserDetails>,
    administered: boolean,
  ): Promise<void> {
    const { accessLevel, disabled, linkedCandidateIds } = before;
    if (!areSame(user.linkedCandidateIds, linkedCandidateIds ?? [])) {
      const now = { linkedCandidateIds: user.linkedCandidateIds };
      await this.record(caller, user, 'user.link', { linkedCandidateIds }, now);
    }
    if (user.administers() && !administered) {
      const now = { accessLevel: user.accessLevel, disabled: user.disabled };
      await this.record(caller, user, 'user.admin', { accessLevel, disabled }, now);
    }
  }

  private record(
    caller: Caller,
    { id: entityId }: User,
    action: string,
    from: Partial<UserDetails>,
    to: Partial<UserDetails>,
  ): Promise<void> {
    const entry = { action, entity: 'user', entityId, from: inAuditWords(from), to: inAuditWords(to) };
    return this.audit.record(caller, entry);
  }
}
