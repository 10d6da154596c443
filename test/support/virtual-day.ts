import { randomUUID } from 'node:crypto';
import { Test } from '@nestjs/testing';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { CommandBus } from '@nestjs/cqrs';
import { sql } from 'kysely';
import pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import { ReceiveWebhook } from '../../src/contexts/integrations/cases/application/following/receive-webhook.js';
import { StartScheduledTasks } from '../../src/contexts/integrations/cases/application/watching/start-scheduled-tasks.js';
import { Connection } from '../../src/contexts/integrations/connections/domain/connection.js';
import { Connections } from '../../src/contexts/integrations/connections/domain/connections.js';
import { apiKeyPlace, webhookSecretPlace } from '../../src/contexts/integrations/connections/domain/secret-places.js';
import { PlaceOrder } from '../../src/contexts/integrations/contract.js';
import {
  type Credentials,
  type OrderSearch,
  VendorFailure,
  type VendorCase,
  type VendorWebhookEvent,
} from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import type { DomainEvent, EventType } from '../../src/kernel/events.js';
import { Outbox, Secrets, UnitOfWork } from '../../src/kernel/ports.js';
import { Database } from '../../src/platform/database/database.js';
import { EventHandlerTable } from '../../src/platform/events/event-handler-table.js';
import { fastifyAdapter } from '../../src/platform/http/edge.js';
import { environmentOfOwner } from './environment.js';
import type { Capabilities, Vendor } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import { Vendors } from '../../src/contexts/integrations/gateway/domain/vendors.js';
import { sign } from '../../src/contexts/integrations/vendors/certn/certn-webhook.js';
import { type FakeAccount, FakeVendor, usualCapabilities } from './fake-vendor.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

const dayMs = 24 * 3600 * 1000;
const apiKey = 'a-key-of-the-virtual-day';
const webhookSecret = 'a-webhook-secret';
/** Events whose handlers are part of this test. */
const heard = [
  'task-due',
  'case-reported',
  'case-to-read-soon',
  'order-due',
  'order-to-reconcile',
  'unknown-case-seen',
];

/** Keeps published events. The virtual day passes each to its handlers when it is due. */
class Agenda extends Outbox {
  readonly entries: { event: DomainEvent; at: number }[] = [];
  constructor(private readonly now: () => number) {
    super();
  }

  publish(events: DomainEvent[], { inSeconds = 0 }: { inSeconds?: number } = {}): Promise<void> {
    const at = this.now() + inSeconds * 1000;
    this.entries.push(...events.map((event) => ({ event, at })));
    return Promise.resolve();
  }

  take(): DomainEvent[] {
    const due = this.entries.filter(({ at }) => at <= this.now());
    for (const entry of due) this.entries.splice(this.entries.indexOf(entry), 1);
    return due.map(({ event }) => event);
  }
}

/** Twenty thousand cases, sorted by time, so that a window is found without a scan. */
class OrderlyVendor extends FakeVendor {
  readonly account = this.addAccount(apiKey);
  /** The vendor has no events feed, or the feed does not answer. */
  feedIsBroken = false;

  override async readEvents(
    credentials: Credentials,
    afterEventId: string | null,
  ): Promise<{ webhookEvents: VendorWebhookEvent[]; more: boolean }> {
    if (this.feedIsBroken) throw new VendorFailure('retry', 'server_error', 'Certn answered with an error.');
    return super.readEvents(credentials, afterEventId);
  }

  override async findOrders(
    credentials: Credentials,
    search: OrderSearch,
    beforePage?: (page: number) => Promise<void>,
  ): Promise<VendorCase[]> {
    const { cases } = this.account;
    this.account.cases = cases.slice(firstFrom(cases, search.from), firstFrom(cases, search.to, cases.length));
    const found = super.findOrders(credentials, search, beforePage);
    this.account.cases = cases;
    return found;
  }
}

