import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { fromKysely, PgBoss, type Job } from 'pg-boss';
import type { DomainEvent, EventType } from '#kernel/events';
import { Settings } from '../config/settings.js';
import { Database } from '../database/database.js';
import { describeError, placesOf } from '../describe-error.js';
import { ReactionTable, type BoundReaction } from './reaction-table.js';

/** The schema of the queue's own tables. */
export const queueSchema = 'queue';
export const deadLetterQueue = 'dead-letters';
/** Waiting jobs outlive any outage we promise to survive. */
const retentionSeconds = 60 * 24 * 3600;

/** New jobs are announced; only retries and delayed jobs wait for the next look. */
const polling = { pollingIntervalSeconds: 1, notifyPollingIntervalSeconds: 2 };

/** pg-boss, kept to what this product needs: durable jobs in our transaction, retried, parked when hopeless. */
@Injectable()
export class JobQueue implements OnApplicationShutdown {
  private readonly log = new Logger('jobs');
  private readonly boss: PgBoss;
  private started: Promise<unknown> | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly reactions: ReactionTable,
  ) {
    this.boss = new PgBoss({
      connectionString: settings.databaseUrl,
      schema: queueSchema,
      migrate: false,
      max: 6,
      supervise: settings.role !== 'api',
      schedule: false,
      useListenNotify: true,
      application_name: 'jobs',
    });
    this.boss.on('error', (error: Error) => this.log.warn(`queue: ${error.message}`));
  }

  /** Connects and makes sure that every reaction's queue exists before anyone publishes to it. */
  start(): Promise<unknown> {
    return (this.started ??= this.open());
  }

  private async open(): Promise<void> {
    await this.boss.start();
    await this.boss.createQueue(deadLetterQueue, { retentionSeconds, notify: false });
    for (const entry of this.reactions.all()) {
      await this.boss.createQueue(entry.queue, {
        policy: entry.options.coalesceBy ? 'short' : 'standard',
        retryLimit: entry.options.retryLimit ?? 12,
        retryDelay: 1,
        retryBackoff: true,
        retryDelayMax: 3600,
        heartbeatSeconds: 15,
        expireInSeconds: entry.options.expireInSeconds ?? 120,
        retentionSeconds,
        deadLetter: deadLetterQueue,
        notify: true,
      });
    }
  }

  /** One job per reaction, inside the transaction that is open. */
  async enqueue(event: DomainEvent, startAfter?: Date): Promise<void> {
    const { wireName } = event.constructor as EventType;
    const db = fromKysely(this.database.kysely);
    for (const entry of this.reactions.to(wireName)) {
      const singletonKey = entry.options.coalesceBy?.(event as never);
      await this.boss.send(entry.queue, { ...event }, { db, startAfter, ...(singletonKey ? { singletonKey } : {}) });
    }
  }

  /** Starts working, unless this replica only serves requests. */
  async work(): Promise<void> {
    await this.start();
    if (this.settings.role === 'api') return;
    for (const entry of this.reactions.all()) {
      await this.boss.work<DomainEvent>(
        entry.queue,
        { ...polling, localConcurrency: entry.options.concurrency ?? 2 },
        async (jobs) => this.run(entry, jobs),
      );
    }
  }

  private async run(entry: BoundReaction, jobs: Job<DomainEvent>[]): Promise<void> {
    for (const job of jobs) {
      try {
        await entry.reaction.handle(job.data);
      } catch (error) {
        // The queue keeps what a job throws: only the sentence may be kept, never a request, a key or a person.
        const what = describeError(error);
        this.log.warn({ at: placesOf(error) }, `${entry.queue} ${job.id}: ${what}`);
        throw new Error(what, { cause: undefined });
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.started) await this.boss.stop({ graceful: true, timeout: 8000 });
  }
}
