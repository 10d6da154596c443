import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Ids } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { teamsIn } from '#platform/database/teams-in';
import { Notifications } from '#platform/events/notifications';
import { abandonedError, type AttemptOutcome } from '../../domain/attempt-outcome.js';
import { type Busy, type Claim, Deliveries, type DueStream } from '../../domain/deliveries.js';
import { gapAfter } from '../../domain/retry-schedule.js';
import type { WebhookEvent } from '../../domain/webhook-events.js';
import { WebhookEndpointsSettings } from '../../settings.js';

/** Wakes the senders of all replicas. */
export const deliveriesChannel = 'webhook_deliveries';

/** A sender that lives ends its attempt long before: the time limit of a call, and what is written around it. */
const leaseMargin = 10_000;

type ClaimedRow = Omit<Claim, 'at'> & { at: Date | string };

const sameStream = (one: string, other: string): RawBuilder<boolean> => {
  const column = (table: string, name: string) => sql.ref(`${table}.${name}`);
  return sql<boolean>`
    ${column(one, 'team_id')} = ${column(other, 'team_id')} and ${column(one, 'endpoint_id')} = ${column(other, 'endpoint_id')}
    and ${column(one, 'subject')} = ${column(other, 'subject')}`;
};

/** A newer event of the same type waits in the same stream. */
const isOvertaken = sql`exists (
  select from webhook_endpoints.delivery n
  where ${sameStream('n', 'd')} and n.state = 'waiting' and n.type = d.type and n.position > d.position)`;

@Injectable()
export class PostgresDeliveries extends Deliveries {
  constructor(
    private readonly database: Database,
    private readonly notifications: Notifications,
    private readonly settings: WebhookEndpointsSettings,
    private readonly ids: Ids,
  ) {
    super();
  }

  async add(event: WebhookEvent, endpointIds: readonly Id[]): Promise<void> {
    await this.insert([...endpointIds].sort().map((endpointId) => ({ ...event, endpointId })));
  }

  async addAll(events: readonly WebhookEvent[], endpointId: Id): Promise<void> {
    await this.insert(events.map((event) => ({ ...event, endpointId })));
  }

  /** The row of a stream is locked before a delivery gets its position, so positions grow in the order of the commits. */
  private async insert(deliveries: (WebhookEvent & { endpointId: Id })[]): Promise<void> {
    if (deliveries.length === 0) return;
    const rows = JSON.stringify(deliveries.map((one, nth) => ({ ...one, nth })));
    const given = sql`
      jsonb_to_recordset(${rows}::jsonb) as g("teamId" uuid, "endpointId" uuid, id uuid, type text, subject text, nth int)`;
    // A stream whose waiting events are all of this type has nothing to wait for: they are overtaken.
    await this.database.affected(sql`
      insert into webhook_endpoints.stream as s (team_id, endpoint_id, subject, due_at)
      select distinct g."teamId", g."endpointId", g.subject, now() from ${given} order by 1, 2, 3
      on conflict (team_id, endpoint_id, subject) do update
        set due_at = case when exists (
          select from webhook_endpoints.delivery d
          where ${sameStream('d', 's')} and d.state = 'waiting'
            and d.type <> all(${deliveries.map(({ type }) => type)}::text[])) then s.due_at else now() end`);
    await this.database.affected(sql`
      insert into webhook_endpoints.delivery (team_id, endpoint_id, event_id, subject, type, at)
      select g."teamId", g."endpointId", g.id, g.subject, g.type, e.at
      from ${given} join webhook_endpoints.event e on e.team_id = g."teamId" and e.id = g.id order by g.nth`);
    await this.notifications.notify(deliveriesChannel, '');
  }

  async waiting(teamId: string, endpointId: Id, most: number): Promise<number> {
    const row = await this.database.first(sql<{ waiting: number }>`
      select count(*)::int as waiting from (
        select 1 from webhook_endpoints.delivery
        where team_id = ${teamId} and endpoint_id = ${endpointId} and state = 'waiting' limit ${most}) found`);
    return row?.waiting ?? 0;
  }

  async due(limit: number, perEndpoint: number, { teamIds, endpointIds }: Busy): Promise<DueStream[]> {
    return this.database.rows(sql<DueStream>`
      select e.team_id as "teamId", e.id as "endpointId", s.subject, e.failing_since is not null as "isFailing"
      from ${teamsIn(sql`webhook_endpoints.stream`)} team
      join webhook_endpoints.endpoint e on e.team_id = team.id and e.disabled_at is null and e.deleted_at is null
      cross join lateral (
        select s.subject, s.due_at from webhook_endpoints.stream s
        where s.team_id = e.team_id and s.endpoint_id = e.id and s.due_at <= now()
          and (s.leased_until is null or s.leased_until < now())
        order by s.due_at limit ${perEndpoint}) s
      where e.team_id <> all(${[...teamIds]}::uuid[]) and e.id <> all(${[...endpointIds]}::uuid[])
      order by s.due_at limit ${limit}`);
  }

