import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { ErasedCases } from '../../domain/erased-cases.js';
import { clockSkewMs } from '../../domain/order-match.js';
import { type SentinelCase, type Reconciliation, UnknownOutcomes } from '../../domain/unknown-outcomes.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { type OrderRow, provedAbsent, toOrder } from './vendor-order-row.js';

/** The same skew as in `windowOf`. */
const clockSkew = sql`interval '${sql.raw(String(clockSkewMs))} milliseconds'`;

/** How many seconds early an order may be reconciled to share a list with one that is due: a tenth of the first wait. */
const slack = (waits: readonly number[]): number => (waits[0] ?? 0) / 10;

interface ReconciliationRow extends OrderRow {
  taken_at: string;
}

const toReconciliation = (rows: ReconciliationRow[]): Reconciliation => ({
  at: new Date(rows[0]?.taken_at ?? Number.NaN),
  orders: rows.map(toOrder),
});

@Injectable()
export class PostgresUnknownOutcomes extends UnknownOutcomes {
  constructor(
    private readonly database: Database,
    private readonly erasedCases: ErasedCases,
  ) {
    super();
  }

  async takeDue(teamId: string, connectionId: string, waits: readonly number[]): Promise<Reconciliation> {
    const rows = await this.database.rows(sql<ReconciliationRow>`
      update integrations.order
      set reconciliations = reconciliations + 1, nudges = 0, updated_at = now(),
          reconcile_at = now() + (${[...waits]}::float8[])[least(reconciliations + 2, ${waits.length})] * interval '1 second'
      where team_id = ${teamId} and id in (
        select id from integrations.order
        where team_id = ${teamId} and connection_id = ${connectionId} and state = 'in_doubt'
          and reconcile_at <= now() + ${slack(waits)} * interval '1 second'
        order by id for update)
      returning *, now()::timestamptz(3) as taken_at`);
    return toReconciliation(rows);
  }

  async takeOne(teamId: string, orderId: string): Promise<Reconciliation> {
    const rows = await this.database.rows(sql<ReconciliationRow>`
      select *, now()::timestamptz(3) as taken_at from integrations.order
      where team_id = ${teamId} and id = ${orderId} and state = 'in_doubt'`);
    return toReconciliation(rows);
  }

  async ofConnection(teamId: string, connectionId: string): Promise<VendorOrder[]> {
    const rows = await this.database.rows(sql<OrderRow>`
      select * from integrations.order
      where team_id = ${teamId} and connection_id = ${connectionId} and state = 'in_doubt'`);
    return rows.map(toOrder);
  }

  async noteAbsence({ teamId, id, attempt }: VendorOrder, at: Date): Promise<{ proved: boolean } | null> {
    return this.database.first(sql<{ proved: boolean }>`
      update integrations.order set absences = absences + 1, absent_at = ${at}, updated_at = now()
      where team_id = ${teamId} and id = ${id} and attempt = ${attempt} and state = 'in_doubt'
      returning ${provedAbsent} as proved`);
  }

  async resendAllowedInSeconds({ teamId, id }: VendorOrder, perHour: number): Promise<number> {
    const account = await this.database.first(sql<{ account_key: string }>`
      select account_key from integrations.order where team_id = ${teamId} and id = ${id}`);
    if (!account) return 0;
    await this.database.rows(sql`
      select pg_advisory_xact_lock(hashtextextended(${`resends/${account.account_key}`}, 0))`);
    // The oldest of the last `perHour` resends. There is room once it is an hour old.
    const inTheWay = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ seconds: number }>`
      select extract(epoch from resent_at + interval '1 hour' - now())::float8 as seconds from integrations.order
      where account_key = ${account.account_key} and resent_at > now() - interval '1 hour'
      order by resent_at desc offset ${perHour - 1} limit 1`),
    );
    return Math.max(0, inTheWay?.seconds ?? 0);
  }

  async postponeResend({ teamId, id, attempt }: VendorOrder, inSeconds: number): Promise<void> {
    await this.database.affected(sql`
      update integrations.order
      set waiting_for = 'resends_of_the_hour', reconciliations = 0, nudges = 0, updated_at = now(),
          reconcile_at = now() + ${inSeconds}::float8 * interval '1 second'
      where team_id = ${teamId} and id = ${id} and attempt = ${attempt} and state = 'in_doubt'`);
  }

  async hasRival({ teamId, id, email, unknownSince, visibleAt }: VendorOrder): Promise<boolean> {
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql`
      select 1 from integrations.order mine
      join integrations.order other
        on split_part(other.account_key, '#', 1) = split_part(mine.account_key, '#', 1)
        and other.email_canonical = ${canonicalEmail(email)}
        and other.state in ('sending', 'in_doubt', 'needs_decision') and (other.team_id, other.id) <> (mine.team_id, mine.id)
        and other.unknown_since - ${clockSkew} <= ${visibleAt}
        and other.visible_at >= ${unknownSince}::timestamptz - ${clockSkew}
      where mine.team_id = ${teamId} and mine.id = ${id}`),
    );
    return row !== null;
  }

  async unlinked(host: string, caseIds: readonly string[]): Promise<string[]> {
    const rows = await acrossTeams('shared-account', () =>
      this.database.rows(sql<{ id: string }>`
      select id from unnest(${[...caseIds]}::text[]) as given (id)
      where not exists (select 1 from integrations.case_directory d where d.host = ${host} and d.case_id = given.id)`),
    );
    return this.erasedCases.without(
      host,
      rows.map(({ id }) => id),
    );
  }

  async sentinelCase(teamId: string, connectionId: string): Promise<SentinelCase | null> {
    const row = await this.database.first(sql<{ case_id: string; unknown_since: string; visible_at: string }>`
      select case_id, unknown_since - ${clockSkew} as unknown_since, visible_at from integrations.order
      where team_id = ${teamId} and connection_id = ${connectionId} and state = 'ordered'
        and case_id is not null and unknown_since is not null and visible_at < now()
      order by visible_at desc limit 1`);
    return row && { caseId: row.case_id, from: new Date(row.unknown_since), to: new Date(row.visible_at) };
  }

  async unmatchedCases({ teamId, connectionId, unknownSince }: VendorOrder): Promise<string[]> {
    const rows = await this.database.rows(sql<{ fingerprint: string }>`
      select fingerprint from integrations.unmatched_case
      where team_id = ${teamId} and connection_id = ${connectionId} and fingerprint is not null
        and received_at >= ${unknownSince}::timestamptz - ${clockSkew}`);
    return rows.map((row) => row.fingerprint);
  }
}
