import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AccessLevel, SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, UnitOfWork } from '#kernel/ports';
import { Database, violatedConstraint } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import {
  decideSignIn,
  type DirectoryEntry,
  type SignInContext,
  SignInDirectory,
  type SignInOutcome,
  type TeamChoice,
  type VerifiedIdentity,
} from '../../domain/sign-in-directory.js';

interface Row {
  team_id: string;
  id: Id;
  name: string;
  access_level: AccessLevel;
  linked_candidate_ids: Id[];
}
type EntryRow = Row & { team_name: string; bound: boolean };

const userColumns = sql`u.team_id, u.id, u.name, u.access_level, u.linked_candidate_ids`;
const users = sql`access.sign_in s join access.user_account u on u.team_id = s.team_id and u.id = s.user_id`;

/** Another sign-in, or an admin, changed the entry during its binding. */
class ChangedMeanwhile extends Error {}

@Injectable()
export class PostgresSignInDirectory extends SignInDirectory {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly audit: Audit,
  ) {
    super();
  }

  async find(identity: VerifiedIdentity, context: SignInContext = {}): Promise<SignInOutcome | null> {
    return acrossTeams('sign-in', async () => {
      for (let attempts = 0; attempts < 2; attempts += 1) {
        const decision = decideSignIn(await this.entries(identity), context);
        if (!decision || decision.kind === 'choose') return decision;
        const { bound, user } = decision.entry;
        if (bound || (await this.bind(user, identity, context.ip ?? null))) return { kind: 'user', user };
      }
      return null;
    });
  }

  async choices(identity: VerifiedIdentity): Promise<TeamChoice[]> {
    const entries = await acrossTeams('sign-in', () => this.entries(identity));
    const names = new Map(entries.map(({ user, teamName }) => [user.teamId, teamName]));
    return [...names].map(([teamId, teamName]) => ({ teamId, teamName }));
  }

  async user(userId: Id, identity?: Pick<VerifiedIdentity, 'issuer' | 'subject'>): Promise<SignedInUser | null> {
    const still = identity ? sql`and s.issuer = ${identity.issuer} and s.external_id = ${identity.subject}` : sql``;
    const row = await acrossTeams('sign-in', () =>
      this.database.first(sql<Row>`
        select ${userColumns} from ${users} where s.user_id = ${userId} and not u.disabled ${still}`),
    );
    return row && personOf(row);
  }

  /**
   * Orders bound entries first, then entries with the external id, then entries with the address. An address matches only
   * where no external id is set, and only if no other user of that team has this external id.
   */
  private async entries({ issuer, subject, email }: VerifiedIdentity): Promise<DirectoryEntry[]> {
    const rows = await this.database.rows(sql<EntryRow>`
      select ${userColumns}, t.name as team_name,
             s.issuer is not null and s.external_id is not null as bound
      from ${users} join access.team t on t.team_id = s.team_id
      where not u.disabled and (
        (s.external_id = ${subject} and (s.issuer is null or s.issuer = ${issuer}))
        or (s.email = ${email}::text and s.external_id is null and not exists (
          select 1 from access.sign_in other where other.team_id = s.team_id and other.external_id = ${subject})))
      order by bound desc, s.external_id is null, t.created_at, t.team_id`);
    return rows.map((row) => ({ user: personOf(row), teamName: row.team_name, bound: row.bound }));
  }

  /** false: another transaction was faster, and the entries must be read again. */
  private async bind(user: SignedInUser, identity: VerifiedIdentity, ip: string | null): Promise<boolean> {
    try {
      await this.unitOfWork.run(() => this.write(user, identity, ip));
      return true;
    } catch (error) {
      if (error instanceof ChangedMeanwhile || violatedConstraint(error) === 'sign_in_external_id') return false;
      throw error;
    }
  }

  /** Locks the user's row first, in the same order as a change by an admin, so that the two cannot deadlock. */
  private async write(
    user: SignedInUser,
    { issuer, subject, email }: VerifiedIdentity,
    ip: string | null,
  ): Promise<void> {
    const updated = await this.database.affected(sql`
      update access.user_account set external_id = ${subject}, updated_at = now(), version = version + 1
      where team_id = ${user.teamId} and id = ${user.id} and not disabled
        and (external_id is null or external_id = ${subject})`);
    const bound = await this.database.affected(sql`
      update access.sign_in set issuer = ${issuer}, external_id = ${subject}
      where team_id = ${user.teamId} and user_id = ${user.id}
        and ((external_id = ${subject} and issuer is null) or (external_id is null and email = ${email}::text))`);
    if (updated !== 1 || bound !== 1) throw new ChangedMeanwhile();
    await this.audit.record(
      { teamId: user.teamId, user, ip },
      { action: 'user.sign_in_bind', entity: 'user', entityId: user.id, to: { issuer } },
    );
  }
}

const personOf = (row: Row): SignedInUser => ({
  teamId: row.team_id,
  id: row.id,
  name: row.name,
  level: row.access_level,
  ownCandidateIds: row.linked_candidate_ids,
});
