import { sql } from 'kysely';
import { Outbox } from '#kernel/ports';
import { EntityManager } from '@mikro-orm/postgresql';
import { connectionsContract } from '../../../../../test/contracts/integrations/connections.contract.js';
import { vendorOrdersContract } from '../../../../../test/contracts/integrations/vendor-orders.contract.js';
import { OrderTable } from '../../../../../test/support/order-table.js';
import { PostgresConnections } from '../../connections/adapters/postgres/postgres-connections.js';

let table: OrderTable;
beforeAll(async () => {
  table = await OrderTable.open();
});
afterAll(() => table?.close());

vendorOrdersContract('in Postgres', () => ({
  unitOfWork: table.unitOfWork,
  orders: table.orders,
  pass: async (seconds, ...orders) => {
    for (const { id } of orders) {
      await table.wait({ id }, `${seconds} seconds`);
      await table.db.affected(sql`
        update integrations.order set due_at = due_at - ${seconds} * interval '1 second' where id = ${id}`);
    }
  },
  proveAbsent: async (order) => {
    for (let lists = 0; lists < 2; lists += 1) await table.unknownOutcomes.noteAbsence(order, new Date());
  },
}));

connectionsContract('in Postgres', () => ({
  unitOfWork: table.unitOfWork,
  connections: new PostgresConnections(table.get(EntityManager), table.db, table.get(Outbox)),
}));
