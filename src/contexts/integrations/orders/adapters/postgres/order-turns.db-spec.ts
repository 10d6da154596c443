import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { aConnectionTo, OrderTable } from '../../../../../../test/support/order-table.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { StalledOrders } from './stalled-orders.js';

describe('turns of waiting orders that no job takes', () => {
  let table: OrderTable;
  let connection: Connection;
  beforeAll(async () => (table = await OrderTable.open()));
  beforeEach(() => (connection = aConnectionTo(`https://h#${randomUUID()}`)));
  afterAll(() => table.close());

  it('are found, at growing intervals', async () => {
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
