import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import {
  type BeforeApplicationShutdown,
  Injectable,
  Logger,
  type OnApplicationShutdown,
  type OnModuleDestroy,
} from '@nestjs/common';
import { fromKysely, PgBoss, type Job } from 'pg-boss';
import type { DomainEvent, EventType } from '#kernel/events';
import { Settings } from '../config/settings.js';
import { impatience } from '../database/connections.js';
import { asJobOf } from '../database/scope.js';
import { Database } from '../database/database.js';
import { describeError, placesOf } from '../describe-error.js';
import { Outage } from '../outage.js';
import { Notifications } from './notifications.js';
import {
  deadLetterOptions,
  deadLetterQueue,
  heartbeat,
  polling,
  queueOptions,
  queueSchema,
  maintenance,
  wakeChannel,
} from './queues.js';
import { EventHandlerTable, type BoundEventHandler } from './event-handler-table.js';
import { RetiredQueues } from './retired-queues.js';
import { Subscriptions } from './subscriptions.js';

/** How long a shutdown waits for running jobs. Then they fail, and another worker takes them. */
const drainMs = 5_000;

/** pg-boss, limited to what this product needs: durable jobs in our transaction, retries, and dead letters. */
@Injectable()
export class JobQueue implements OnModuleDestroy, BeforeApplicationShutdown, OnApplicationShutdown {
  private readonly log = new Logger('jobs');
  private readonly outage = new Outage(this.log, 'queue');
  private readonly boss: PgBoss;
  private started: Promise<unknown> | undefined;
  private drained: Promise<unknown> | undefined;
  /** Ids of this process's workers, by queue. */
  private readonly workers = new Map<string, string[]>();
  /** What this process works, by queue: its own event handlers, also under their names in other releases. */
  private readonly worked = new Map<string, BoundEventHandler>();
  private stopping = false;

  constructor(
    private readonly settings: Settings,
    private readonly database: Database,
    private readonly eventHandlers: EventHandlerTable,
    private readonly notifications: Notifications,
    private readonly subscriptions: Subscriptions,
    private readonly retired: RetiredQueues,
  ) {
    this.boss = new PgBoss({
      ...impatience,
      ...maintenance,
      connectionTimeoutMillis: 5_000,
      connectionString: settings.databaseUrl,
      schema: queueSchema,
      migrate: false,
      // The service's role owns no index and cannot rebuild one.
      reindex: false,
      max: 6,
      supervise: settings.role !== 'api',
      schedule: false,
      application_name: 'jobs',
    });
    // pg-boss emits copies of errors, which have lost their class.
    this.boss.on('error', (error) => this.outage.note(Object.assign(new Error(error.message), error)));
  }

  /** Connects, creates missing queues of event handlers, and registers the handlers in the table that all releases share. */
  start(): Promise<unknown> {
    return (this.started ??= this.open());
  }

  async api(): Promise<PgBoss> {
    await this.start();
    return this.boss;
  }

  private async open(): Promise<void> {
    await this.boss.start();
    const present = new Map((await this.boss.getQueues()).map((queue) => [queue.name, queue]));
    await this.ensure(present.get(deadLetterQueue), deadLetterQueue, deadLetterOptions);
    for (const { queue, options } of this.eventHandlers.all()) {
      const policy = options.coalesceBy ? 'short' : 'standard';
      await this.ensure(present.get(queue), queue, queueOptions(options), policy);
    }
    await this.subscriptions.register(this.eventHandlers.all(), Object.keys(this.retired.reasons));
  }

  /** A queue that an earlier release made keeps its settings unless they are updated. */
  private async ensure(present: object | undefined, name: string, options: object, policy?: 'short' | 'standard') {
    if (!present) await this.boss.createQueue(name, { ...options, ...(policy ? { policy } : {}) });
    else if (!isDeepStrictEqual({ ...present, ...options }, { ...present })) await this.boss.updateQueue(name, options);
  }

