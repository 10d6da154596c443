import { sql } from 'kysely';
import { Outbox } from '#kernel/ports';
import { EntityManager } from '@mikro-orm/postgresql';
import { caseLinksContract } from '../../../../../test/contracts/integrations/case-links.contract.js';
import { connectionsContract } from '../../../../../test/contracts/integrations/connections.contract.js';
import type { Key } from '../../../../../test/contracts/integrations/order-fixtures.js';
import { orderMovesContract } from '../../../../../test/contracts/integrations/order-moves.contract.js';
import { orderTurnsContract } from '../../../../../test/contracts/integrations/order-turns.contract.js';
import { restoredOrdersContract } from '../../../../../test/contracts/integrations/restored-orders.contract.js';
import { unknownOutcomesContract } from '../../../../../test/contracts/integrations/unknown-outcomes.contract.js';
import { vendorOrdersContract } from '../../../../../test/contracts/integrations/vendor-orders.contract.js';
import { OrderTable } from '../../../../../test/support/order-table.js';
import { PostgresVendorCases } from '../../cases/adapters/postgres/postgres-vendor-cases.js';
import { PostgresConnections } from '../../connections/adapters/postgres/postgres-connections.js';
import { PostgresCaseLinks } from './postgres/postgres-case-links.js';
import { PostgresErasedCases } from './postgres/postgres-erased-cases.js';
import { PostgresRestoredOrders } from './postgres/postgres-restored-orders.js';

let table: OrderTable;
beforeAll(async () => {
  table = await OrderTable.open();
});
afterAll(() => table?.close());

const adapters = () => ({
  unitOfWork: table.unitOfWork,
  orders: table.orders,
  unknownOutcomes: table.unknownOutcomes,
  links: new PostgresCaseLinks(table.db, new PostgresErasedCases(table.db, table.fingerprints)),
  cases: new PostgresVendorCases(table.db),
  connections: new PostgresConnections(table.get(EntityManager), table.db, table.get(Outbox)),
  restoredOrders: new PostgresRestoredOrders(table.db),
  pass: async (seconds: number, ...orders: Key[]) => {
    for (const order of orders) await table.wait(order, `${seconds} seconds`);
  },
  restore: async () =>
    void (await table.db.affected(sql`update platform.database_identity set identity = 'x' || identity`)),
});

vendorOrdersContract('in Postgres', adapters);
orderMovesContract('in Postgres', adapters);
orderTurnsContract('in Postgres', adapters);
unknownOutcomesContract('in Postgres', adapters);
caseLinksContract('in Postgres', adapters);
restoredOrdersContract('in Postgres', adapters);
connectionsContract('in Postgres', adapters);
