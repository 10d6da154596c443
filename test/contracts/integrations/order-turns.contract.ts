import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { VendorOrders } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { anId } from '../../fakes/platform.js';
import { aConnectionTo, type Key, OrdersInStates, type OrdersFixture } from './order-fixtures.js';

/** The rules that waiting orders rely on. */
export function orderTurnsContract(name: string, open: () => OrdersFixture): void {
  describe(`${name}: orders`, () => {
    let world: OrdersInStates;
    let orders: VendorOrders;
    let connection: Connection;
    beforeEach(() => {
      connection = aConnectionTo(`https://host#${anId()}`);
      world = new OrdersInStates(open(), connection);
      ({ orders } = world.fixture);
    });

    describe('that wait', () => {
      const plan = ({ teamId, id }: Key, inSeconds: number, gapSeconds?: number) =>
        orders.planTurn(teamId, id, {
          inSeconds,
          ...(gapSeconds === undefined ? {} : { line: { accountKey: connection.accountKey, gapSeconds } }),
        });

      it('say for what, until their next attempt', async () => {
        const [order, sent] = [await world.in('requested'), await world.in('sending')];
        for (const { teamId, id } of [order, sent]) await orders.setWaiting(teamId, id, 'connection_attention');
        expect([(await world.read(order)).waitingFor, (await world.read(sent)).waitingFor]).toEqual([
          'connection_attention',
          null,
        ]);
        await world.claim(order);
        expect((await world.read(order)).waitingFor).toBeNull();
      });

      it('have one turn, planned once', async () => {
        const order = await world.in('requested');
        const first = await plan(order, 30);
        expect(first).toBeGreaterThanOrEqual(30);
        expect(first).toBeLessThan(34);
        expect(await plan(order, 5)).toBeNull();
        await world.fixture.pass(40, order);
        expect(await plan(order, 30)).not.toBeNull();
        expect(await plan(await world.in('sending'), 30)).toBeNull();
      });

      it('in line come after those before them', async () => {
        const [first, second] = [await world.in('requested'), await world.in('requested')];
        const isBehind = ({ teamId, id }: Key) => orders.isBehindOthers(teamId, id, connection.accountKey);
        expect(await isBehind(second)).toBe(false);
        await plan(first, 30, 10);
        expect([await isBehind(first), await isBehind(second)]).toEqual([false, true]);
        expect(await plan(second, 30, 10)).toBeGreaterThanOrEqual(35);
        await world.fixture.pass(40, first, second);
        expect(await isBehind(second)).toBe(false);
      });

      it('do not wait behind orders of another account', async () => {
        await plan(await world.in('requested'), 1000, 10);
        const other = aConnectionTo(`https://host#${anId()}`);
        const order = await world.requested(undefined, other);
        expect(await orders.isBehindOthers(order.teamId, order.id, other.accountKey)).toBe(false);
      });

      it('are listed oldest first, those of one team', async () => {
        const [first, second] = [await world.in('requested'), await world.in('requested')];
        await world.in('sending');
        expect((await orders.requestedOf(connection.teamId)).map(({ id }) => id)).toEqual([first.id, second.id]);
        expect(await orders.requestedOf(anId())).toEqual([]);
      });
    });
  });
}
