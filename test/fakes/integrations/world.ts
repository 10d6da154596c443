import { Logger } from '@nestjs/common';
import type { DomainEvent } from '#kernel/events';
import type { Id } from '#kernel/id';
import { ConnectionCalls } from '../../../src/contexts/integrations/connections/application/connection-calls.js';
import { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import {
  apiKeyPlace,
  webhookSecretPlace,
} from '../../../src/contexts/integrations/connections/domain/secret-places.js';
import { VendorCalls } from '../../../src/contexts/integrations/gateway/application/vendor-calls.js';
import type { CallLimits, Capabilities } from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import { Vendors } from '../../../src/contexts/integrations/gateway/domain/vendors.js';
import { OrderLimits } from '../../../src/contexts/integrations/orders/application/order-limits.js';
import type { EventHandler } from '../../../src/platform/events/event-handler.js';
import { usualCapabilities } from '../../support/fake-vendor.js';
import { FakeStore, FakeUnitOfWork } from '../fake-store.js';
import { anId, FakeClock, FakeFingerprints, FakeOutbox, FakeSecrets } from '../platform.js';
import { FakeCaseWatch } from './fake-case-watch.js';
import { FakePackages, FakeSealedSecrets, FakeWebhookStatuses } from './fake-connection-facts.js';
import { FakeInboundEvents, FakeRejectedSignatures } from './fake-inbound-events.js';
import { FakeDiscrepancies, FakeFeedEvents, FakeMissedWebhooks, FakeReports } from './fake-watching.js';
import { FakeCaseLinks, FakeErasedCases } from './fake-case-links.js';
import { FakeConnections } from './fake-connections.js';
import { FakeErasedOrders } from './fake-erased-orders.js';
import { FakeCallLog, FakeOrderOwners } from './fake-neighbours.js';
import { FakeRestoredOrders } from './fake-restored-orders.js';
import { FakeUnknownOutcomes } from './fake-unknown-outcomes.js';
import { FakeVendorBudget } from './fake-vendor-budget.js';
import { FakeVendorCases } from './fake-vendor-cases.js';
import { FakeVendorCircuitBreaker } from './fake-vendor-circuit-breaker.js';
import { FakeVendorOrders } from './fake-vendor-orders.js';
import { ScriptedVendor } from './scripted-vendor.js';
import { IntegrationsTables } from './tables.js';

export interface WorldOptions {
  capabilities?: Capabilities;
  calls?: Partial<CallLimits>;
  /** Automatic resends of an order, and of an account in an hour. */
  resends?: number;
  resendsPerHour?: number;
  /** The operator holds all orders. */
  held?: boolean;
}

// What the use cases log is not the subject of the specs.
Logger.overrideLogger(false);

const apiKey = 'the key';
const plentiful = { requestsPerMinute: 600, requestsPerDay: 7220, ordersPerDay: 1000 };
/** When an order of unknown outcome is reconciled, in seconds since its answer was lost: the default. */
const moments = [30, 120, 600, 1800];

/** One team with one vendor account, and every repository of integrations in memory. The base of the worlds of its rooms. */
export class World {
  readonly clock = new FakeClock();
  readonly store = new FakeStore();
  readonly unitOfWork = new FakeUnitOfWork(this.store);
  readonly outbox = new FakeOutbox(this.store);
  readonly secrets = new FakeSecrets();
  readonly fingerprints = new FakeFingerprints();
  readonly tables = new IntegrationsTables(this.store, this.clock);
  readonly connections = new FakeConnections(this.store, this.outbox);
  readonly budget = new FakeVendorBudget(this.tables);
  readonly breaker = new FakeVendorCircuitBreaker(this.tables);
  readonly callLog = new FakeCallLog(this.tables);
  readonly orders = new FakeVendorOrders(this.tables);
  readonly owners = new FakeOrderOwners();
  readonly erasedCases = new FakeErasedCases(this.tables, this.fingerprints);
  readonly links = new FakeCaseLinks(this.tables, this.erasedCases, this.fingerprints);
  readonly unknownOutcomes = new FakeUnknownOutcomes(this.tables, this.erasedCases);
  readonly restoredOrders = new FakeRestoredOrders(this.tables, this.connections);
  readonly erasedOrders = new FakeErasedOrders(this.tables, this.fingerprints);
  readonly cases = new FakeVendorCases(this.tables);
  readonly inboundEvents = new FakeInboundEvents(this.tables, this.connections);
  readonly rejected = new FakeRejectedSignatures(this.tables, this.connections);
  readonly webhookStatuses = new FakeWebhookStatuses(this.tables);
  readonly packages = new FakePackages(this.tables);
  readonly sealedSecrets = new FakeSealedSecrets(this.connections);
  readonly watch = new FakeCaseWatch(this.tables, this.connections);
  readonly reports = new FakeReports(this.tables);
  readonly feedEvents = new FakeFeedEvents(this.tables);
  readonly missedWebhooks = new FakeMissedWebhooks(this.tables);
  readonly discrepancies = new FakeDiscrepancies(this.tables, this.fingerprints, this.erasedCases);

  readonly vendor: ScriptedVendor;
  readonly vendors: Vendors;
  readonly limits: OrderLimits;
  readonly vendorCalls: VendorCalls;
  readonly calls: ConnectionCalls;
  /** The team's account at the vendor. */
  readonly account;
  readonly connection: Connection;
  readonly teamId: string;

  /** Events for the rest of the house, in the order in which they were published. */
  readonly told: DomainEvent[] = [];
  private readonly handlers = new Map<unknown, Pick<EventHandler<never>, 'handle'>>();
  private agenda: { event: DomainEvent; at: number }[] = [];

  constructor({ capabilities = usualCapabilities, calls, ...options }: WorldOptions = {}) {
    this.vendor = new ScriptedVendor(this.clock, capabilities);
    this.account = this.vendor.addAccount(apiKey);
    this.account.packages = [{ id: 'basic', name: 'Basic', active: true }];
    this.vendors = new Vendors([this.vendor.asVendor({ ...plentiful, ...calls })]);
    const { resends = 1, resendsPerHour = 10, held = false } = options;
    this.limits = new OrderLimits(20_000, 900, moments, resends, resendsPerHour, held);
    this.vendorCalls = new VendorCalls(this.budget, this.breaker, this.vendors);
    this.calls = new ConnectionCalls(
      ...([this.connections, this.vendors, this.vendorCalls, this.callLog] as const),
      ...([this.secrets, this.unitOfWork, this.clock] as const),
    );
    this.connection = this.aConnection();
    this.teamId = this.connection.teamId;
  }

  /** Call it first. */
  async begin(): Promise<this> {
    await this.unitOfWork.run(() => this.connections.add(this.connection));
    return this;
  }

  /** A connection of a team to that account. Not saved. */
  aConnection(key = apiKey, teamId: string = anId(), id = anId()): Connection {
    const now = this.clock.now();
    const saved = { last4: '0000', savedAt: now.toISOString(), savedBy: anId() };
    const [sealedKey, sealedSecret] = [
      this.secrets.seal(key, apiKeyPlace(teamId, id)),
      this.secrets.seal(`webhook secret of ${id}`, webhookSecretPlace(teamId, id)),
    ];
    return new Connection(
      ...([teamId, id, 'fake', 'ca', 'production'] as const),
      ...([
        { ...saved, sealed: sealedKey },
        { ...saved, sealed: sealedSecret },
      ] as const),
      ...([`https://production.ca.vendor.example.org#${key}`, now, now] as const),
    );
  }

  /** Changes the team's connection as another request would. */
  async changeConnection(change: (connection: Connection, now: Date) => void): Promise<void> {
    await this.unitOfWork.run(async () => {
      const present = await this.connections.byId(this.teamId, this.connection.id);
      if (!present) throw new Error('The team has no connection.');
      change(present, this.clock.now());
      await this.connections.save(present);
    });
  }

  /** The connection as it is stored. */
  async presentConnection(): Promise<Connection> {
    const present = await this.connections.byId(this.teamId, this.connection.id);
    if (!present) throw new Error('The team has no connection.');
    return present;
  }

  /** An event of another team, or one that a spec hands over itself, is passed to its handler only by `work`. */
  on<Event extends DomainEvent>(
    type: abstract new (...args: never[]) => Event,
    handler: Pick<EventHandler<Event>, 'handle'>,
  ): void {
    this.handlers.set(type, handler);
  }

  /** Everything that is due happens, each event `times` times, as with a queue that delivers at least once. */
  async work(times = 1): Promise<void> {
    for (let next = this.nextDue(); next; next = this.nextDue()) {
      const handler = this.handlers.get(next.constructor);
      if (!handler) this.told.push(next);
      else for (let n = 0; n < times; n += 1) await handler.handle(next as never);
    }
  }

  /** Time passes, and everything happens when it is due. */
  async passes(time: Parameters<FakeClock['advance']>[0]): Promise<void> {
    this.takePublished();
    const end = new Date(this.clock.now());
    const { seconds = 0, hours = 0, days = 0 } = time;
    end.setTime(end.getTime() + (seconds + 3600 * (hours + 24 * days)) * 1000);
    for (;;) {
      const next = Math.min(end.getTime(), ...this.agenda.map(({ at }) => at));
      const left = next - this.clock.now().getTime();
      if (left > 0) this.clock.advance({ seconds: left / 1000 });
      await this.work();
      if (this.clock.now() >= end) return;
    }
  }

  /** Names of the events for the rest of the house since the last call. */
  takeTold(): string[] {
    return this.told.splice(0).map((event) => event.constructor.name);
  }

  async order(id: Id): Promise<NonNullable<ReturnType<IntegrationsTables['order']>>> {
    const found = this.tables.order(this.teamId, id);
    if (!found) throw new Error(`No order ${id} is stored.`);
    return found;
  }

  private nextDue(): DomainEvent | null {
    this.takePublished();
    const now = this.clock.now().getTime();
    const due = this.agenda.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
    const [next] = due;
    if (!next) return null;
    this.agenda = this.agenda.filter((entry) => entry !== next);
    return next.event;
  }

  private takePublished(): void {
    const now = this.clock.now().getTime();
    for (const { event, inSeconds } of this.outbox.published.splice(0))
      this.agenda.push({ event, at: Math.ceil(now + inSeconds * 1000) });
  }
}
