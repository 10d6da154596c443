import type { DomainEvent } from '#kernel/events';
import type { Id } from '#kernel/id';
import { CancelCaseHandler } from '../../../src/contexts/integrations/cases/application/following/cancel-case.js';
import { CaseReader } from '../../../src/contexts/integrations/cases/application/following/case-reader.js';
import { EndCase } from '../../../src/contexts/integrations/cases/application/following/end-case.js';
import {
  ReceiveWebhook,
  type WebhookAnswer,
} from '../../../src/contexts/integrations/cases/application/following/receive-webhook.js';
import { UnknownCases } from '../../../src/contexts/integrations/cases/application/following/unknown-cases.js';
import { WhenCaseReported } from '../../../src/contexts/integrations/cases/application/following/when-case-reported.js';
import {
  WhenCaseToReadSoon,
  WhenCaseToReread,
} from '../../../src/contexts/integrations/cases/application/following/when-case-to-reread.js';
import { WhenUnknownCaseSeen } from '../../../src/contexts/integrations/cases/application/following/when-unknown-case-seen.js';
import { MissedWebhooksAlarm } from '../../../src/contexts/integrations/cases/application/watching/missed-webhooks-alarm.js';
import { ReadFeed } from '../../../src/contexts/integrations/cases/application/watching/read-feed.js';
import { ReconcileDay } from '../../../src/contexts/integrations/cases/application/watching/reconcile-day.js';
import { StartScheduledTasks } from '../../../src/contexts/integrations/cases/application/watching/start-scheduled-tasks.js';
import { SweepCases } from '../../../src/contexts/integrations/cases/application/watching/sweep-cases.js';
import { TakeEvents } from '../../../src/contexts/integrations/cases/application/watching/take-events.js';
import { TakeList } from '../../../src/contexts/integrations/cases/application/watching/take-list.js';
import { WatchLimits } from '../../../src/contexts/integrations/cases/application/watching/watch-limits.js';
import { WhenTaskDue } from '../../../src/contexts/integrations/cases/application/watching/when-task-due.js';
import { CaseToReadSoon, CaseToReread, TaskDue } from '../../../src/contexts/integrations/cases/domain/events.js';
import type { ScheduledTaskKind } from '../../../src/contexts/integrations/cases/domain/scheduled-tasks.js';
import { KeyAgeAlarm } from '../../../src/contexts/integrations/connections/application/key-age-alarm.js';
import { VendorFacts } from '../../../src/contexts/integrations/connections/vendor-facts.js';
import type { VendorWebhookEvent } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { WhenOrderToErase } from '../../../src/contexts/integrations/orders/application/erasing/when-order-to-erase.js';
import {
  CaseReported,
  OrderToErase,
  UnknownCaseSeen,
} from '../../../src/contexts/integrations/orders/domain/events.js';
import type { RecurringWork } from '../../../src/platform/recurring/recurring-work.js';
import { FakeIds } from '../platform.js';
import { FakeScheduledTasks } from './fake-scheduled-tasks.js';
import { OrdersWorld } from './orders-world.js';
import type { WorldOptions } from './world.js';

const sweepSeconds = 600;

/** The use cases of orders and cases on fakes, for a team whose account the vendor announces by webhook. */
export class CasesWorld extends OrdersWorld {
  readonly tasks = new FakeScheduledTasks(this.tables, this.connections, this.vendors, sweepSeconds);
  readonly watchLimits = new WatchLimits(sweepSeconds, this.limits.visibilityLagSeconds);
  readonly cancelCase = new CancelCaseHandler(
    ...([this.cases, this.connections, this.vendors, this.calls, this.unitOfWork, this.outbox] as const),
  );
  readonly reader = new CaseReader(
    ...([this.unitOfWork, this.connections, this.cases, this.inboundEvents] as const),
    ...([this.discrepancies, this.missedWebhooks, this.calls, this.outbox] as const),
  );
  readonly whenCaseReported = new WhenCaseReported(
    ...([this.cases, this.connections, this.inboundEvents, this.vendorCalls] as const),
    ...([this.reader, this.unitOfWork, this.outbox] as const),
  );
  readonly whenUnknownCaseSeen = new WhenUnknownCaseSeen(
    ...([this.connections, this.unknownOutcomes, this.calls, this.inboundEvents, this.links] as const),
    ...([this.reconcileOrders, this.limits, this.unitOfWork, this.outbox] as const),
  );
  readonly unknownCases = new UnknownCases(
    ...([this.inboundEvents, this.links, this.secrets, this.unitOfWork, this.outbox] as const),
  );
  readonly receiveWebhook = new ReceiveWebhook(
    ...([this.inboundEvents, this.rejected, this.webhookStatuses, this.unknownCases] as const),
    ...([this.secrets, this.unitOfWork, this.outbox, new FakeIds()] as const),
  );
  readonly startScheduledTasks = new StartScheduledTasks(this.tasks, this.unitOfWork, this.outbox);
  readonly whenTaskDue: WhenTaskDue;
  /** Failures of scheduled tasks that are our own fault. */
  readonly failures: unknown[] = [];