  async claim(streams: readonly DueStream[]): Promise<Claim[]> {
    const taken = await this.lease(streams);
    if (taken.length === 0) return [];
    const leases = sql`
      jsonb_to_recordset(${JSON.stringify(taken)}::jsonb) as l(team_id uuid, endpoint_id uuid, subject text, lease uuid, former uuid)`;
    await this.database.affected(sql`
      update webhook_endpoints.attempt a set status = 'failed', error = ${abandonedError}
      from ${leases} where a.team_id = l.team_id and a.id = l.former and a.status = 'pending'`);
    await this.database.affected(sql`
      update webhook_endpoints.delivery d set state = 'overtaken'
      from ${leases} where ${sameStream('d', 'l')} and d.state = 'waiting' and ${isOvertaken}`);
    const claims = await this.database.rows(sql<ClaimedRow>`
      select distinct on (d.team_id, d.endpoint_id, d.subject) d.team_id as "teamId", d.endpoint_id as "endpointId", d.subject,
        l.lease as "attemptId", d.position::text as position, d.event_id as "eventId", d.type, d.at
      from ${leases} join webhook_endpoints.delivery d on ${sameStream('d', 'l')} and d.state = 'waiting'
      order by d.team_id, d.endpoint_id, d.subject, d.position`);
    await this.database.affected(sql`
      insert into webhook_endpoints.attempt (team_id, endpoint_id, id, event_id, type)
      select c."teamId", c."endpointId", c."attemptId", c."eventId", c.type
      from jsonb_to_recordset(${JSON.stringify(claims)}::jsonb)
           as c("teamId" uuid, "endpointId" uuid, "attemptId" uuid, "eventId" uuid, type text)`);
    // What waited there was deleted for its age.
    await this.database.affected(sql`
      delete from webhook_endpoints.stream s using ${leases}
      where ${sameStream('s', 'l')} and not exists (
        select from webhook_endpoints.delivery d where ${sameStream('d', 's')} and d.state = 'waiting')`);
    return claims.map((claim) => ({ ...claim, at: new Date(claim.at) }));
  }

  /** `former`: the lease of a process that did not end its attempt. */
  private async lease(streams: readonly DueStream[]): Promise<object[]> {
    const wanted = JSON.stringify(streams.map((stream) => ({ ...stream, lease: this.ids.next() })));
    return this.database.rows(sql<object>`
      with free as (
        select s.team_id, s.endpoint_id, s.subject, s.lease as former, w.lease
        from jsonb_to_recordset(${wanted}::jsonb) as w("teamId" uuid, "endpointId" uuid, subject text, lease uuid)
        join webhook_endpoints.stream s on s.team_id = w."teamId" and s.endpoint_id = w."endpointId" and s.subject = w.subject
        where s.due_at <= now() and (s.leased_until is null or s.leased_until < now())
        for update of s skip locked)
      update webhook_endpoints.stream s
      set lease = free.lease, leased_until = now() + ${this.settings.timeoutMs + leaseMargin} * interval '1 millisecond'
      from free where ${sameStream('s', 'free')}
      returning s.team_id, s.endpoint_id, s.subject, s.lease, free.former`);
  }

  async finish(claim: Claim, outcome: AttemptOutcome, chance: number): Promise<void> {
    const { teamId, endpointId, subject, attemptId, position } = claim;
    const ofStream = sql`team_id = ${teamId} and endpoint_id = ${endpointId} and subject = ${subject}`;
    const held = await this.database.first(sql`
      select 1 from webhook_endpoints.stream where ${ofStream} and lease = ${attemptId} for update`);
    const next = held ? await this.settle(claim, outcome, chance) : null;
    await this.database.affected(sql`
      update webhook_endpoints.attempt
      set status = ${outcome.succeeded ? 'succeeded' : 'failed'}, http_status = ${outcome.httpStatus},
          duration_ms = ${outcome.durationMs}, error = ${outcome.error},
          next_try_at = now() + ${outcome.gone ? null : next}::double precision * interval '1 second'
      where team_id = ${teamId} and id = ${attemptId}`);
    if (!held) return;
    await this.database.affected(sql`
      update webhook_endpoints.stream s set lease = null, leased_until = null, due_at = case
        when exists (select from webhook_endpoints.delivery d where ${sameStream('d', 's')} and d.state = 'waiting'
                     and d.position = ${position}::bigint)
        then now() + ${next ?? 0}::double precision * interval '1 second' else now() end
      where ${ofStream}`);
    await this.database.affected(sql`
      delete from webhook_endpoints.stream s where ${ofStream} and not exists (
        select from webhook_endpoints.delivery d where ${sameStream('d', 's')} and d.state = 'waiting')`);
  }

  /** What becomes of the delivery. Returns the seconds until it is tried again; null: it is not. */
  private async settle(claim: Claim, { succeeded }: AttemptOutcome, chance: number): Promise<number | null> {
    const { teamId, endpointId, position } = claim;
    const row = await this.database.first(sql<{ state: string; tries: number }>`
      update webhook_endpoints.delivery d
      set tries = tries + 1, state = case when ${succeeded}::boolean then 'succeeded' when ${isOvertaken} then 'overtaken' else state end
      where team_id = ${teamId} and endpoint_id = ${endpointId} and position = ${position}::bigint returning state, tries`);
    if (!row || row.state !== 'waiting') return null;
    const gap = gapAfter(row.tries, chance);
    if (gap !== null) return gap;
    await this.database.affected(sql`
      update webhook_endpoints.delivery set state = 'failed'
      where team_id = ${teamId} and endpoint_id = ${endpointId} and position = ${position}::bigint`);
    return null;
  }
}
