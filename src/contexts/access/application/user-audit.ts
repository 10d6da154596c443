import { Injectable } from '@nestjs/common';
import type { Caller } from '#kernel/caller';
import { Audit } from '#kernel/ports';
import { areSame } from '../domain/links.js';
import { auditFields, type User, type UserDetails } from '../domain/user.js';

const newcomer: Partial<UserDetails> = { accessLevel: undefined, disabled: undefined, linkedCandidateIds: [] };

/**
 * Records changes of users in the audit log. Changed links and new admins get entries of their own, which all admins are
 * shown, because either change could let a person read about their own checks.
 */
@Injectable()
export class UserAudit {
  constructor(private readonly audit: Audit) {}

  async added(caller: Caller, user: User): Promise<void> {
    await this.record(caller, user, 'user.create', {}, user.details());
    await this.recordForAdmins(caller, user, newcomer, false);
  }

  /** `before`: the user's details before the change, and whether they administered the team. */
  async changed(
    caller: Caller,
    user: User,
    changes: Partial<UserDetails>,
    before: { details: UserDetails; administered: boolean },
  ): Promise<void> {
    const fields = Object.keys(changes) as (keyof UserDetails)[];
    const replaced = Object.fromEntries(fields.map((field) => [field, before.details[field]]));
    await this.record(caller, user, 'user.update', replaced, changes);
    await this.recordForAdmins(caller, user, before.details, before.administered);
  }

  private async recordForAdmins(
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
    const entry = { action, entity: 'user', entityId, from: auditFields(from), to: auditFields(to) };
    return this.audit.record(caller, entry);
  }
}
