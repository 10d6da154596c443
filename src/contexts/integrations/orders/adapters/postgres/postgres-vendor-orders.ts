import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { canonicalEmail } from '#kernel/email';
import { Database, violatedConstraint } from '#platform/database/database';
import { isRecordedDatabase } from '#platform/database/identity';
import { acrossTeams } from '#platform/database/scope';
import type { Connection } from '../../../connections/domain/connection.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  type VendorOrder,
  type WaitingFor,
} from '../../domain/vendor-order.js';
import {
  type AttemptLimits,
  type ClaimAnswer,
  type ClaimMove,
  type MoveDetails,
  type Turn,
  VendorOrders,
} from '../../domain/vendor-orders.js';
import { type OrderRow, provedAbsent, toOrder } from './vendor-order-row.js';

/** The guards of the moves as SQL conditions on the order's row. */
const guards: Record<OrderGuard, RawBuilder<unknown>> = {
  wanted: sql`not do_not_send`,
  unwanted: sql`do_not_send`,
  proved_absent: provedAbsent,
  never_resent: sql`resends = 0`,
  visible: sql`visible_at < now()`,
};

/** The complete condition under which a move happens. */
function mayMove(move: OrderMove): RawBuilder<unknown> {
  const { from, onlyIf = [] }: { from: readonly OrderState[]; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
  const conditions = [sql`state = any(${[...from]})`, ...onlyIf.map((guard) => guards[guard])];
  return sql.join(conditions, sql` and `);
}

/** What a move writes besides the state and the caller's details. */
const alsoWrites: Partial<Record<OrderMove, RawBuilder<unknown>>> = {
  // This attempt did not happen, so it opens no window. The window of an earlier attempt stays open.
  returnToRequested: sql`, unknown_since = nullif(unknown_since, sending_since)`,
  resend: sql`, resends = resends + 1, resent_at = now()`,
  sendAgain: sql`, refused_cases = refused_cases || candidates`,
};

const inFlightIndex = 'vendor_order_in_flight';

/** Shortest and longest wait, in seconds, for an address while another order to it is in flight or is being reconciled. */
const busySeconds = 5;
const busyReconciliationSeconds = 60;
/** A turn that is planned for a later time than this already has a job. */
const sooner = sql`interval '1 second'`;
/** Jitter: spreads waits that would otherwise end at the same time. */
const unevenly = sql`(1 + random() / 10)`;
/**
 * Orders of the account that were requested before `mine` and wait in line for the account. A resend holds no other order
 * back.
 */
const inLineBefore = (accountKey: string): RawBuilder<unknown> => sql`
  integrations.order ahead
  where ahead.account_key = ${accountKey} and ahead.state = 'requested' and ahead.in_line and ahead.unknown_since is null
    and (ahead.created_at, ahead.id) < (mine.created_at, mine.id)`;

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
      insert into integrations.order
        (team_id, id, connection_id, account_key, package_id, email, email_canonical, state, due_at)
      values (${order.teamId}, ${order.id}, ${connection.id}, ${connection.accountKey}, ${order.packageId},
              ${order.email}, ${canonicalEmail(order.email)}, ${order.state ?? 'requested'}, now())
      on conflict (team_id, id) do nothing`);
    return added === 1;
  }

  async find(teamId: string, id: string): Promise<VendorOrder | null> {
    const row = await this.database.first(sql<OrderRow>`
      select * from integrations.order where team_id = ${teamId} and id = ${id}`);
    return row && toOrder(row);
  }

  async claim(
    teamId: string,
    id: string,
    connection: Connection,
    { timeoutMs, visibilityLagSeconds }: AttemptLimits,
    move: ClaimMove = 'claim',
  ): Promise<ClaimAnswer> {
    const { to } = orderMoves[move];
    const deadline = sql`now() + ${timeoutMs} * interval '1 millisecond'`;
    try {
      // One statement: with two, the database could be replaced between the check of its identity and the claim.
      const row = await this.database.first(sql<Omit<OrderRow, 'id'> & { id: string | null; recorded: boolean }>`
        with present as materialized (select ${isRecordedDatabase} as recorded),
        claimed as (
          update integrations.order
          set state = ${to}, attempt = attempt + 1, connection_id = ${connection.id}, account_key = ${connection.accountKey},
              sending_since = now(), deadline = ${deadline}, unknown_since = coalesce(unknown_since, now()),
              visible_at = ${deadline} + ${visibilityLagSeconds} * interval '1 second',
              reconciliations = 0, reconcile_at = null, absences = 0, absent_at = null,
              waiting_for = null, message = null, due_at = null, in_line = false, nudges = 0, updated_at = now()
          where team_id = ${teamId} and id = ${id} and ${mayMove(move)} and (select recorded from present)
          returning *)
        select claimed.*, present.recorded from present left join claimed on true`);
      if (!row?.recorded) return { kind: 'restored' };
      const { id: claimed } = row;
      return claimed === null
        ? { kind: 'not_claimable' }
        : { kind: 'claimed', order: toOrder({ ...row, id: claimed }) };
    } catch (error) {
      if (violatedConstraint(error) === inFlightIndex) return { kind: 'address_busy' };
      throw error;
    }
  }

  async addressIsBusyFor(teamId: string, id: string, accountKey: string): Promise<number | null> {
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ seconds: number }>`
      select least(${busyReconciliationSeconds}, greatest(${busySeconds},
               coalesce(extract(epoch from other.reconcile_at - now()), 0)))::float8 as seconds
      from integrations.order mine
      join integrations.order other
        on other.account_key = ${accountKey} and other.email_canonical = mine.email_canonical
        and other.state in ('sending', 'in_doubt') and (other.team_id, other.id) <> (mine.team_id, mine.id)
      where mine.team_id = ${teamId} and mine.id = ${id}`),
    );
    return row && row.seconds;
  }

  async move(
    teamId: string,
    id: string,
    move: Exclude<OrderMove, ClaimMove>,
    attempt: number | null,
    { message = null, waitingFor = null, caseId, foundBy, candidates, reconcileAfterSeconds }: MoveDetails = {},
  ): Promise<boolean> {
    const { to } = orderMoves[move];
    const moved = await this.database.affected(sql`
      update integrations.order
      set state = ${to}, message = ${message}, waiting_for = ${waitingFor}, updated_at = now(),
          case_id = coalesce(${caseId ?? null}, case_id), found_by = coalesce(${foundBy ?? null}, found_by),
          candidates = coalesce(${candidates ?? null}::text[], candidates),
          reconcile_at = now() + ${reconcileAfterSeconds ?? null}::float8 * interval '1 second', in_line = false, nudges = 0,
          due_at = ${to === 'requested' ? sql`now()` : null}
          ${alsoWrites[move] ?? sql``}
      where team_id = ${teamId} and id = ${id} and ${mayMove(move)}
        and (${attempt}::int is null or attempt = ${attempt}::int)`);
    return moved === 1;
  }

  async isOverdue(teamId: string, id: string): Promise<boolean> {
    const row = await this.database.first(sql`
      select 1 from integrations.order
      where team_id = ${teamId} and id = ${id} and state = 'sending' and deadline < now()`);
    return row !== null;
  }

  async visibleInSeconds(teamId: string, id: string): Promise<number> {
    const row = await this.database.first(sql<{ seconds: number }>`
      select greatest(0, coalesce(extract(epoch from visible_at - now()), 0))::float8 as seconds
      from integrations.order where team_id = ${teamId} and id = ${id}`);
    return row?.seconds ?? 0;
  }

  async setWaiting(teamId: string, id: string, waitingFor: WaitingFor | null): Promise<void> {
    await this.database.affected(sql`
      update integrations.order set waiting_for = ${waitingFor}, in_line = false, nudges = 0, updated_at = now()
      where team_id = ${teamId} and id = ${id} and state = 'requested'`);
  }

  async markDoNotSend(teamId: string, id: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.order set do_not_send = true, updated_at = now()
      where team_id = ${teamId} and id = ${id} and state in ('requested', 'sending', 'in_doubt', 'needs_decision')`);
  }

  async markAllDoNotSend(teamId: string, vendor: string): Promise<void> {
    await this.database.affected(sql`
      update integrations.order set do_not_send = true, updated_at = now()
      where team_id = ${teamId} and id in (
        select id from integrations.order
        where team_id = ${teamId} and state in ('sending', 'in_doubt') and not do_not_send and connection_id in (
          select id from integrations.connection where team_id = ${teamId} and vendor = ${vendor})
        order by id for update)`);
  }

  async planTurn(teamId: string, id: string, { inSeconds, line }: Turn): Promise<number | null> {
    const after = sql`now() + ${inSeconds}::float8 * ${unevenly} * interval '1 second'`;
    const place = line
      ? sql`greatest(${after}, (select max(ahead.due_at) from ${inLineBefore(line.accountKey)})
          + ${line.gapSeconds}::float8 * (0.5 + random()) * interval '1 second')`
      : after;
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ seconds: number }>`
      update integrations.order mine
      set due_at = ${place}, in_line = ${line !== undefined}, nudges = 0, updated_at = now(),
          account_key = coalesce(${line?.accountKey ?? null}, account_key)
      where team_id = ${teamId} and id = ${id} and state = 'requested' and coalesce(due_at, '-infinity') <= now() + ${sooner}
      returning extract(epoch from due_at - now())::float8 as seconds`),
    );
    return row && row.seconds;
  }

  async isBehindOthers(teamId: string, id: string, accountKey: string): Promise<boolean> {
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql`
      select 1 from integrations.order mine
      where team_id = ${teamId} and id = ${id} and unknown_since is null
        and exists (select 1 from ${inLineBefore(accountKey)} and ahead.due_at > now())`),
    );
    return row !== null;
  }

  async requestedOf(teamId: string): Promise<VendorOrder[]> {
    const rows = await this.database.rows(sql<OrderRow>`
      select * from integrations.order where team_id = ${teamId} and state = 'requested' order by created_at, id`);
    return rows.map(toOrder);
  }
}
