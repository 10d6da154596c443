import { Inject, Injectable } from '@nestjs/common';
import { fromKysely, type JobWithMetadata } from 'pg-boss';
import type { DomainEvent } from '#kernel/events';
import { Database } from '../database/database.js';
import { isoTime } from '../database/times.js';
import { JobQueue } from './job-queue.js';
import type { QueueApi } from './queue-api.js';
import { markNotified, nextUnnotified } from './queue-tables.js';
import { deadLetterQueue } from './queues.js';

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

/**
 * `superseded`: the same work is already waiting. `unknownQueue`: this release has no such event handler. `held`: another
 * transaction has locked the job at this moment.
 */
export interface Retried {
  /** Dead letters that were removed: put back on their queue, or superseded. */
  gone: { id: string; teamId: string | null }[];
  retried: number;
  superseded: number;
  unknownQueue: number;
  held: number;
}

type Job = JobWithMetadata<Partial<DomainEvent> | null>;

/** The queue's own reasons, for jobs whose worker could not give one. */
const queueReasons: Record<string, string> = {
  'job heartbeat timeout': 'the process that worked on it died',
  'job timed out': 'it took too long',
  'pg-boss shut down while active': 'it was cut short by a stop',
};

/** pg-boss stores an error that a handler throws as it is, and its own reason in a `value`. */
function reasonIn(output: object | null): string {
  const { message, value } = (output ?? {}) as { message?: string; value?: string | { message?: string } };
  const why = message ?? (typeof value === 'object' ? value.message : value) ?? 'unknown';
  return queueReasons[why] ?? why;
}

const deadLetterFrom = (job: Job): DeadLetter => ({
  id: job.id,
  queue: job.sourceName ?? 'unknown',
  teamId: job.data?.teamId ?? null,
  event: { ...job.data },
  begunAt: isoTime(job.sourceCreatedOn ?? job.createdOn),
  deadSince: isoTime(job.createdOn),
  tries: (job.sourceRetryCount ?? 0) + 1,
  why: reasonIn(job.sourceOutput),
});

/** The most that pg-boss counts or reads at a time. */
const mostCounted = 100_000;
const pageSize = 1_000;

/** Jobs that failed all their tries and wait for an operator. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly database: Database,
    @Inject(JobQueue) private readonly queue: QueueApi,
  ) {}

  /** How many a team has, up to 100,000. */
  async countOf(teamId: string): Promise<number> {
    const api = await this.queue.api();
    const filter = { data: { teamId }, limit: mostCounted, ...this.here };
    return (await api.previewRedrive(deadLetterQueue, filter)).total;
  }

  /** Oldest first. */
  async list(limit: number): Promise<DeadLetter[]> {
    return (await this.find({ limit })).map(deadLetterFrom);
  }

  /** The next dead letter of these queues that its event handler was not notified of; locked until the transaction ends. */
  async nextUnnotified(queues: string[]): Promise<DeadLetter | null> {
    const found = await this.database.first(nextUnnotified(queues));
    const [job] = found ? await this.find({ id: found.id }) : [];
    return job ? deadLetterFrom(job) : null;
  }

  async markNotified(id: string): Promise<void> {
    await this.database.affected(markNotified(id));
  }

  /** Puts dead letters back on their queues. Insertion and removal are one statement. Without an id: all of them. */
  async retry(id?: string): Promise<Retried> {
    const waiting = await this.all(id);
    if (waiting.length === 0) return { gone: [], retried: 0, superseded: 0, unknownQueue: 0, held: 0 };
    const api = await this.queue.api();
    const ids = waiting.map((job) => job.id);
    const retried = await api.redrive(deadLetterQueue, { ids, limit: ids.length, ...this.here });
    const stay = new Set((await this.all(id)).map((job) => job.id));
    const left = waiting.filter((job) => stay.has(job.id));
    const gone = waiting.filter((job) => !stay.has(job.id)).map(deadLetterFrom);
    const held = await this.withQueue(left);
    const unknownQueue = left.length - held;
    return { gone, retried, superseded: ids.length - retried - left.length, unknownQueue, held };
  }

  /** Every dead letter, or the one with the id. */
  private async all(id?: string): Promise<Job[]> {
    if (id !== undefined) return this.find({ id });
    const jobs: Job[] = [];
    for (let page: Job[] | undefined; !page || page.length === pageSize;) {
      page = await this.find({ limit: pageSize, after: jobs.at(-1)?.id });
      jobs.push(...page);
    }
    return jobs;
  }

  /** How many of these jobs came from a queue that exists. */
  private async withQueue(jobs: Job[]): Promise<number> {
    const api = await this.queue.api();
    const byQueue = Map.groupBy(jobs, ({ sourceName }) => sourceName ?? '');
    let count = 0;
    for (const [queue, ofQueue] of byQueue) if (queue && (await api.getQueue(queue))) count += ofQueue.length;
    return count;
  }

  /** None before a service has started on this database: it makes the queue. */
  private async find(which: { id?: string; limit?: number; after?: string }): Promise<Job[]> {
    const api = await this.queue.api();
    if (!(await api.getQueue(deadLetterQueue))) return [];
    return api.findJobs(deadLetterQueue, { ...which, queued: true, ...this.here });
  }

  /** On the caller's connection, in its transaction. */
  private get here() {
    return { db: fromKysely(this.database.kysely) };
  }
}
