import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';
import { Vendors } from '../../../gateway/domain/vendors.js';
import type { Connection } from '../../../connections/domain/connection.js';
import {
  kindsFor,
  type NextStep,
  type ScheduledTask,
  type ScheduledTaskKind,
  scheduledTaskKinds,
  ScheduledTasks,
  startingInterval,
} from '../../domain/scheduled-tasks.js';
import { IntegrationsSettings } from '../../../settings.js';

interface ScheduledTaskRow {
  team_id: string;
  connection_id: string;
  kind: ScheduledTaskKind;
  interval_seconds: number;
  progress: Record<string, unknown>;
  was_due: Date | null;
}

/** The column keeps milliseconds. Rounded up, the task would be due a moment later. */
const dueNow = sql`date_trunc('milliseconds', now())`;

/** After this time a step that planned no next one is taken again: its worker died. */
const leaseSeconds = 300;

/** Another release may have kinds that this one does not know. */
const isKnown = sql`kind = any(${[...scheduledTaskKinds]}::text[])`;

@Injectable()
export class PostgresScheduledTasks extends ScheduledTasks {
  constructor(
    private readonly database: Database,
    private readonly settings: IntegrationsSettings,
    private readonly vendors: Vendors,
  ) {
    super();
  }

  async ensure(teamId: string | null = null): Promise<void> {
    const { sweepSeconds } = this.settings;
    const kinds = this.vendors.all.flatMap(({ id: vendor, capabilities, limits }) =>
      kindsFor(capabilities).map((kind) => ({
        vendor,
        kind,
        every: startingInterval(kind, sweepSeconds, limits.requestsPerDay),
      })),
    );
    // The first daily reconciliation does not wait a whole day, so that earlier discrepancies show soon.
    await this.database.affected(sql`
      insert into integrations.scheduled_task (team_id, connection_id, kind, due_at, interval_seconds)
      select c.team_id, c.id, k.kind, now() + least(k.every, ${sweepSeconds}) * interval '1 second', k.every
      from integrations.connection c
      join jsonb_to_recordset(${JSON.stringify(kinds)}::jsonb) as k (vendor text, kind text, every int)
        on k.vendor = c.vendor
      where (${teamId}::uuid is null or c.team_id = ${teamId}::uuid)
        and not exists (select 1 from integrations.scheduled_task r
                        where r.team_id = c.team_id and r.connection_id = c.id and r.kind = k.kind)
      on conflict do nothing`);
  }

  async takeDue(limit: number): Promise<Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind'>[]> {
    const rows = await this.database.rows(sql<ScheduledTaskRow>`
      update integrations.scheduled_task r set was_due = r.due_at, due_at = now() + ${leaseSeconds} * interval '1 second'
      from (select team_id, connection_id, kind from integrations.scheduled_task
            where due_at <= now() and ${isKnown} order by due_at limit ${limit} for update skip locked) as due
      where r.team_id = due.team_id and r.connection_id = due.connection_id and r.kind = due.kind
      returning r.team_id, r.connection_id, r.kind`);
    return rows.map((row) => ({ teamId: row.team_id, connectionId: row.connection_id, kind: row.kind }));
  }

  async find(teamId: string, connectionId: string, kind: ScheduledTaskKind): Promise<ScheduledTask | null> {
    const row = await this.database.first(sql<ScheduledTaskRow>`
      select team_id, connection_id, kind, interval_seconds, progress, was_due from integrations.scheduled_task
      where team_id = ${teamId} and connection_id = ${connectionId} and kind = ${kind}`);
    if (!row) return null;
    const { interval_seconds: intervalSeconds, progress, was_due: wasDue } = row;
    return { teamId, connectionId, kind, intervalSeconds, progress, wasDue };
  }

  async plan(
    { teamId, connectionId, kind, wasDue }: Pick<ScheduledTask, 'teamId' | 'connectionId' | 'kind' | 'wasDue'>,
    { inSeconds, intervalSeconds, progress }: NextStep,
  ): Promise<void> {
    await this.database.affected(sql`
      update integrations.scheduled_task
      set due_at = greatest(now(), coalesce(was_due, now()) + ${inSeconds} * interval '1 second'),
          interval_seconds = coalesce(${intervalSeconds ?? null}::int, interval_seconds),
          progress = coalesce(${progress ? JSON.stringify(progress) : null}::jsonb, progress)
      where team_id = ${teamId} and connection_id = ${connectionId} and kind = ${kind}
        and was_due is not distinct from ${wasDue}`);
  }

  async expediteSweep({ teamId, id }: Pick<Connection, 'teamId' | 'id'>): Promise<void> {
    await this.database.affected(sql`
      update integrations.scheduled_task
      set due_at = ${dueNow}, was_due = ${dueNow},
          progress = (progress - 'after') || jsonb_build_object('hasty', true, 'hastenedAt', now())
      where team_id = ${teamId} and connection_id = ${id} and kind = 'sweep'
        and coalesce((progress ->> 'hastenedAt')::timestamptz, '-infinity') < now() - interval_seconds * interval '1 second'`);
  }

  async connectionsOf(accountKey: string): Promise<number> {
    const row = await acrossTeams('shared-account', () =>
      this.database.first(sql<{ count: number }>`
      select count(*)::int as count from integrations.connection where account_key = ${accountKey} and disabled_at is null`),
    );
    return Math.max(1, row?.count ?? 1);
  }
}