function firstFrom(cases: VendorCase[], time: Date | undefined, without = 0): number {
  if (!time) return without;
  let [low, high] = [0, cases.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cases[middle]?.createdAt?.getTime() ?? 0) < time.getTime()) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Simulates a day of one account in a minute, with the production use cases on a real database and the vendor in memory.
 * Instead of waiting, it moves the due times in the database and the windows of the budget back.
 */
export class VirtualDay {
  readonly teamId = randomUUID();
  readonly vendor: OrderlyVendor;
  readonly account: FakeAccount;
  /** Milliseconds that were skipped. */
  private skippedMs = 0;
  private readonly begun = performance.now();
  readonly agenda = new Agenda(() => this.now);
  app!: NestFastifyApplication;
  private database!: TestDatabase;
  connection!: Connection;
  db!: Database;

  /** `others`: further vendors of the service. Its own connection is to the vendor in memory. */
  constructor(
    capabilities: Capabilities = usualCapabilities,
    private readonly others: readonly Vendor[] = [],
  ) {
    this.vendor = new OrderlyVendor(capabilities);
    this.account = this.vendor.account;
  }

  /** Milliseconds of the virtual clock. */
  get now(): number {
    return this.skippedMs + performance.now() - this.begun;
  }

  async begin(
    limits: { requestsPerMinute: number; requestsPerDay: number },
    env: Record<string, string> = {},
  ): Promise<void> {
    this.database = await createTestDatabase();
    await this.makeHasty();
    Object.assign(process.env, environmentOfOwner(this.database.url, { ROLE: 'api', ...env }));
    const module = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(Vendors)
      .useValue(new Vendors([this.vendor.asVendor({ ...limits, ordersPerDay: 1000 }), ...this.others]))
      .overrideProvider(Outbox)
      .useValue(this.agenda)
      .compile();
    this.app = module.createNestApplication<NestFastifyApplication>(fastifyAdapter(), {
      logger: false,
      bodyParser: false,
    });
    await this.app.init();
    this.db = this.app.get(Database);
    await this.connect();
  }

  /** The data is disposable, so commits need not wait for the disk. */
  private async makeHasty(): Promise<void> {
    const { pathname } = new URL(this.database.url);
    const db = new pg.Client({ connectionString: this.database.url });
    await db.connect();
    await db.query(`alter database ${pg.escapeIdentifier(pathname.slice(1))} set synchronous_commit = off`);
    await db.end();
  }

  async end(): Promise<void> {
    await this.app?.close();
    await this.database?.drop();
  }

  private async connect(): Promise<void> {
    const secrets = this.app.get(Secrets);
    const id = randomUUID();
    const sealed = (plain: string, place: string) => ({
      sealed: secrets.seal(plain, place),
      last4: 'xxxx',
      savedAt: new Date().toISOString(),
      savedBy: randomUUID(),
    });
    const key = sealed(apiKey, apiKeyPlace(this.teamId, id));
    const secret = sealed(webhookSecret, webhookSecretPlace(this.teamId, id));
    const longAgo = new Date(Date.now() - 70 * dayMs);
    const accountKey = `${this.vendor.hostOf({ region: 'ca', environment: 'production' })}#virtual`;
    this.connection = new Connection(
      this.teamId,
      id,
      'fake',
      'ca',
      'production',
      key,
      secret,
      accountKey,
      longAgo,
      longAgo,
    );
    const connections = this.app.get(Connections);
    await this.app.get(UnitOfWork).run(() => connections.add(this.connection));
    await this.app.get(StartScheduledTasks).ensure();
  }

