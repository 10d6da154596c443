import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Database, violatedConstraint } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import type { Connection } from '../../domain/connection.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
} from '../../domain/vendor-order.js';
import { type AttemptLimits, type ClaimAnswer, type MoveDetails, VendorOrders } from '../../domain/vendor-orders.js';
import { type OrderRow, provedAbsent, toOrder } from './vendor-order-row.js';

/** The guards of the moves, in the words of the row. */
const guards: Record<OrderGuard, RawBuilder<unknown>> = {
  wanted: sql`not never_again`,
  unwanted: sql`never_again`,
  proved_absent: provedAbsent,
  never_resent: sql`resends = 0`,
  settled: sql`settled_at < now()`,
};

/** The one condition under which a move happens. */
function mayMove(move: OrderMove): RawBuilder<unknown> {
  const { from, onlyIf = [] }: { from: readonly OrderState[]; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
  const conditions = [sql`state = any(${[...from]})`, ...onlyIf.map((guard) => guards[guard])];
  return sql.join(conditions, sql` and `);
}

/** What a move writes besides the state and what its caller says. */
const alsoWrites: Partial<Record<OrderMove, RawBuilder<unknown>>> = {
  // This attempt did not happen: only an earlier one keeps the order's window open.
  rearm: sql`, doubted_from = nullif(doubted_from, sending_since)`,
  resend: sql`, resends = resends + 1, resent_at = now()`,
  orderAnew: sql`, refused_cases = refused_cases || candidates`,
};

const inFlightIndex = 'vendor_order_in_flight';

@Injectable()
export class PostgresVendorOrders extends VendorOrders {
  constructor(private readonly database: Database) {
    super();
  }

  async addIfAbsent(
    order: { teamId: string; id: string; packageId: string; email: string; state?: 'withdrawn' },
    connection: Connection,
  ): Promise<boolean> {
    const added = await this.database.affected(sql`
      insert into integrations.vendor_order
        (team_id, id, connection_id, account_key, package_id, email, email_canonical, state)
      values (${order.teamId}, ${order.id}, ${connection.id}, ${connection.accountKey}, ${order.packageId},
              ${order.email}, ${canonicalEmail(order.email)}, ${order.state ?? 'requested'})
      on conflict (team_id, id) do nothing`);
    return added === 1;
  }

  async find(teamId: string, id: string): Promise<VendorOrder | null> {
    const row = await this.database.first(sql<OrderRow>`
      select * from integrations.vendor_order where team_id = ${teamId} and id = ${id}`);
    return row && toOrder(row);
  }

  async claim(
    teamId: string,
    id: string,
    connection: Connection,
    { timeoutMs, settleSeconds }: AttemptLimits,
  ): Promise<ClaimAnswer> {
    const { to } = orderMoves.claim;
    const deadline = sql`now() + ${timeoutMs} * interval '1 millisecond'`;
    try {
      const row = await this.database.first(sql<OrderRow>`
        update integrations.vendor_order
        set state = ${to}, attempt = attempt + 1, connection_id = ${connection.id}, account_key = ${connection.accountKey},
            sending_since = now(), deadline = ${deadline}, doubted_from = coalesce(doubted_from, now()),
            settled_at = ${deadline} + ${settleSeconds} * interval '1 second',
            looks = 0, look_at = null, absences = 0, absent_at = null,
            waiting_for = null, message = null, updated_at = now()
        where team_id = ${teamId} and id = ${id} and ${mayMove('claim')}
        returning *`);
      return row ? { kind: 'claimed', order: toOrder(row) } : { kind: 'not_claimable' };
    } catch (error) {
      if (violatedConstraint(error) === inFlightIndex) return { kind: 'address_busy' };
      throw error;
    }
  }

  async isAddressBusy(teamId: string, id: string, accountKey: string): Promise<boolean> {
    const row = await acrossTeams('vendor-account', () =>
      this.database.first(sql`
      select 1 from integrations.vendor_order mine
      join integrations.vendor_order other
        on other.account_key = ${accountKey} and other.email_canonical = mine.email_canonical
        and other.state in ('sending', 'in_doubt') and (other.team_id, other.id) <> (mine.team_id, mine.id)
      where mine.team_id = ${teamId} and mine.id = ${id}`),
    );
    return row !== null;
  }

  async move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, 'claim'>,
    attempt: number | null,
    { message = null, waitingFor = null, caseId, foundBy, candidates, lookAfterSeconds }: MoveDetails = {},
  ): Promise<boolean> {
    const { to } = orderMoves[move];
    const moved = await this.database.affected(sql`
      update integrations.vendor_order
      set state = ${to}, message = ${message}, waiting_for = ${waitingFor}, updated_at = now(),
          case_id = coalesce(${caseId ?? null}, case_id), found_by = coalesce(${foundBy ?? null}, found_by),
          candidates = coalesce(${candidates ?? null}::text[], candidates),
          look_at = now() + ${lookAfterSeconds ?? null}::float8 * interval '1 second'
          ${alsoWrites[move] ?? sql``}
      where team_id = ${teamId} and id = ${id} and ${mayMove(move)}
        and (${attempt}::int is null or attempt = ${attempt}::int)`);
    return moved === 1;
  }

  async isOverdue(teamId: string, id: string): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from integrations.vendor_order
      where team_id = ${teamId} and id = ${id} and state = 'sending' and deadline < now()`);
    return row !== null;
  }

  async settlesInSeconds(teamId: string, id: string): Promise<number> {
    const row = await this.database.first(sql<{ seconds: number }>`
      select greatest(0, coalesce(extract(epoch from settled_at - now()), 0))::float8 as seconds
      from integrations.vendor_order where team_id = ${teamId} and id = ${id}`);
    return row?.seconds ?? 0;
  }

  async setWaiting(teamId: string, id: string, waitingFor: 'connection_attention' | null): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_order set waiting_for = ${waitingFor}, updated_at = now()
      where team_id = ${teamId} and id = ${id} and state = 'requested'`);
  }

  async markUnwanted(teamId: string, id: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_order set never_again = true, updated_at = now()
      where team_id = ${teamId} and id = ${id} and state in ('requested', 'sending', 'in_doubt', 'needs_decision')`);
  }

  async markUnwantedUnderWay(teamId: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_order set never_again = true, updated_at = now()
      where team_id = ${teamId} and id in (
        select id from integrations.vendor_order
        where team_id = ${teamId} and state in ('sending', 'in_doubt') and not never_again
        order by id for update)`);
  }

  async requestedOf(teamId: string): Promise<VendorOrder[]> {
    const rows = await this.database.rows(sql<OrderRow>`
      select * from integrations.vendor_order where team_id = ${teamId} and state = 'requested' order by created_at, id`);
    return rows.map(toOrder);
  }
}
