import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { AccessLevel, SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Scope } from '#kernel/scopes';
import { ApiKeys, type LiveKey, type Origin } from '#platform/auth/ports';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { badKey } from '../../domain/errors.js';
import type { MachineClient } from '../../domain/service-account.js';
import { type LinkedAccount, MachineDirectory } from '../../domain/service-accounts.js';
import { hashOfKey } from './api-key.js';

/** The last use is written at most this often. A write in every request would be its slowest part. */
const usedEverySeconds = 60;

interface AccountRow {
  team_id: string;
  id: Id;
  name: string;
  access_level: AccessLevel;
  scopes: Scope[];
  own_candidate_ids: Id[];
  used_long_ago: boolean;
}

/** An account never shows its stewards what they may not see: the checks of the candidates that they are. */
const accountColumns = sql`
  a.team_id, a.id, a.name, a.access_level, a.scopes, array(
    select distinct unnest(u.linked_candidate_ids) from access.user_account u
    where u.team_id = a.team_id and u.id = any(a.steward_ids)) as own_candidate_ids`;

const usedLongAgo = sql`now() - make_interval(secs => ${sql.lit(usedEverySeconds)})`;

const signedIn = ({
  team_id: teamId,
  id,
  name,
  access_level: level,
  scopes,
  own_candidate_ids,
}: AccountRow): SignedInUser => ({
  ...{ teamId, id, name, level, scopes },
  ownCandidateIds: own_candidate_ids,
});

/** Reads the account of a key from the database at each request, so that a revoked key is refused on every replica. */
@Injectable()
export class KeyAuthenticator extends ApiKeys {
  constructor(private readonly database: Database) {
    super();
  }

  async authenticate(key: string, { teamId }: Origin): Promise<LiveKey> {
    const hash = hashOfKey(key);
    if (!hash) throw badKey();
    return acrossTeams('sign-in', async () => {
      const row = await this.database.first(sql<AccountRow & { ends_at: number }>`
        select ${accountColumns}, extract(epoch from k.expires_at)::float8 * 1000 as ends_at,
          coalesce(k.last_used_at < ${usedLongAgo}, true) as used_long_ago
        from access.api_key k
        join access.service_account a on a.team_id = k.team_id and a.id = k.service_account_id
        where k.hash = ${hash} and k.expires_at > now() and not a.disabled and a.deleted_at is null`);
      if (!row || (teamId !== null && teamId !== row.team_id)) throw badKey();
      if (row.used_long_ago) await this.markUsed(hash);
      return { account: signedIn(row), endsAt: new Date(row.ends_at) };
    });
  }

  /** Another request may have written it meanwhile. */
  private async markUsed(hash: Buffer): Promise<void> {
    await this.database.affected(sql`
      update access.api_key set last_used_at = now()
      where hash = ${hash} and coalesce(last_used_at < ${usedLongAgo}, true)`);
  }
}

@Injectable()
export class PostgresMachineDirectory extends MachineDirectory {
  constructor(private readonly database: Database) {
    super();
  }

  async linkedTo({ issuer, clientId }: MachineClient): Promise<LinkedAccount[]> {
    return acrossTeams('sign-in', async () => {
      const rows = await this.database.rows(sql<AccountRow & { team_name: string; disabled: boolean }>`
        select ${accountColumns}, a.disabled, t.name as team_name,
          coalesce(a.last_used_at < ${usedLongAgo}, true) as used_long_ago
        from access.service_account a join access.team t on t.team_id = a.team_id
        where a.client_issuer = ${issuer} and a.client_id = ${clientId} and a.deleted_at is null
        order by t.created_at, t.team_id`);
      return rows.map((row) => ({
        account: row.disabled ? null : signedIn(row),
        teamId: row.team_id,
        teamName: row.team_name,
        isUseDue: row.used_long_ago,
      }));
    });
  }

  async noteUse({ teamId, id }: SignedInUser): Promise<void> {
    await acrossTeams('sign-in', () =>
      this.database.affected(sql`
        update access.service_account set last_used_at = now()
        where team_id = ${teamId} and id = ${id} and coalesce(last_used_at < ${usedLongAgo}, true)`),
    );
  }
}