  constructor(options: WorldOptions = {}) {
    super(options);
    const { unitOfWork, outbox, cases } = this;
    this.whenTaskDue = this.scheduled();
    const endCase = new EndCase(cases, this.cancelCase, this.reader);
    this.on(CaseReported, this.whenCaseReported);
    this.on(CaseToReread, new WhenCaseToReread(unitOfWork, outbox));
    this.on(CaseToReadSoon, new WhenCaseToReadSoon(cases, unitOfWork, outbox));
    this.on(UnknownCaseSeen, this.whenUnknownCaseSeen);
    this.on(TaskDue, this.whenTaskDue);
    this.on(OrderToErase, new WhenOrderToErase(this.orders, endCase, this.erasedOrders, unitOfWork, outbox));
  }

  static override async open(options: WorldOptions = {}): Promise<CasesWorld> {
    return new CasesWorld(options).begin();
  }

  /** An order that is placed; what was published is handled. Its case is the newest of the account. */
  async opened(email?: string): Promise<Id> {
    const id = await this.attempted(undefined, email);
    this.told.splice(0);
    return id;
  }

  /** The case of an order changes at the vendor. */
  changes(id: Id, fields: Parameters<typeof this.vendor.moveCase>[1]): VendorWebhookEvent {
    return this.vendor.moveCase(this.tables.cases.get(`${this.teamId}/${id}`)?.caseId ?? '', fields);
  }

  /** The vendor announces an event, signed with the webhook secret unless said otherwise. */
  announces(event: VendorWebhookEvent, secret = this.webhookSecret): Promise<WebhookAnswer> {
    const body = Buffer.from(
      JSON.stringify({
        event_id: event.eventId,
        event_type: event.eventType,
        object_id: event.caseId,
        object_type: 'CASE',
      }),
    );
    const [vendor] = this.vendors.all;
    return this.receiveWebhook.take(vendor, body, this.vendor.signWebhook(body, secret));
  }

  get webhookSecret(): string {
    return `webhook secret of ${this.connection.id}`;
  }

  /** One step of a scheduled task, now. Other events wait until `work`. */
  async step(kind: ScheduledTaskKind): Promise<void> {
    await this.tasks.ensure();
    await this.whenTaskDue.handle(new TaskDue(this.teamId, this.connection.id, kind));
  }

  async task(kind: ScheduledTaskKind) {
    const task = await this.tasks.find(this.teamId, this.connection.id, kind);
    if (!task) throw new Error(`There is no task ${kind}.`);
    return task;
  }

  /** The events that were published since the last call, without handling them. */
  takePublishedNames(): string[] {
    return this.outbox.take().map((event: DomainEvent) => event.constructor.name);
  }

  private scheduled(): WhenTaskDue {
    const { watch, cases, discrepancies, calls, vendors, connections, feedEvents, watchLimits, inboundEvents } = this;
    const takeList = new TakeList(
      ...([
        this.unitOfWork,
        watch,
        inboundEvents,
        discrepancies,
        this.missedWebhooks,
        this.outbox,
        watchLimits,
      ] as const),
    );
    const takeEvents = new TakeEvents(
      ...([feedEvents, this.links, this.tasks, this.unitOfWork, this.outbox, new FakeIds()] as const),
    );
    const alarm = new MissedWebhooksAlarm(this.missedWebhooks, vendors);
    const keyAge = new KeyAgeAlarm(this.clock, new VendorFacts(vendors));
    // Counting failures is the platform's business (`recurring-work.db-spec.ts`).
    const recurring = {
      run: async (_kind: string, work: () => Promise<unknown>) =>
        work().catch((error: unknown) => void this.failures.push(error)),
    } as unknown as RecurringWork;
    return new WhenTaskDue(
      ...([this.tasks, connections] as const),
      new SweepCases(...([watch, cases, calls, takeList, alarm, keyAge, vendors, watchLimits] as const)),
      new ReadFeed(...([this.tasks, watch, feedEvents, vendors, calls, takeEvents, alarm, watchLimits] as const)),
      new ReconcileDay(...([watch, cases, discrepancies, calls, takeList, watchLimits] as const)),
      ...([vendors, recurring] as const),
    );
  }
}
