import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { integrationsSchema } from '../../src/contexts/integrations/adapters/postgres/schema.js';
import type { Connection } from '../../src/contexts/integrations/connections/domain/connection.js';
import { PostgresErasedCases } from '../../src/contexts/integrations/orders/adapters/postgres/postgres-erased-cases.js';
import { PostgresUnknownOutcomes } from '../../src/contexts/integrations/orders/adapters/postgres/postgres-unknown-outcomes.js';
import { PostgresVendorOrders } from '../../src/contexts/integrations/orders/adapters/postgres/postgres-vendor-orders.js';
import { ErasedCases } from '../../src/contexts/integrations/orders/domain/erased-cases.js';
import type { VendorOrder } from '../../src/contexts/integrations/orders/domain/vendor-order.js';
import { Fingerprints, UnitOfWork } from '../../src/kernel/ports.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { aConnectionTo, limits, secondsBetween } from '../contracts/integrations/order-fixtures.js';
import { environmentOfOwner } from './environment.js';
import { createTestDatabase, type TestDatabase } from './test-database.js';

export { aConnectionTo, limits, secondsBetween };

/** Orders in a separate database, with the production repositories, and with time that the test controls. */
export class OrderTable {
  private constructor(
    private readonly module: TestingModule,
    private readonly own: TestDatabase,
    readonly orders: PostgresVendorOrders,
    readonly unknownOutcomes: PostgresUnknownOutcomes,
    readonly unitOfWork: UnitOfWork,
    readonly db: Database,
    readonly fingerprints: Fingerprints,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<OrderTable> {
    const database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, settings));
    const module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([integrationsSchema])],
      providers: [
        PostgresVendorOrders,
        PostgresUnknownOutcomes,
        { provide: ErasedCases, useClass: PostgresErasedCases },
      ],
    }).compile();
    await module.init();
    const [orders, unknownOutcomes] = [module.get(PostgresVendorOrders), module.get(PostgresUnknownOutcomes)];
    return new OrderTable(
      module,
      database,
      orders,
      unknownOutcomes,
      module.get(UnitOfWork),
      module.get(Database),
      module.get(Fingerprints),
    );
  }

  /** A provider of the platform, by its class. */
  get<Part>(part: abstract new (...args: never[]) => Part): Part {
    return this.module.get(part);
  }

  async close(): Promise<void> {
    await this.module.close();
    await this.own.drop();
  }

  async requested(at: Connection, email = `ada-${uuidv7()}@example.org`): Promise<string> {
    const id = uuidv7();
    await this.orders.addIfAbsent({ teamId: at.teamId, id, packageId: 'p-1', email }, at);
    return id;
  }

  async sending(at: Connection, email?: string): Promise<VendorOrder> {
    const claim = await this.orders.claim(at.teamId, await this.requested(at, email), at, limits);
    if (claim.kind !== 'claimed') throw new Error(claim.kind);
    return claim.order;
  }

  async lost(at: Connection, email?: string): Promise<VendorOrder> {
    const order = await this.sending(at, email);
    await this.orders.move(order.teamId, order.id, 'markUnknown', order.attempt, { reconcileAfterSeconds: 30 });
    return this.read(order);
  }

  /** Reconciled often enough without finding a case. */
  async provedAbsent(at: Connection): Promise<VendorOrder> {
    const order = await this.lost(at);
    await this.wait(order, '1 hour');
    const reconciled = await this.now(at);
    await this.unknownOutcomes.noteAbsence(order, reconciled);
    await this.unknownOutcomes.noteAbsence(order, reconciled);
    return this.read(order);
  }

  async read({ teamId, id }: Pick<VendorOrder, 'teamId' | 'id'>): Promise<VendorOrder> {
    const order = await this.orders.find(teamId, id);
    if (!order) throw new Error('gone');
    return order;
  }

  /** The database's time, as a reconciliation reads it. */
  async now(at: Connection): Promise<Date> {
    return (await this.unknownOutcomes.takeOne(at.teamId, (await this.lost(at)).id)).at;
  }

  /** Moves the times of this order back, as if that interval had passed. */
  async wait({ id }: Pick<VendorOrder, 'id'>, interval: string): Promise<void> {
    await this.db.affected(sql`
      update integrations.order
      set reconcile_at = reconcile_at - ${interval}::interval, visible_at = visible_at - ${interval}::interval,
          deadline = deadline - ${interval}::interval, unknown_since = unknown_since - ${interval}::interval,
          resent_at = resent_at - ${interval}::interval, erase_wanted_at = erase_wanted_at - ${interval}::interval,
          due_at = due_at - ${interval}::interval, erase_due_at = erase_due_at - ${interval}::interval,
          updated_at = updated_at - ${interval}::interval
      where id = ${id}`);
  }
}
