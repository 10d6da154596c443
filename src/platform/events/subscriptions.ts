import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '../database/database.js';
import { acrossTeams } from '../database/scope.js';
import { isoTime } from '../database/times.js';
import { unworkedQueues, workedByNone } from './queue-tables.js';
import type { EventHandlerEntry } from './event-handler.js';

export interface Subscription {
  queue: string;
  wireName: string;
  /** Fields of the event that form the coalescing key of waiting jobs; null: every event is a job. */
  coalesceBy: string[] | null;
}

/** Jobs that wait in a queue which no running release works. */
export interface UnworkedQueue {
  queue: string;
  jobs: number;
  /** When the oldest of them was added, in ISO 8601. */
  oldest: string;
  /** Why no release will work it any more; null: it belongs to a release that is not running. */
  retired: string | null;
}

/** A running release records this often that it works a queue. */
const saidEverySeconds = 30;

/** Arbitrary lock number: releases that start at the same time register one after the other. */
const registering = 7_110_021;

/**
 * The table of event handlers that all running releases share. It is in the database, so that an event from an older replica also
 * reaches a handler that only a newer one has. The last registration counts.
 */
@Injectable()
export class Subscriptions {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /** The queues that get these events now. Reads within an open transaction. */
  to(wireNames: string[]): Promise<Subscription[]> {
    return this.database.rows(sql<Subscription>`
      select queue, wire_name as "wireName", coalesce_by as "coalesceBy" from platform.subscription
      where wire_name = any(${wireNames}::text[]) and subscribed order by queue`);
  }

  /**
   * Registers the event handlers that get events. A queue that one of them replaces, in this release or in a later one that ran
   * before, gets no more events: its successor does. They count as worked until a worker has had time to record it. The queues must
   * exist.
   */
  async register(entries: EventHandlerEntry[], retired: string[] = []): Promise<void> {
    const rows = entries.map(({ queue, event, formerly, options }) => ({
      queue,
      wire_name: event.wireName,
      coalesce_by: options.coalesceBy ?? null,
      formerly,
    }));
    const own = entries.map(({ queue }) => queue);
    const former = entries.flatMap(({ event, formerly }) =>
      formerly.map((queue) => ({ queue, wire_name: event.wireName, formerly: [], coalesce_by: null })),
    );
    // A release before 0.5 made its queues without entering them here.
    const renamed = entries.flatMap(({ options }) => options.formerQueues ?? []);
    const unentered = [...renamed, ...retired].map((queue) => ({
      queue,
      wire_name: queue.split('/')[0],
      formerly: [],
    }));
    await this.alone(async () => {
      await this.insert([...rows, ...former, ...unentered]);
      await this.database.affected(sql`
        update platform.subscription s set subscribed = true, retired = null, wire_name = r.wire_name,
               coalesce_by = r.coalesce_by, formerly = r.formerly, worked_at = now()
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
             as r(queue text, wire_name text, coalesce_by text[], formerly text[])
        where s.queue = r.queue`);
      await this.database.affected(sql`
        update platform.subscription set subscribed = false
        where subscribed and not queue = any(${own}::text[])
          and (queue = any(${former.map(({ queue }) => queue)}::text[]) or formerly && ${own}::text[])`);
    });
  }

  /** Stops events to retired queues once no running release works them. Returns the queues that have just ended. */
  async endRetired(retired: Record<string, string>): Promise<string[]> {
    const rows = Object.entries(retired).map(([queue, why]) => ({ queue, why }));
    if (rows.length === 0) return [];
    const ended = await acrossTeams('scheduling', () =>
      this.database.rows(sql<{ queue: string }>`
        update platform.subscription s set subscribed = false, retired = r.why
        from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(queue text, why text)
        where s.queue = r.queue and s.retired is null and ${workedByNone} returning s.queue`),
    );
    return ended.map(({ queue }) => queue);
  }

  /**
   * Every existing queue with work for these handlers, with its name in this release: their own queues, those from when the event had
   * another name, and those with another name in earlier or later releases. `existing`: the names of all queues.
   */
  async sameWork(
    handlers: Pick<EventHandlerEntry, 'queue' | 'options'>[],
    existing: ReadonlySet<string>,
  ): Promise<Map<string, string>> {
    const rows = await acrossTeams('scheduling', () =>
      this.database.rows(sql<{ queue: string; formerly: string[] }>`
        select queue, formerly from platform.subscription where queue = any(${[...existing]}::text[])`),
    );
    const firstNames = new Map(
      handlers.flatMap(({ queue, options }) => [queue, ...(options.formerQueues ?? [])].map((name) => [name, queue])),
    );
    for (let before = 0; before < firstNames.size;) {
      before = firstNames.size;
      for (const { queue, formerly } of rows) {
        const known = [queue, ...formerly].find((name) => firstNames.has(name));
        if (known === undefined) continue;
        for (const name of [queue, ...formerly])
          if (!firstNames.has(name)) firstNames.set(name, firstNames.get(known) ?? known);
      }
    }
    const entered = new Set(rows.map(({ queue }) => queue));
    return new Map([...firstNames].filter(([queue]) => entered.has(queue)));
  }

  /** Records that this release works these queues. */
  async worked(queues: string[]): Promise<void> {
    await acrossTeams('scheduling', () =>
      this.database.affected(sql`
        update platform.subscription set worked_at = now()
        where queue = any(${queues}::text[])
          and (worked_at is null or worked_at < now() - interval '1 second' * ${sql.lit(saidEverySeconds)})`),
    );
  }

  async unworked(): Promise<UnworkedQueue[]> {
    const rows = await this.database.rows(unworkedQueues);
    return rows.map((row) => ({ ...row, oldest: isoTime(row.oldest) }));
  }

  private alone(work: () => Promise<void>): Promise<void> {
    return acrossTeams('scheduling', () =>
      this.unitOfWork.run(async () => {
        await this.database.rows(sql`select pg_advisory_xact_lock(${registering})`);
        await work();
      }),
    );
  }

  private async insert(rows: object[]): Promise<void> {
    await this.database.affected(sql`
      insert into platform.subscription (queue, wire_name, coalesce_by, formerly, subscribed)
      select queue, wire_name, coalesce_by, formerly, false
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
           as r(queue text, wire_name text, coalesce_by text[], formerly text[])
      on conflict (queue) do nothing`);
  }
}
