import { EntityManager } from '@mikro-orm/postgresql';
import { Logger, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Audit, Clock, Fingerprints, Ids, Outbox, Secrets, UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { EventHandlerTable } from '#platform/events/event-handler-table';
import { PlatformModule } from '#platform/platform.module';
import { ReceiveWebhook } from '../../src/contexts/integrations/cases/application/following/receive-webhook.js';
import { RefreshCaseHandler } from '../../src/contexts/integrations/cases/application/following/refresh-case.js';
import { UnknownCases } from '../../src/contexts/integrations/cases/application/following/unknown-cases.js';
import { CasesModule } from '../../src/contexts/integrations/cases/cases.module.js';
import { DisconnectHandler } from '../../src/contexts/integrations/connections/application/disconnect.js';
import { Connections } from '../../src/contexts/integrations/connections/domain/connections.js';
import { Vendors } from '../../src/contexts/integrations/gateway/domain/vendors.js';
import { sign } from '../../src/contexts/integrations/vendors/certn/certn-webhook.js';
import { CallLog, VendorBudget } from '../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import { VendorCircuitBreaker } from '../../src/contexts/integrations/gateway/domain/vendor-circuit-breaker.js';
import { IntegrationsModule } from '../../src/contexts/integrations/integrations.module.js';
import { DecideOrderHandler } from '../../src/contexts/integrations/orders/application/decide-order.js';
import { PlaceOrderHandler } from '../../src/contexts/integrations/orders/application/place-order.js';
import { WithdrawOrderHandler } from '../../src/contexts/integrations/orders/application/withdraw-order.js';
import { ErasedCases } from '../../src/contexts/integrations/orders/domain/erased-cases.js';
import { UnknownOutcomes } from '../../src/contexts/integrations/orders/domain/unknown-outcomes.js';
import { OrderOwners, VendorOrders } from '../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { schemas } from '../../src/schemas.js';
import { environmentOfOwner } from '../support/environment.js';
import { PlainFingerprints } from '../support/plain-fingerprints.js';
import {
  ClosedCircuitBreaker,
  UnlimitedBudget,
  NoAudit,
  NoCallLog,
  OneId,
  PlainSecrets,
  ScriptedOwners,
  RecordedClock,
  RecordedConnections,
  RecordedDatabase,
  RecordedOutbox,
  RecordedUnitOfWork,
} from './recorded-ports.js';
import { ScriptedVendor } from './scripted-vendor.js';
import type { Json } from './values.js';

/** Seconds, in multiples of the quantum. */
export const timing = { timeout: 20, firstReconciliation: 40, nextReconciliations: 200, visibilityLag: 120 };

/** Faulty repositories in place of the production ones: the exploration must find their errors. */
export interface OtherRepositories {
  orders?: new (database: Database) => VendorOrders;
  unknownOutcomes?: new (database: Database, erasedCases: ErasedCases) => UnknownOutcomes;
}

/** Work for a worker, or a person's request. */
export interface Job {
  /** The event's wire name, or the command's name. */
  name: string;
  payload: { teamId: string; [field: string]: Json };
}

const adminId = '01890000-0000-7000-8000-000000000001' as Id;
const admin = (teamId: string): Caller =>
  new Caller(teamId, { id: adminId, name: 'Ada' }, 'admin', { kind: 'all_but', jobIds: [] }, new Map(), []);

/** Commands by name, from people or from other contexts' event handlers. */
const commands = {
  PlaceOrder: PlaceOrderHandler,
  WithdrawOrder: WithdrawOrderHandler,
  Disconnect: DisconnectHandler,
  DecideOrder: DecideOrderHandler,
  RefreshCase: RefreshCaseHandler,
} satisfies Record<string, Type<{ execute(command: never): Promise<unknown> }>>;

/** The integrations module as in production. The explorer controls the connection to the vendor, the queue and the clock. */
export class Machine {
  private constructor(private readonly module: TestingModule) {}

  static async on(databaseUrl: string, others: OtherRepositories = {}): Promise<Machine> {
    Object.assign(process.env, environmentOfOwner(databaseUrl, settings));
    Logger.overrideLogger(false);
    const building = Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas(schemas), IntegrationsModule],
    })
      .overrideProvider(Database)
      .useFactory({ inject: [EntityManager], factory: (em: EntityManager) => new RecordedDatabase(em) })
      .overrideProvider(UnitOfWork)
      .useFactory({ inject: [EntityManager], factory: (em: EntityManager) => new RecordedUnitOfWork(em) })
      .overrideProvider(Connections)
      .useFactory({
        inject: [EntityManager, Database, Outbox, UnitOfWork],
        factory: (em: EntityManager, database: Database, outbox: Outbox, unitOfWork: UnitOfWork) =>
          new RecordedConnections(em, database, outbox, unitOfWork),
      })
      .overrideProvider(Outbox)
      .useClass(RecordedOutbox)
      .overrideProvider(Clock)
      .useClass(RecordedClock)
      .overrideProvider(Secrets)
      .useClass(PlainSecrets)
      .overrideProvider(Audit)
      .useClass(NoAudit)
      .overrideProvider(Ids)
      .useClass(OneId)
      .overrideProvider(VendorBudget)
      .useClass(UnlimitedBudget)
      .overrideProvider(VendorCircuitBreaker)
      .useClass(ClosedCircuitBreaker)
      .overrideProvider(CallLog)
      .useClass(NoCallLog)
      .overrideProvider(Fingerprints)
      .useClass(PlainFingerprints)
      .overrideProvider(OrderOwners)
      .useClass(ScriptedOwners)
      .overrideProvider(Vendors)
      .useValue(new Vendors([new ScriptedVendor().asVendor()]));
    for (const [port, other] of [
      [VendorOrders, others.orders],
      [UnknownOutcomes, others.unknownOutcomes],
    ] as const) {
      if (!other) continue;
      building.overrideProvider(port).useFactory({
        inject: [Database, ErasedCases],
        factory: (db: Database, erasedCases: ErasedCases) => new other(db, erasedCases),
      });
    }
    return new Machine(await building.compile());
  }

  get database(): Database {
    return this.module.get(Database, { strict: false });
  }

  get connections(): Connections {
    return this.module.get(Connections, { strict: false });
  }

  get unitOfWork(): UnitOfWork {
    return this.module.get(UnitOfWork, { strict: false });
  }

  get entities(): EntityManager {
    return this.module.get(EntityManager, { strict: false });
  }

  /** Whether an event handler of the order machine subscribes to this event. */
  handles(event: string): boolean {
    return this.eventHandlersOf(event).length > 0;
  }

  async handle({ name, payload }: Job): Promise<unknown> {
    if (name in commands) {
      const handler: { execute(command: never): Promise<unknown> } = this.module.get(
        commands[name as keyof typeof commands],
        { strict: false },
      );
      return handler.execute({ ...payload, caller: admin(payload.teamId) } as never);
    }
    if (name === 'ReceiveWebhook') return this.receiveWebhook(payload['caseId']);
    for (const { eventHandler } of this.eventHandlersOf(name)) await eventHandler.handle({ ...payload });
    return null;
  }

  /** A webhook of the vendor about a case, signed as the vendor signs. */
  private async receiveWebhook(caseId: Json | undefined): Promise<unknown> {
    const [vendor] = this.module.get(Vendors, { strict: false }).all;
    const body = Buffer.from(
      JSON.stringify({ event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' }),
    );
    const signature = sign(body, webhookSecret);
    // Each run gets its own instance: a run that the explorer abandons would block the next ones in its batches.
    const made = this.module.select(CasesModule).get(ModuleRef);
    const receiveWebhook = await made.create(ReceiveWebhook);
    Object.assign(receiveWebhook as object, { unknownCases: await made.create(UnknownCases) });
    return receiveWebhook.take(vendor, body, signature);
  }

  private eventHandlersOf(event: string): ReturnType<EventHandlerTable['to']> {
    const all = this.module.get(EventHandlerTable, { strict: false }).to(event);
    return all.filter(({ options }) => eventHandlers.has(options.name));
  }

  async close(): Promise<void> {
    await this.module.close();
  }
}

export const webhookSecret = 'secret';

/** The event handlers of the order machine. Handlers that follow a known case are not part of it. */
const eventHandlers = new Set(['attempt-order', 'reconcile-orders', 'identify-case', 'resume-orders']);

const settings = {
  ROLE: 'api',
  ORDER_TIMEOUT_MS: String(timing.timeout * 1000),
  ORDER_VISIBILITY_LAG_SECONDS: String(timing.visibilityLag),
  ORDER_OUTCOME_UNKNOWN_SECONDS: `${timing.firstReconciliation},${timing.firstReconciliation + timing.nextReconciliations}`,
};
