import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import {
  type OrderGuard,
  type OrderMove,
  orderMoves,
  type OrderState,
  orderStates,
  type VendorOrder,
} from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import type { ClaimMove, VendorOrders } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { anId } from '../../fakes/platform.js';
import { aConnectionTo, type Key, OrdersInStates, type OrdersFixture } from './order-fixtures.js';

const claims: readonly string[] = ['claim', 'claimAgain'] satisfies ClaimMove[];
const moves = Object.keys(orderMoves).filter((move): move is Exclude<OrderMove, ClaimMove> => !claims.includes(move));

/** The rules that recording an outcome, withdrawing and deciding rely on. */
export function orderMovesContract(name: string, open: () => OrdersFixture): void {
  describe(`${name}: moves of an order`, () => {
    let world: OrdersInStates;
    let orders: VendorOrders;
    let connection: Connection;
    beforeEach(() => {
      connection = aConnectionTo(`https://host#${anId()}`);
      world = new OrdersInStates(open(), connection);
      ({ orders } = world.fixture);
    });

    describe('a move', () => {
      const free: readonly OrderGuard[] = ['wanted', 'never_resent'];
      it.each(orderStates.flatMap((state) => moves.map((move) => [state, move] as const)))(
        'out of %s by %s follows the table',
        async (state, move) => {
          const order = await world.in(state);
          const {
            from,
            to,
            onlyIf = [],
          }: { from: readonly OrderState[]; to: OrderState; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
          const expected = from.includes(state) && onlyIf.every((guard) => free.includes(guard));
          expect(await orders.move(order.teamId, order.id, move, order.attempt)).toBe(expected);
          expect((await world.read(order)).state).toBe(expected ? to : state);
        },
      );

      it('with an outdated attempt does nothing', async () => {
        const order = await world.in('in_doubt');
        for (const move of ['place', 'refuse', 'ask'] as const)
          expect(await orders.move(order.teamId, order.id, move, order.attempt + 1)).toBe(false);
        expect(await world.read(order)).toEqual(order);
      });

      it('writes what it is given, and forgets the rest', async () => {
        const { teamId, id } = await world.in('in_doubt');
        await orders.move(teamId, id, 'ask', 1, { message: 'Two fit.', candidates: ['a', 'b'] });
        expect(await world.read({ teamId, id })).toMatchObject({
          message: 'Two fit.',
          candidates: ['a', 'b'],
          reconcileAt: null,
        });
        await orders.move(teamId, id, 'place', 1, { caseId: 'b' });
        expect(await world.read({ teamId, id })).toMatchObject({ state: 'ordered', message: null, caseId: 'b' });
      });

      it('resends once, only when it is proved absent and still wanted', async () => {
        const [order, unwanted] = [await world.in('in_doubt'), await world.in('in_doubt')];
        await world.fixture.pass(3600, order, unwanted);
        for (const one of [order, unwanted]) await world.proveAbsent(one);
        await world.mark(unwanted);
        expect(await orders.move(unwanted.teamId, unwanted.id, 'resend', 1)).toBe(false);
        expect(await orders.move(order.teamId, order.id, 'giveUp', 1)).toBe(false);
        expect(await orders.move(unwanted.teamId, unwanted.id, 'giveUp', 1)).toBe(true);
        expect(await orders.move(order.teamId, order.id, 'resend', 1)).toBe(true);
        expect((await world.read(order)).resent).toBe(true);
        await world.claim(order);
        await orders.move(order.teamId, order.id, 'markUnknown', 2, { reconcileAfterSeconds: 30 });
        await world.fixture.pass(3600, order);
        await world.proveAbsent(order);
        expect(await orders.move(order.teamId, order.id, 'resend', 2)).toBe(false);
      });

      it('by a person is possible after the visibility lag: again when wanted, the end when not', async () => {
        const [order, unwanted] = [await world.in('needs_decision'), await world.in('needs_decision')];
        await world.mark(unwanted);
        const tryMove = ({ teamId, id }: Key, move: 'sendAgain' | 'close') => orders.move(teamId, id, move, 1);
        expect([await tryMove(order, 'sendAgain'), await tryMove(unwanted, 'close')]).toEqual([false, false]);
        await world.fixture.pass(3600, order, unwanted);
        expect([await tryMove(order, 'close'), await tryMove(unwanted, 'sendAgain')]).toEqual([false, false]);
        expect([await tryMove(order, 'sendAgain'), await tryMove(unwanted, 'close')]).toEqual([true, true]);
      });

      it('of a person keeps all cases that they ruled out', async () => {
        const order = await world.in('in_doubt');
        for (const candidates of [['a', 'b'], ['c']]) {
          await world.move(order, 'ask', { candidates });
          await world.fixture.pass(3600, order);
          await world.move(order, 'sendAgain', { candidates: [] });
          await world.claim(order);
          await world.move(order, 'markUnknown', { reconcileAfterSeconds: 30 });
        }
        expect(await world.read(order)).toMatchObject({ candidates: [], refusedCases: ['a', 'b', 'c'] });
      });

      it('accepts a case that is found late, until another attempt begins [B13]', async () => {
        const [found, resent] = [await world.provedAbsent(), await world.provedAbsent()];
        for (const order of [found, resent]) await world.move(order, 'resend');
        await world.claim(resent);
        const place = ({ teamId, id, attempt }: VendorOrder) =>
          orders.move(teamId, id, 'place', attempt, { caseId: 'c', foundBy: 'notice' });
        expect([await place(found), await place(resent)]).toEqual([true, false]);
        expect(await world.claim(found)).toEqual({ kind: 'not_claimable' });
      });
    });

    describe('that must not be sent', () => {
      it.each(orderStates)('are marked while they are unfinished: %s', async (state) => {
        const order = await world.in(state);
        await world.mark(order);
        const unfinished = ['requested', 'sending', 'in_doubt', 'needs_decision'].includes(state);
        expect((await world.read(order)).doNotSend).toBe(unfinished);
      });

      it('are withdrawn before they are sent, and never claimed', async () => {
        const [unsent, order] = [await world.in('requested'), await world.in('sending')];
        for (const one of [unsent, order]) await world.mark(one);
        expect((await world.claim(unsent)).kind).toBe('not_claimable');
        expect(await orders.move(unsent.teamId, unsent.id, 'withdraw', null)).toBe(true);
        expect(await orders.move(order.teamId, order.id, 'withdraw', null)).toBe(false);
      });

      it('are all in flight at the vendor whose integration is switched off', async () => {
        await world.fixture.unitOfWork.run(() => world.fixture.connections.add(connection));
        const all = [
          await world.in('requested'),
          await world.in('sending'),
          await world.in('in_doubt'),
          await world.in('ordered'),
        ];
        const marked = () => Promise.all(all.map(async (order) => (await world.read(order)).doNotSend));
        await orders.markAllDoNotSend(anId(), connection.vendor);
        await orders.markAllDoNotSend(connection.teamId, 'another');
        expect(await marked()).toEqual([false, false, false, false]);
        await orders.markAllDoNotSend(connection.teamId, connection.vendor);
        expect(await marked()).toEqual([false, true, true, false]);
      });
    });
  });
}
