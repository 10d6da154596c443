import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Database } from '#platform/database/database';
import { isRecordedDatabase, recordDatabase } from '#platform/database/identity';
import { acrossTeams } from '#platform/database/scope';
import { type MarkedOrder, RestoredOrders } from '../../domain/restored-orders.js';
import type { AttemptLimits, WantedOrder } from '../../domain/vendor-orders.js';

/** Larger than the number of attempts in the lost history, so that a late answer to one of them matches no new attempt. */
const leap = 1_000_000;
/** How far the clock of the replica that took the request may have been ahead. */
const skew = sql`interval '15 minutes'`;

interface MarkedOrderRow {
  team_id: string;
  id: string;
  connection_id: string;
  reconcile_at: string | null;
}

@Injectable()
export class PostgresRestoredOrders extends RestoredOrders {
  constructor(private readonly database: Database) {
    super();
  }

  async isRecorded(): Promise<boolean> {
    const row = await this.database.first(sql<{ recorded: boolean }>`select ${isRecordedDatabase} as recorded`);
    return row?.recorded ?? false;
  }

  async lock(): Promise<void> {
    // Waits for transactions that are writing orders. Readers are not blocked.
    await this.database.rows(sql`lock table integrations.order in share row exclusive mode`);
  }

  markAllUnknown(
    wanted: readonly WantedOrder[],
    limits: AttemptLimits,
    firstReconciliationSeconds: number,
  ): Promise<MarkedOrder[]> {
    return acrossTeams('shared-account', async () => {
      await this.addMissing(wanted);
      return this.markPresentUnknown(limits, firstReconciliationSeconds);
    });
  }

  async record(): Promise<void> {
    await this.database.affected(recordDatabase);
  }

  private async markPresentUnknown(
    { timeoutMs, visibilityLagSeconds }: AttemptLimits,
    firstReconciliationSeconds: number,
  ): Promise<MarkedOrder[]> {
    // An order that was never sent would use the current connection to its vendor. Of several orders to one address of an account, only one
    // can be reconciled at a time.
    const rows = await this.database.rows(sql<MarkedOrderRow>`
      with unfinished as (
        select o.team_id, o.id, coalesce(c.id, o.connection_id) as connection_id,
               coalesce(c.account_key, o.account_key) as account_key, o.email_canonical,
               o.state in ('sending', 'in_doubt') as in_flight, o.created_at
        from integrations.order o
        left join integrations.connection placed on placed.team_id = o.team_id and placed.id = o.connection_id
        left join integrations.connection c
          on o.state = 'requested' and c.team_id = o.team_id and c.vendor = placed.vendor and c.current
        where o.state in ('requested', 'sending', 'in_doubt', 'needs_decision')),
      ranked as (
        select u.*, row_number() over (partition by account_key, email_canonical
                                       order by in_flight desc, created_at, id) = 1 as is_first
        from unfinished u)
      update integrations.order o
      set state = case when is_first then 'in_doubt' else 'needs_decision' end,
          connection_id = ranked.connection_id, account_key = ranked.account_key, attempt = o.attempt + ${leap},
          unknown_since = coalesce(o.unknown_since, o.created_at),
          visible_at = greatest(o.visible_at,
            now() + ${timeoutMs} * interval '1 millisecond' + ${visibilityLagSeconds} * interval '1 second'),
          reconciliations = 0, absences = 0, absent_at = null,
          reconcile_at = case when is_first then now() + ${firstReconciliationSeconds}::float8 * interval '1 second' end,
          waiting_for = null, message = null, due_at = null, in_line = false, nudges = 0, updated_at = now()
      from ranked where o.team_id = ranked.team_id and o.id = ranked.id
      returning o.team_id, o.id, o.connection_id, o.reconcile_at`);
    return rows.map((row) => ({
      teamId: row.team_id,
      id: row.id,
      connectionId: row.connection_id,
      reconcileAt: row.reconcile_at === null ? null : new Date(row.reconcile_at),
    }));
  }

  /** Adds orders as `PlaceOrder` does. Its job is still in the queue of the backup, and may have run in the lost history. */
  private async addMissing(wanted: readonly WantedOrder[]): Promise<void> {
    const rows = wanted.map(({ teamId, id, vendor, packageId, email, wantedSince }) => ({
      ...{ team_id: teamId, id, vendor, package_id: packageId, email, email_canonical: canonicalEmail(email) },
      created_at: wantedSince,
    }));
    await this.database.affected(sql`
      insert into integrations.order
        (team_id, id, connection_id, account_key, package_id, email, email_canonical, state, created_at)
      select w.team_id, w.id, c.id, c.account_key, w.package_id, w.email, w.email_canonical, 'requested', w.created_at - ${skew}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as w
        (team_id uuid, id uuid, vendor text, package_id text, email text, email_canonical text, created_at timestamptz)
      join integrations.connection c on c.team_id = w.team_id and c.vendor = w.vendor and c.current
      on conflict (team_id, id) do nothing`);
  }
}
