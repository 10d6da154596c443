import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { aConnectionTo, limits, OrderTable, secondsBetween } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
import type { PostgresVendorOrders } from './postgres-vendor-orders.js';

describe('the moves of an order', () => {
  let table: OrderTable;
  let orders: PostgresVendorOrders;
  let connection: Connection;

  beforeAll(async () => {
    table = await OrderTable.open();
    ({ orders } = table);
  });
  beforeEach(() => {
    connection = aConnectionTo(`https://host#${uuidv7()}`);
  });
  afterAll(() => table.close());

  describe('an attempt', () => {
    it('states from when on a list is reliable, and resets earlier reconciliations', async () => {
      const order = await table.sending(connection);
      expect([
        secondsBetween(order.unknownSince, order.deadline),
        secondsBetween(order.deadline, order.visibleAt),
      ]).toEqual([20, 900]);
      expect(order).toMatchObject({ state: 'sending', attempt: 1, reconciliations: 0, reconcileAt: null });
    });

    it('leaves no window when nothing was sent', async () => {
      const order = await table.sending(connection);
      await orders.move(order.teamId, order.id, 'returnToRequested', order.attempt);
      expect((await table.read(order)).unknownSince).toBeNull();
    });

    it('keeps the window of an earlier attempt that may have worked', async () => {
      const first = await table.provedAbsent(connection);
      expect(await orders.move(first.teamId, first.id, 'resend', first.attempt)).toBe(true);
      const again = await orders.claim(first.teamId, first.id, connection, limits);
      if (again.kind !== 'claimed') throw new Error(again.kind);
      expect(again.order).toMatchObject({ attempt: 2, reconciliations: 0, unknownSince: first.unknownSince });
      await orders.move(first.teamId, first.id, 'returnToRequested', 2);
      expect((await table.read(first)).unknownSince).toEqual(first.unknownSince);
    });

    it('waits while another order of the account to the same address is in flight', async () => {
      const order = await table.lost(connection, 'ada@example.org');
      const other = await table.requested(connection, 'ADA@example.org');
      expect(await orders.claim(order.teamId, other, connection, limits)).toEqual({ kind: 'address_busy' });
      const busyFor = (id: string): Promise<number | null> =>
        orders.addressIsBusyFor(order.teamId, id, connection.accountKey);
      expect(await busyFor(order.id)).toBeNull();
      // Many orders may wait for one whose outcome stays unknown for hours.
      for (const [reconcileIn, wait] of [
        [30, 30],
        [3600, 60],
        [-10, 5],
      ] as const) {
        await table.db.affected(sql`
          update integrations.order set reconcile_at = now() + ${reconcileIn} * interval '1 second' where id = ${order.id}`);
        expect(Math.round((await busyFor(other)) ?? 0)).toBe(wait);
      }
      await orders.move(order.teamId, order.id, 'ask', order.attempt);
      expect(await busyFor(other)).toBeNull();
    });

    it('moves nothing when its number is outdated', async () => {
      const order = await table.lost(connection);
      for (const move of ['place', 'refuse', 'ask'] as const) {
        expect(await orders.move(order.teamId, order.id, move, order.attempt + 1)).toBe(false);
      }
      expect((await table.read(order)).state).toBe('in_doubt');
    });
  });

  it('accept a case that is found late, while a resend is still planned [B13]', async () => {
    const order = await table.provedAbsent(connection);
    await orders.move(order.teamId, order.id, 'resend', order.attempt);
    expect(await orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: 'c', foundBy: 'notice' })).toBe(
      true,
    );
    expect(await orders.claim(order.teamId, order.id, connection, limits)).toEqual({ kind: 'not_claimable' });
  });

  it('refuse a case of the earlier attempt once the order was resent', async () => {
    const order = await table.provedAbsent(connection);
    await orders.move(order.teamId, order.id, 'resend', order.attempt);
    await orders.claim(order.teamId, order.id, connection, limits);
    expect(await orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: 'c' })).toBe(false);
  });

  it('keep the cases that a person ruled out', async () => {
    const order = await table.lost(connection);
    for (const candidates of [['a', 'b'], ['c']]) {
      const { attempt } = await table.read(order);
      await orders.move(order.teamId, order.id, 'ask', attempt, { candidates });
      expect(await orders.move(order.teamId, order.id, 'sendAgain', attempt, { candidates: [] })).toBe(false);
      await table.wait(order, '1 hour');
      expect(await orders.move(order.teamId, order.id, 'sendAgain', attempt, { candidates: [] })).toBe(true);
      await orders.claim(order.teamId, order.id, connection, limits);
      await orders.move(order.teamId, order.id, 'markUnknown', attempt + 1, { reconcileAfterSeconds: 30 });
    }
    expect(await table.read(order)).toMatchObject({ candidates: [], refusedCases: ['a', 'b', 'c'] });
  });

  it('withdraw an order that must not be sent only when it was not sent', async () => {
    const [unsent, order] = [await table.requested(connection), await table.sending(connection)];
    expect(await orders.move(order.teamId, unsent, 'withdraw', null)).toBe(false);
    for (const id of [unsent, order.id]) await orders.markDoNotSend(order.teamId, id);
    expect(await orders.move(order.teamId, unsent, 'withdraw', null)).toBe(true);
    expect(await orders.move(order.teamId, order.id, 'withdraw', null)).toBe(false);
    await orders.move(order.teamId, order.id, 'returnToRequested', order.attempt);
    expect(await orders.claim(order.teamId, order.id, connection, limits)).toEqual({ kind: 'not_claimable' });
    expect(await orders.move(order.teamId, order.id, 'withdraw', null)).toBe(true);
  });

  it('mark only orders in flight when the integration is disabled', async () => {
    const all = [
      await table.sending(connection),
      await table.lost(connection),
      await table.lost(connection),
      await table.read({ ...(await table.sending(connection)), id: await table.requested(connection) }),
    ];
    const [, , asked] = all;
    await orders.move(connection.teamId, asked?.id ?? '', 'ask', 1);
    const elsewhere = await table.lost(aConnectionTo('https://other#1'));
    await orders.markAllDoNotSend(connection.teamId);
    const marks = await Promise.all([...all, elsewhere].map(async (order) => (await table.read(order)).doNotSend));
    expect(marks).toEqual([true, true, false, false, false]);
  });
});
