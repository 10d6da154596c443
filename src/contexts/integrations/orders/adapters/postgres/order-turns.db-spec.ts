import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { aConnectionTo, OrderTable } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { StalledOrders } from './stalled-orders.js';

describe('turns of waiting orders', () => {
  let table: OrderTable;
  let connection: Connection;
  beforeAll(async () => (table = await OrderTable.open()));
  beforeEach(() => (connection = aConnectionTo(`https://h#${randomUUID()}`)));
  afterAll(() => table.close());

  const line = (): { accountKey: string; gapSeconds: number } => ({
    accountKey: connection.accountKey,
    gapSeconds: 10,
  });
  const waits = (id: string, inSeconds: number, at = connection): Promise<number | null> =>
    table.orders.planTurn(at.teamId, id, { inSeconds, line: line() });
  const turnComes = (id: string): Promise<unknown> =>
    table.db.affected(sql`update integrations.order set due_at = now() - interval '1 second' where id = ${id}`);

  it('are one after the other, whichever order is planned again', async () => {
    const [first, second] = [await table.requested(connection), await table.requested(connection)];
    expect(await waits(first, 30)).toBeGreaterThanOrEqual(30);
    const behind = await waits(second, 30);
    expect(behind).toBeGreaterThanOrEqual(35);
    await turnComes(first);
    await turnComes(second);
    expect(await waits(first, 100)).toBeLessThan(111);
    expect(await waits(second, 0)).toBeGreaterThanOrEqual(105);
  });

  it('keep a later order from overtaking until they are due', async () => {
    const [first, second] = [await table.requested(connection), await table.requested(connection)];
    const isBehind = (id: string): Promise<boolean> =>
      table.orders.isBehindOthers(connection.teamId, id, connection.accountKey);
    expect(await isBehind(second)).toBe(false);
    await waits(first, 30);
    expect([await isBehind(first), await isBehind(second)]).toEqual([false, true]);
    await turnComes(first);
    expect(await isBehind(second)).toBe(false);
  });

  it('belong to one account and do not delay another', async () => {
    await waits(await table.requested(connection), 1000);
    const other = aConnectionTo(`https://h#${randomUUID()}`);
    expect(await table.orders.isBehindOthers(other.teamId, await table.requested(other), other.accountKey)).toBe(false);
  });

  it('are planned once, even when a job is delivered twice', async () => {
    const id = await table.requested(connection);
    expect(await waits(id, 30)).not.toBeNull();
    expect(await waits(id, 30)).toBeNull();
    expect(await table.orders.planTurn(connection.teamId, id, { inSeconds: 5 })).toBeNull();
  });

  it('are found when they were missed, at growing intervals', async () => {
    const id = await table.requested(connection);
    const [toSend] = new StalledOrders().kinds;
    const isFoundAfter = async (seconds: number): Promise<boolean> => {
      await table.db.affected(sql`
        update integrations.order set due_at = now() - ${seconds} * interval '1 second' where id = ${id}`);
      const found: { id: string }[] = await table.db.rows(toSend?.take ?? sql``);
      return found.some((row) => row.id === id);
    };
    expect([await isFoundAfter(119), await isFoundAfter(121)]).toEqual([false, true]);
    expect([await isFoundAfter(239), await isFoundAfter(241)]).toEqual([false, true]);
    expect([await isFoundAfter(479), await isFoundAfter(481)]).toEqual([false, true]);
  });
});
