import { v7 as uuidv7 } from 'uuid';
import { sql } from 'kysely';
import { aConnectionTo, limits, OrderTable, secondsBetween } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
import type { PostgresUnknownOutcomes } from './postgres-unknown-outcomes.js';
import type { PostgresVendorOrders } from './postgres-vendor-orders.js';

const waits = [30, 120, 600, 1800];

describe('orders with an unknown outcome', () => {
  let table: OrderTable;
  let orders: PostgresVendorOrders;
  let unknownOutcomes: PostgresUnknownOutcomes;
  let connection: Connection;

  beforeAll(async () => {
    table = await OrderTable.open();
    ({ orders, unknownOutcomes } = table);
  });
  beforeEach(() => {
    connection = aConnectionTo(`https://host#${uuidv7()}`);
  });
  afterAll(() => table.close());

  describe('a reconciliation', () => {
    it('takes the due orders and plans their next turn', async () => {
      const [order, later] = [await table.lost(connection), await table.lost(connection)];
      await table.wait(order, '30 seconds');
      for (const next of [120, 600, 1800, 1800, 1800]) {
        const reconciliation = await unknownOutcomes.takeDue(order.teamId, connection.id, waits);
        expect(reconciliation.orders.map(({ id }) => id)).toEqual([order.id]);
        expect(secondsBetween(reconciliation.at, reconciliation.orders[0]?.reconcileAt ?? null)).toBe(next);
        expect((await unknownOutcomes.takeDue(order.teamId, connection.id, waits)).orders).toEqual([]);
        await table.wait(order, `${next} seconds`);
      }
      expect([(await table.read(order)).reconciliations, (await table.read(later)).reconciliations]).toEqual([5, 0]);
    });

    it('also takes orders that are nearly due', async () => {
      const [order, soon] = [await table.lost(connection), await table.lost(connection)];
      await table.wait(order, '30 seconds');
      await table.wait(soon, '28 seconds');
      const reconciliation = await unknownOutcomes.takeDue(order.teamId, connection.id, waits);
      expect(reconciliation.orders.map(({ id }) => id).toSorted()).toEqual([order.id, soon.id].toSorted());
    });

    it('takes each order once when several run at the same time [B13]', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => table.lost(connection)));
      await Promise.all(all.map((order) => table.wait(order, '30 seconds')));
      const reconciliations = await Promise.all(
        [1, 2, 3, 4].map(() =>
          table.unitOfWork.run(() => unknownOutcomes.takeDue(connection.teamId, connection.id, waits)),
        ),
      );
      const taken = reconciliations.flatMap((reconciliation) => reconciliation.orders.map(({ id }) => id));
      expect(taken.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
    });

    it('leaves the turns unchanged when it is out of turn', async () => {
      const order = await table.lost(connection);
      expect(await unknownOutcomes.takeOne(order.teamId, order.id)).toMatchObject({ orders: [order] });
      expect(await table.read(order)).toEqual(order);
      await orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: 'c' });
      expect((await unknownOutcomes.takeOne(order.teamId, order.id)).orders).toEqual([]);
    });
  });

  describe('absence', () => {
    it('is proved by two lists, the last of them after the visibility lag', async () => {
      const order = await table.lost(connection);
      const early = await table.now(connection);
      expect(await unknownOutcomes.noteAbsence(order, early)).toEqual({ proved: false });
      expect(await unknownOutcomes.noteAbsence(order, early)).toEqual({ proved: false });
      expect(await orders.move(order.teamId, order.id, 'resend', order.attempt)).toBe(false);
      await table.wait(order, '921 seconds');
      expect(await unknownOutcomes.noteAbsence(order, await table.now(connection))).toEqual({ proved: true });
      expect(await orders.move(order.teamId, order.id, 'resend', order.attempt)).toBe(true);
    });

    it('is not proved by one list, however late', async () => {
      const order = await table.lost(connection);
      await table.wait(order, '1 day');
      expect(await unknownOutcomes.noteAbsence(order, await table.now(connection))).toEqual({ proved: false });
      expect(await orders.move(order.teamId, order.id, 'resend', order.attempt)).toBe(false);
    });

    it('is recorded only for the reconciled attempt, and only while its outcome is unknown', async () => {
      const order = await table.lost(connection);
      expect(await unknownOutcomes.noteAbsence({ ...order, attempt: 2 }, new Date())).toBeNull();
      await orders.move(order.teamId, order.id, 'place', order.attempt, { caseId: 'c' });
      expect(await unknownOutcomes.noteAbsence(order, new Date())).toBeNull();
    });

    it('allows only one automatic resend of an order, ever', async () => {
      const order = await table.provedAbsent(connection);
      expect(await orders.move(order.teamId, order.id, 'resend', 1)).toBe(true);
      await orders.claim(order.teamId, order.id, connection, limits);
      await orders.move(order.teamId, order.id, 'markUnknown', 2, { reconcileAfterSeconds: 30 });
      await table.wait(order, '1 hour');
      const second = await table.read(order);
      await unknownOutcomes.noteAbsence(second, await table.now(connection));
      expect(await unknownOutcomes.noteAbsence(second, await table.now(connection))).toEqual({ proved: true });
      expect(await orders.move(order.teamId, order.id, 'resend', 2)).toBe(false);
      expect(await orders.move(order.teamId, order.id, 'ask', 2)).toBe(true);
    });

    it('ends an order that is no longer wanted', async () => {
      const order = await table.provedAbsent(connection);
      expect(await orders.move(order.teamId, order.id, 'giveUp', order.attempt)).toBe(false);
      await orders.markDoNotSend(order.teamId, order.id);
      expect(await orders.move(order.teamId, order.id, 'resend', order.attempt)).toBe(false);
      expect(await orders.move(order.teamId, order.id, 'giveUp', order.attempt)).toBe(true);
    });

    it('counts the automatic resends of an account for an hour', async () => {
      const [first, second] = [await table.provedAbsent(connection), await table.provedAbsent(connection)];
      const roomIn = (perHour: number): Promise<number> =>
        table.unitOfWork.run(() => unknownOutcomes.resendAllowedInSeconds(second, perHour));
      expect(await roomIn(1)).toBe(0);
      await orders.move(first.teamId, first.id, 'resend', first.attempt);
      await table.wait(first, '20 minutes');
      expect(await roomIn(2)).toBe(0);
      expect((await roomIn(1)) / 60).toBeCloseTo(40, 0);
      await table.wait(first, '41 minutes');
      expect(await roomIn(1)).toBe(0);
    });
  });

  describe('a rival', () => {
    const isRival = async (at: Connection, email: string, interval = '0'): Promise<boolean> => {
      const order = await table.lost(connection, 'ada@example.org');
      const other = await table.lost(at, email);
      await orders.move(at.teamId, other.id, 'ask', other.attempt);
      await table.wait(other, interval);
      return unknownOutcomes.hasRival(order);
    };

    it('is an undecided order of any team to the same address at the same host and time', async () => {
      expect(await isRival(aConnectionTo(connection.accountKey.replace('#', '#2')), 'ADA@example.org')).toBe(true);
    });

    it('is not one to another address', async () => {
      connection = aConnectionTo(`https://second#${uuidv7()}`);
      expect(await isRival(aConnectionTo('https://second#1'), 'ada+2@example.org')).toBe(false);
    });

    it('is not one at another host', async () => {
      connection = aConnectionTo(`https://elsewhere#${uuidv7()}`);
      expect(await isRival(aConnectionTo('https://host#4'), 'ada@example.org')).toBe(false);
    });

    it('is not one of another time', async () => {
      connection = aConnectionTo(`https://third#${uuidv7()}`);
      expect(await isRival(aConnectionTo('https://third#1'), 'ada@example.org', '1 hour')).toBe(false);
    });
  });

  it('use the youngest case that a healthy list must show as the sentinel case', async () => {
    expect(await unknownOutcomes.sentinelCase(connection.teamId, connection.id)).toBeNull();
    for (const [caseId, age] of [
      ['old', '3 hours'],
      ['right', '2 hours'],
      ['fresh', '5 minutes'],
    ] as const) {
      const order = await table.sending(connection);
      await orders.move(order.teamId, order.id, 'place', order.attempt, { caseId, foundBy: 'response' });
      await table.wait(order, age);
    }
    const sentinel = await unknownOutcomes.sentinelCase(connection.teamId, connection.id);
    expect(sentinel).toMatchObject({ caseId: 'right' });
    expect(secondsBetween(sentinel?.from ?? null, sentinel?.to ?? null)).toBe(2 * 60 + 20 + 900);
  });

  it('are matched only with cases that no other order has', async () => {
    await table.db.affected(sql`
      insert into integrations.case_directory (host, case_id, team_id, order_id)
      values ('https://h', 'taken', ${uuidv7()}, ${uuidv7()})`);
    expect(await unknownOutcomes.unlinked('https://h', ['taken', 'free'])).toEqual(['free']);
    expect(await unknownOutcomes.unlinked('https://other', ['taken'])).toEqual(['taken']);
    expect(await unknownOutcomes.unlinked('https://h', [])).toEqual([]);
  });
});
