import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { fromKysely, PgBoss } from 'pg-boss';
import { Database } from '../database/database.js';
import { isoTime } from '../database/times.js';
import { deadLetterQueue, queueSchema } from './queues.js';

/** A job whose last try failed. It waits for an operator. Holds ids only. */
export interface DeadLetter {
  id: string;
  /** The event handler's queue, named after the event and the handler. */
  queue: string;
  teamId: string | null;
  event: Record<string, unknown>;
  /** ISO 8601, like `deadSince`. */
  begunAt: string;
  deadSince: string;
  tries: number;
  why: string;
}

/** `superseded`: the same work is already waiting. `unknownQueue`: this release has no such event handler. */
export interface Retried {
  /** Dead letters that were removed: put back on their queue, or superseded. */
  gone: { id: string; teamId: string | null }[];
  retried: number;
  superseded: number;
  unknownQueue: number;
}

/** The queue's own reasons, for jobs whose worker could not give one. */
const queueReasons = sql`case coalesce(source_output->>'message', source_output#>>'{value,message}', source_output->>'value')
  when 'job heartbeat timeout' then 'the process that worked on it died'
  when 'job timed out' then 'it took too long'
  when 'pg-boss shut down while active' then 'it was cut short by a stop'
  else coalesce(source_output->>'message', source_output#>>'{value,message}', source_output->>'value', 'unknown')
end`;

const columns = sql`id, source_name as queue, data->>'teamId' as "teamId", data as event,
  source_created_on as "begunAt", created_on as "deadSince", source_retry_count + 1 as tries, ${queueReasons} as why`;

const waiting = sql`name = ${deadLetterQueue} and state = 'created'`;

/** Jobs that failed all their tries and wait for an operator. */
@Injectable()
export class DeadLetters {
  constructor(private readonly database: Database) {}

  async countOf(teamId: string): Promise<number> {
    const row = await this.database.first<{ jobs: number }>(
      sql`select count(*)::int as jobs from queue.job where ${waiting} and data->>'teamId' = ${teamId}`,
    );
    return row?.jobs ?? 0;
  }

  /** Oldest first. */
  list(limit: number): Promise<DeadLetter[]> {
    return this.select(sql`where ${waiting} order by created_on, id limit ${limit}`);
  }

  /** The next dead letter of these queues that its event handler was not notified of; locked until the transaction ends. */
  async nextUnnotified(queues: string[]): Promise<DeadLetter | null> {
    const rows = await this.select(
      sql`where ${waiting} and output is null and source_name = any(${queues}::text[])
          order by created_on limit 1 for update skip locked`,
    );
    return rows[0] ?? null;
  }

  /** The mark is stored in the job's output, which is unused: dead letters never run. */
  async markNotified(id: string): Promise<void> {
    const note = JSON.stringify({ told: true });
    await this.database.affected(
      sql`update queue.job set output = ${note}::jsonb where name = ${deadLetterQueue} and id = ${id}`,
    );
  }

  /** Puts dead letters back on their queues. Insertion and removal are one statement per job. Without an id: all of them. */
  async retry(id?: string): Promise<Retried> {
    const waitingJobs = await this.database.rows(this.waitingJobs(id));
    const ids = waitingJobs.map((row) => row.id);
    if (ids.length === 0) return { gone: [], retried: 0, superseded: 0, unknownQueue: 0 };
    const boss = new PgBoss({
      db: fromKysely(this.database.kysely),
      schema: queueSchema,
      migrate: false,
      supervise: false,
      schedule: false,
      registerInstance: false,
    });
    boss.on('error', () => undefined);
    await boss.start();
    try {
      const retried = await boss.redrive(deadLetterQueue, { ids, limit: ids.length });
      const left = await this.database.rows(
        sql<{ id: string }>`select id from queue.job where ${waiting} and id = any(${ids}::uuid[])`,
      );
      const stay = new Set(left.map((row) => row.id));
      const gone = waitingJobs.filter((job) => !stay.has(job.id));
      return { gone, retried, superseded: ids.length - retried - left.length, unknownQueue: left.length };
    } finally {
      await boss.stop({ graceful: false });
    }
  }

  private waitingJobs(id: string | undefined): RawBuilder<{ id: string; teamId: string | null }> {
    const one = id === undefined ? sql`` : sql`and id = ${id}::uuid`;
    return sql`select id, data->>'teamId' as "teamId" from queue.job where ${waiting} ${one}`;
  }

  private async select(rest: RawBuilder<unknown>): Promise<DeadLetter[]> {
    const rows = await this.database.rows(sql<DeadLetter>`select ${columns} from queue.job ${rest}`);
    return rows.map((row) => ({ ...row, begunAt: isoTime(row.begunAt), deadSince: isoTime(row.deadSince) }));
  }
}
