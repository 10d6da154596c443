import { sql } from 'kysely';
import { deadLetterQueue } from './queues.js';

/**
 * The only SQL on pg-boss's own tables. Everything else goes through its interface, which cannot
 * - find a job that has no mark and lock it in the caller's transaction, so that one replica notifies and a crash leaves it unmarked;
 * - change the output of a job that never ran, where the mark is;
 * - count what waits now: the counts that it keeps for a queue are those of the last look of a worker, and are needed above all when
 *   no worker runs;
 * - say since when the oldest job of each queue waits, without reading the jobs.
 */

const isDeadLetter = sql`name = ${deadLetterQueue} and state = 'created'`;

/** Locks the oldest dead letter of these queues without a mark, until the transaction ends. */
export const nextUnnotified = (queues: string[]) => sql<{ id: string }>`
  select id from queue.job where ${isDeadLetter} and output is null and source_name = any(${queues}::text[])
  order by created_on limit 1 for update skip locked`;

/** The mark is stored in the job's output, which is unused: dead letters never run. */
export const markNotified = (id: string) => sql`
  update queue.job set output = ${JSON.stringify({ told: true })}::jsonb where name = ${deadLetterQueue} and id = ${id}`;

/** After so many seconds without a record that it is worked, a queue counts as worked by no running release. */
const silentSeconds = 120;

/** The condition that no running release works a queue. `s` is its row in `platform.subscription`; it may be missing. */
export const workedByNone = sql`(s.worked_at is null or s.worked_at < now() - interval '1 second' * ${sql.lit(silentSeconds)})`;

/** Jobs that wait in queues which no running release works. */
export const unworkedQueues = sql<{ queue: string; jobs: number; oldest: string; retired: string | null }>`
  select j.name as queue, count(*)::int as jobs, min(j.created_on) as oldest, s.retired
  from queue.job j left join platform.subscription s on s.queue = j.name
  where j.state < 'active' and j.name <> ${deadLetterQueue} and ${workedByNone}
  group by j.name, s.retired order by 1`;

export const jobFigures = sql<{ jobs_waiting: number; jobs_dead_lettered: number; jobs_unworked: number }>`
  select count(*) filter (where name <> ${deadLetterQueue} and start_after <= now())::int as jobs_waiting,
         count(*) filter (where name = ${deadLetterQueue})::int as jobs_dead_lettered,
         count(*) filter (where name <> ${deadLetterQueue} and s.retired is null and ${workedByNone})::int as jobs_unworked
  from queue.job left join platform.subscription s on s.queue = name where state < 'active'`;
