import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { aConnectionTo, limits, OrderTable } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
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
      await restored.lock();
      await restored.markAllUnknown([], limits, 30);
      await restored.record();
    });
  const read = (id: string): Promise<VendorOrder> => table.read({ teamId: connection.teamId, id });

  describe.each([
    ['of another cluster', `identity = 'x' || identity`],
    ['that a data-only restore wrote again', `written_by = '3'`],
  ])('with the mark %s', (_, change) => {
    beforeEach(() => table.db.affected(sql.raw(`update platform.database_identity set ${change}`)));

    it('cannot be claimed until orders that may be at the vendor have an unknown outcome', async () => {
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

  it('need reconciling when the mark is missing', async () => {
    await table.db.affected(sql`delete from platform.database_identity`);
    expect(await restored.isRecorded()).toBe(false);
    await reconcile();
    expect(await restored.isRecorded()).toBe(true);
  });

  it('are reconciled from their beginning with a new list, and a late answer to a lost attempt matches none', async () => {
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

  it('cannot be told apart at one address: one is reconciled, a person decides about the other', async () => {
    const [first, second] = [
      await table.requested(connection, 'ada@example.org'),
      await table.requested(connection, 'ADA@example.org'),
    ];
    await reconcile();
    expect([(await read(first)).state, (await read(second)).state]).toEqual(['in_doubt', 'needs_decision']);
  });

  it('stay unchanged when they are done', async () => {
    const order = await table.sending(connection);
    await table.orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: uuidv7() });
    await reconcile();
    expect(await table.read(order)).toMatchObject({ state: 'ordered', attempt: order.attempt });
  });
});
