import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { aConnectionTo, limits, OrderTable } from '../../../../../test/support/order-table.js';
import type { Connection } from '../../domain/connection.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { PostgresRestoredOrders } from './postgres-restored-orders.js';

describe('orders of a restored database', () => {
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
      await restored.hold();
      await restored.markAllUnknown([], limits, 30);
      await restored.record();
    });
  const read = (id: string): Promise<VendorOrder> => table.read({ teamId: connection.teamId, id });

  describe.each([
    ['of another cluster', `identity = 'x' || identity`],
    ['that was written again by a restore of data alone', `written_by = '3'`],
  ])('with the mark %s', (_, change) => {
    beforeEach(() => table.db.affected(sql.raw(`update platform.database_identity set ${change}`)));

    it('nothing is claimed, until what may be at the vendor is in doubt', async () => {
      const id = await table.requested(connection);
      expect(await restored.isRecorded()).toBe(false);
      expect(await table.orders.claim(connection.teamId, id, connection, limits)).toEqual({ kind: 'restored' });
      expect((await read(id)).state).toBe('requested');
      await reconcile();
      expect(await restored.isRecorded()).toBe(true);
      expect(await table.orders.claim(connection.teamId, id, connection, limits)).toEqual({ kind: 'not_claimable' });
      const later = await table.requested(connection);
      expect(await table.orders.claim(connection.teamId, later, connection, limits)).toMatchObject({ kind: 'claimed' });
    });
  });

  it('without a mark nothing is claimed', async () => {
    await table.db.affected(sql`delete from platform.database_identity`);
    expect(await restored.isRecorded()).toBe(false);
    await reconcile();
    expect(await restored.isRecorded()).toBe(true);
  });

  it('are looked for from their beginning, by a list of now, and a late answer to a lost attempt fits none', async () => {
    const waiting = await table.requested(connection);
    const sending = await table.sending(connection);
    const absent = await table.provedAbsent(connection);
    const asked = await table.lost(connection);
    await table.orders.move(asked.teamId, asked.id, 'ask', asked.attempt, { candidates: ['c1'] });
    await reconcile();
    for (const id of [waiting, sending.id, absent.id, asked.id]) {
      const order = await read(id);
      expect(order).toMatchObject({ state: 'in_doubt', reconciliations: 0 });
      expect(order.reconcileAt).not.toBeNull();
      expect(order.visibleAt?.getTime()).toBeGreaterThan(Date.now() + 900_000);
      expect(await table.orders.move(order.teamId, id, 'resend', order.attempt)).toBe(false);
    }
    expect((await read(absent.id)).unknownSince).toEqual((await table.read(absent)).unknownSince);
    expect(await table.orders.move(sending.teamId, sending.id, 'place', sending.attempt, { caseId: 'c2' })).toBe(false);
  });

  it('to one address cannot be told apart: one is looked for, a person is asked about the other', async () => {
    const [first, second] = [
      await table.requested(connection, 'ada@example.org'),
      await table.requested(connection, 'ADA@example.org'),
    ];
    await reconcile();
    expect([(await read(first)).state, (await read(second)).state]).toEqual(['in_doubt', 'needs_decision']);
  });

  it('that are done stay as they are', async () => {
    const order = await table.sending(connection);
    await table.orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: uuidv7() });
    await reconcile();
    expect(await table.read(order)).toMatchObject({ state: 'ordered', attempt: order.attempt });
  });
});
