import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { aConnectionTo, limits, OrderTable } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { PostgresRestoredOrders } from './postgres-restored-orders.js';

describe('orders of a database', () => {
  let table: OrderTable;
  let restored: PostgresRestoredOrders;
  let connection: Connection;

  beforeAll(async () => {
    table = await OrderTable.open();
    restored = new PostgresRestoredOrders(table.db);
  });
  beforeEach(() => {
    connection = aConnectionTo(`https://host#${uuidv7()}`);
  });
  afterAll(() => table.close());

  const reconcile = (): Promise<unknown> =>
    table.unitOfWork.run(async () => {
      await restored.lock();
      await restored.markAllUnknown([], limits, 30);
      await restored.record();
    });

  describe.each([
    ['of another cluster', `identity = 'x' || identity`],
    ['that a data-only restore wrote again', `written_by = '3'`],
  ])('with the mark %s', (_, change) => {
    beforeEach(() => table.db.affected(sql.raw(`update platform.database_identity set ${change}`)));

    it('cannot be claimed until they are reconciled', async () => {
      const id = await table.requested(connection);
      expect(await restored.isRecorded()).toBe(false);
      expect(await table.orders.claim(connection.teamId, id, connection, limits)).toEqual({ kind: 'restored' });
      await reconcile();
      expect(await restored.isRecorded()).toBe(true);
    });
  });

  it('need reconciling when the mark is missing', async () => {
    await table.db.affected(sql`delete from platform.database_identity`);
    expect(await restored.isRecorded()).toBe(false);
    await reconcile();
    expect(await restored.isRecorded()).toBe(true);
  });
});