  /** Open cases, ordered evenly over the last days, and known to us and to the vendor. */
  async openCases(count: number, days: number): Promise<void> {
    const [from, step] = [Date.now() - days * dayMs, ((days - 0.1) * dayMs) / count];
    for (let n = 0; n < count; n += 1) {
      const fields = { state: 'invited', vendorStatus: 'APPLICANT_INVITED', email: `c${n}@example.org` } as const;
      this.vendor.addCase(this.account, { ...fields, createdAt: new Date(from + n * step) });
    }
    const rows = this.account.cases.map(({ id, createdAt, email }) => ({
      id,
      at: createdAt,
      email,
      order: randomUUID(),
    }));
    const { teamId, connection } = this;
    const cases = sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as c (id text, at timestamptz, email text, "order" uuid)`;
    await this.db.affected(sql`
      insert into integrations.order (team_id, id, connection_id, account_key, package_id, email, email_canonical, state, case_id)
      select ${teamId}::uuid, c."order", ${connection.id}::uuid, ${connection.accountKey}, 'p', c.email, c.email, 'ordered', c.id from ${cases}`);
    await this.db.affected(sql`
      insert into integrations.case_directory (host, case_id, team_id, order_id)
      select ${connection.host}, c.id, ${teamId}::uuid, c."order" from ${cases}`);
    await this.db.affected(sql`
      insert into integrations.vendor_case (team_id, order_id, connection_id, case_id, state, vendor_status, revision,
                                            confirmed_at, read_at, ordered_at)
      select ${teamId}::uuid, c."order", ${connection.id}::uuid, c.id, 'invited', 'APPLICANT_INVITED', 1,
             now() - interval '1 day', now() - interval '1 day', c.at from ${cases}`);
    await this.db.affected(sql`analyze integrations.vendor_case`);
  }

  /** Changes a case. The events feed shows it, and a webhook announces it unless it is lost. */
  async changes(found: VendorCase, { lost }: { lost: boolean }): Promise<void> {
    const opened = found.state === 'invited';
    const webhookEvent = this.vendor.moveCase(
      found.id,
      opened
        ? { state: 'opened', vendorStatus: 'APPLICANT_OPENED' }
        : { state: 'invited', vendorStatus: 'APPLICANT_INVITED' },
    );
    if (lost) return;
    const { eventId: id, eventType: event_type, caseId: object_id } = webhookEvent;
    const body = Buffer.from(JSON.stringify({ id, event_type, object_id, object_type: 'CASE' }));
    await this.app.get(ReceiveWebhook).take(this.app.get(Vendors).of('fake'), body, sign(body, webhookSecret));
  }

  /** Resolves to the order's id. */
  async order(email: string): Promise<string> {
    const packageId = this.account.packages[0]?.id ?? '';
    const id = randomUUID();
    await this.app.get(CommandBus).execute(new PlaceOrder(this.teamId, id, 'fake', packageId, email));
    return id;
  }

  /** As after an outage of the service: all scheduled tasks are overdue. */
  async everythingIsDue(): Promise<void> {
    await this.db.affected(
      sql`update integrations.scheduled_task set due_at = now(), was_due = now() where kind <> 'comparison'`,
    );
  }

  /** Does everything that is due now. */
  async work(): Promise<void> {
    await this.app.get(StartScheduledTasks).due();
    const eventHandlers = this.app.get(EventHandlerTable);
    for (let events = this.agenda.take(); events.length > 0; events = this.agenda.take()) {
      for (const event of events) {
        const { wireName } = event.constructor as EventType;
        if (!heard.some((name) => wireName.includes(`.${name}.`))) continue;
        for (const { eventHandler } of eventHandlers.to(wireName)) await eventHandler.handle(event);
      }
    }
  }

  /** Skips to the next due time, or to `until` if that is earlier. */
  async advance(until: number): Promise<void> {
    const waiting = this.agenda.entries.map(({ at }) => at - this.now);
    const others = Math.min(dayMs, ...waiting, until - this.now);
    const skipped = await this.db.first(sql<{ ms: number }>`
      with leap as (
        select greatest(0, least(${others}::float8, extract(epoch from min(due_at) - clock_timestamp()) * 1000))::float8 as ms
        from integrations.scheduled_task),
      rounds as (
        update integrations.scheduled_task set due_at = due_at - leap.ms * interval '1 millisecond',
                                      was_due = was_due - leap.ms * interval '1 millisecond' from leap),
      budgets as (
        update integrations.vendor_budget set started_at = started_at - leap.ms * interval '1 millisecond' from leap)
      select ms from leap`);
    this.skippedMs += skipped?.ms ?? 0;
  }
}
