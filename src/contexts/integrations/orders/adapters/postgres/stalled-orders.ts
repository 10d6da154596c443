import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { StalledWork, stalled } from '#platform/stalled-work/stalled-work';
import { OrderDue, OrderToErase, OrderToReconcile } from '../../domain/events.js';

interface Found {
  team_id: string;
  id: string;
}

const atOnce = 200;

/** Overdue by that many seconds. The time doubles with each job that the order was already given. */
const late = (due: RawBuilder<unknown>, seconds: number): RawBuilder<unknown> =>
  sql`${due} < now() - ${seconds} * power(2, least(nudges, 9)) * interval '1 second'`;

const nudged = (condition: RawBuilder<unknown>): RawBuilder<Found & { connection_id: string }> => sql`
  update integrations.order set nudges = nudges + 1
  where (team_id, id) in (
    select o.team_id, o.id from integrations.order o where ${condition} order by o.team_id, o.id limit ${atOnce}
    for update skip locked)
  returning team_id, id, connection_id`;

/** The current connection to its vendor requires action. Its waiting orders deliberately have no job until an admin fixes the connection. */
const isHeld = sql`(o.waiting_for is not null and exists (
  select 1 from integrations.connection placed
  join integrations.connection c on c.team_id = placed.team_id and c.vendor = placed.vendor and c.current
  where placed.team_id = o.team_id and placed.id = o.connection_id and c.attention is not null and c.disabled_at is null))`;

/** Orders that are due for work and seem to have no job. The `kind` of each names recurring work in stored rows and metrics. */
@Injectable()
export class StalledOrders extends StalledWork {
  readonly kinds = [
    stalled<Found>({
      kind: 'orders to send',
      take: nudged(
        sql`o.state = 'requested' and ${late(sql`coalesce(o.due_at, o.updated_at)`, 120)} and not ${isHeld}`,
      ),
      event: ({ team_id, id }) => new OrderDue(team_id, id),
    }),
    stalled<Found>({
      // The attempt's deadline is over. Its worker would have recorded the outcome by now.
      kind: 'orders whose attempt was abandoned',
      take: nudged(sql`o.state = 'sending' and ${late(sql`o.deadline`, 10)}`),
      event: ({ team_id, id }) => new OrderDue(team_id, id),
    }),
    stalled<Found>({
      kind: 'orders to look for',
      // One reconciliation takes all due orders of a connection, so one event per connection is enough.
      take: sql`with found as (${nudged(sql`o.state = 'in_doubt' and ${late(sql`coalesce(o.reconcile_at, o.updated_at)`, 60)}`)})
        select distinct on (team_id, connection_id) team_id, id from found`,
      event: ({ team_id, id }) => new OrderToReconcile(team_id, id),
    }),
    stalled<Found>({
      kind: 'orders to erase',
      take: nudged(sql`${late(sql`o.erase_due_at`, 120)}`),
      event: ({ team_id, id }) => new OrderToErase(team_id, id),
    }),
  ];
}
