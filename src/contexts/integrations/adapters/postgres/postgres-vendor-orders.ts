import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Database } from '#platform/database/database';

import type { Connection } from '../../domain/connection.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
} from '../../domain/vendor-order.js';
import { type ClaimAnswer, type MoveDetails, VendorOrders } from '../../domain/vendor-orders.js';

interface OrderRow {
  team_id: string;
  id: string;
  connection_id: string;
  package_id: string;
  email: string;
  state: OrderState;
  attempt: number;
  deadline: string | null;
  message: string | null;
  waiting_for: 'connection_attention' | null;
  case_id: string | null;
  never_again: boolean;
  doubted_from: string | null;
  settled_at: string | null;
  looks: number;
  candidates: string[];
}

const maybeDate = (time: string | null): Date | null => (time === null ? null : new Date(time));

const toOrder = (row: OrderRow): VendorOrder => ({
  teamId: row.team_id,
  id: row.id,
  connectionId: row.connection_id,
  packageId: row.package_id,
  email: row.email,
  state: row.state,
  attempt: row.attempt,
  deadline: maybeDate(row.deadline),
  message: row.message,
  waitingFor: row.waiting_for,
  caseId: row.case_id,
  neverAgain: row.never_again,
  doubtedFrom: maybeDate(row.doubted_from),
  settledAt: maybeDate(row.settled_at),
  looks: row.looks,
  candidates: row.candidates,
});

/** The guards of the moves, in the words of the row. */
const guards: Record<OrderGuard, RawBuilder<unknown>> = {
  wanted: sql`not never_again`,
  unwanted: sql`never_again`,
  proved_absent: sql`absences >= 2 and absent_at > settled_at`,
  never_resent: sql`resends = 0`,
};

/** The one condition under which a move happens. */
function mayMove(move: OrderMove): RawBuilder<unknown> {
  const { from, onlyIf = [] }: { from: readonly OrderState[]; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
  const conditions = [sql`state = any(${[...from]})`, ...onlyIf.map((guard) => guards[guard])];
  return sql.join(conditions, sql` and `);
}

const inFlightIndex = 'vendor_order_in_flight';

function isAddressBusy(error: unknown): boolean {
  for (let e = error; e instanceof Error; e = e.cause) {
    if ((e as { constraint?: string }).constraint === inFlightIndex || e.message.includes(inFlightIndex)) return true;
  }
  return false;
}

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

  async claim(teamId: string, id: string, connection: Connection, timeoutMs: number): Promise<ClaimAnswer> {
    const { to } = orderMoves.claim;
    try {
      const row = await this.database.first(sql<OrderRow>`
        update integrations.vendor_order
        set state = ${to}, attempt = attempt + 1, connection_id = ${connection.id}, account_key = ${connection.accountKey},
            sending_since = now(), deadline = now() + ${timeoutMs} * interval '1 millisecond',
            waiting_for = null, message = null, updated_at = now()
        where team_id = ${teamId} and id = ${id} and ${mayMove('claim')}
        returning *`);
      return row ? { kind: 'claimed', order: toOrder(row) } : { kind: 'not_claimable' };
    } catch (error) {
      if (isAddressBusy(error)) return { kind: 'address_busy' };
      throw error;
    }
  }

  async move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, 'claim'>,
    attempt: number | null,
    details: MoveDetails = {},
  ): Promise<boolean> {
    const { to } = orderMoves[move];
    const moved = await this.database.affected(sql`
      update integrations.vendor_order
      set state = ${to}, message = ${details.message ?? null}, waiting_for = ${details.waitingFor ?? null},
          case_id = coalesce(${details.caseId ?? null}, case_id), updated_at = now()
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

  async setWaiting(teamId: string, id: string, waitingFor: 'connection_attention' | null): Promise<void> {
    await this.database.affected(sql`
      update integrations.vendor_order set waiting_for = ${waitingFor}, updated_at = now()
      where team_id = ${teamId} and id = ${id} and state = 'requested'`);
  }

  async requestedOf(teamId: string): Promise<VendorOrder[]> {
    const rows = await this.database.rows(sql<OrderRow>`
      select * from integrations.vendor_order where team_id = ${teamId} and state = 'requested' order by created_at, id`);
    return rows.map(toOrder);
  }
}