  /** Adds one job per event and event handler, of this release or another one, inside the open transaction. */
  async enqueue(events: DomainEvent[], inSeconds = 0): Promise<void> {
    const db = fromKysely(this.database.kysely);
    const startAfter = `${inSeconds.toFixed(3)} seconds`;
    const kinds = Map.groupBy(events, (event) => (event.constructor as EventType).wireName);
    for (const { queue, wireName, coalesceBy } of await this.subscriptions.to([...kinds.keys()])) {
      const jobs = (kinds.get(wireName) ?? []).map((event) => ({
        data: { ...event },
        startAfter,
        singletonKey: coalesceBy ? keyOf(event, coalesceBy) : undefined,
      }));
      await this.boss.insert(queue, jobs, { db });
    }
  }

  /** Starts working, unless this replica only serves requests. */
  async work(): Promise<void> {
    await this.start();
    if (this.settings.role === 'api') return;
    await this.keepUp();
    // Not pg-boss's own listener: after an outage it hears nothing for up to half a minute.
    await this.notifications.listen(wakeChannel, (queue) => this.wake(queue));
  }

  /**
   * Also works queues that other releases on this database know by another name, and records which queues are worked. Must be
   * repeated: another release may start at any moment.
   */
  async keepUp(): Promise<void> {
    const own = this.eventHandlers.all();
    const existing = new Set((await this.boss.getQueues()).map(({ name }) => name));
    const queues = await this.subscriptions.sameWork(own, existing);
    for (const [queue, ownName] of queues) {
      const entry = own.find((one) => one.queue === ownName);
      if (!entry || this.worked.has(queue) || this.stopping) continue;
      this.worked.set(queue, entry);
      const count = queue === ownName ? (entry.options.concurrency ?? 2) : 1;
      const workers = Array.from({ length: count }, () => this.aWorker(queue, entry));
      this.workers.set(queue, await Promise.all(workers));
    }
    await this.subscriptions.worked([...this.worked.keys()]);
    for (const queue of await this.subscriptions.endRetired(this.retired.reasons))
      this.log.log(`${queue} gets no more events: ${this.retired.reasons[queue]}`);
  }

  /** The event handler that works this queue in this process; undefined: it belongs to another release. */
  on(queue: string): BoundEventHandler | undefined {
    return this.worked.get(queue);
  }

  get workedQueues(): string[] {
    return [...this.worked.keys()];
  }

  private async aWorker(queue: string, entry: BoundEventHandler): Promise<string> {
    const id: string = await this.boss.work<DomainEvent>(queue, { ...polling, ...heartbeat }, async (jobs) => {
      // There may be more jobs: the worker fetches again at once.
      await this.run(entry, jobs).finally(() => this.boss.notifyWorker(id));
    });
    return id;
  }

  /** No queue named: anything may have been missed. */
  private wake(queue: string): void {
    const ids = queue === '' ? [...this.workers.values()].flat() : (this.workers.get(queue) ?? []);
    for (const id of ids) this.boss.notifyWorker(id);
  }

  private async run(entry: BoundEventHandler, jobs: Job<DomainEvent>[]): Promise<void> {
    for (const job of jobs) {
      try {
        await asJobOf(job.data.teamId, () => entry.eventHandler.handle(job.data));
      } catch (error) {
        // The queue stores what a job throws. Only the sentence may be stored, never a request, a key or personal data.
        const what = describeError(error);
        this.log.warn({ at: placesOf(error) }, `${entry.queue} ${job.id}: ${what}`);
        throw new Error(what, { cause: undefined });
      }
    }
  }

  /** At shutdown: takes no more jobs, while running requests may still publish. */
  onModuleDestroy(): void {
    this.stopping = true;
    if (this.started) this.drained = Promise.all(this.workedQueues.map((queue) => this.boss.offWork(queue)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.race([this.drained, new Promise((resolve) => setTimeout(resolve, drainMs).unref())]);
  }

  /** Fails the jobs that still run, so that another worker takes them at once. */
  async onApplicationShutdown(): Promise<void> {
    if (this.started) await this.boss.stop({ graceful: false });
  }
}

/**
 * An older release may publish an event without a field that a newer one coalesces by. Such an event is a job of its own: without a
 * key pg-boss would coalesce all of them into one.
 */
function keyOf(event: DomainEvent, fields: string[]): string {
  const values = fields.map((field) => (event as unknown as Record<string, unknown>)[field]);
  return values.includes(undefined) ? randomUUID() : values.join('/');
}
