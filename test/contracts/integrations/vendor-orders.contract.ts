import type { UnitOfWork } from '#kernel/ports';
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
import { aConnectionTo, limits, secondsBetween } from './order-fixtures.js';

export interface VendorOrdersFixture {
  unitOfWork: UnitOfWork;
  orders: VendorOrders;
  /** Lets seconds pass for these orders. */
  pass: (seconds: number, ...orders: { teamId: string; id: string }[]) => Promise<void>;
  /** Enough healthy lists did not show the order, after its visibility lag. */
  proveAbsent: (order: VendorOrder) => Promise<void>;
}

type Key = { teamId: string; id: string };

/** Moves that lead into a state, from a requested order. */
const wayTo: Record<OrderState, Exclude<OrderMove, ClaimMove>[]> = {
  requested: [],
  sending: [],
  in_doubt: ['markUnknown'],
  ordered: ['place'],
  rejected: ['refuse'],
  needs_decision: ['markUnknown', 'ask'],
  withdrawn: ['drop'],
};
const unclaimed: readonly OrderState[] = ['requested', 'withdrawn'];
const claims: readonly string[] = ['claim', 'claimAgain'] satisfies ClaimMove[];
const moves = Object.keys(orderMoves).filter((move): move is Exclude<OrderMove, ClaimMove> => !claims.includes(move));

/** The rules that placing, withdrawing and deciding rely on. */
export function vendorOrdersContract(name: string, open: () => VendorOrdersFixture): void {
  describe(`${name}: orders at the vendor`, () => {
    let fixture: VendorOrdersFixture;
    let orders: VendorOrders;
    let connection: Connection;
    beforeEach(() => {
      fixture = open();
      ({ orders } = fixture);
      connection = aConnectionTo(`https://host#${anId()}`);
    });

    const claim = ({ teamId, id }: Key, at = connection, move?: ClaimMove) =>
      orders.claim(teamId, id, at, limits, move);
    async function requested(email = `${anId()}@example.org`, at = connection): Promise<Key> {
      const order = { teamId: at.teamId, id: anId() };
      await orders.addIfAbsent({ ...order, packageId: 'basic', email }, at);
      return order;
    }
    async function inState(state: OrderState, email?: string): Promise<VendorOrder> {
      const order = await requested(email);
      if (!unclaimed.includes(state)) await claim(order);
      for (const move of wayTo[state]) {
        const details = move === 'markUnknown' ? { reconcileAfterSeconds: 30 } : {};
        if (!(await orders.move(order.teamId, order.id, move, null, details))) throw new Error(`It did not ${move}.`);
      }
      return read(order);
    }
    async function read({ teamId, id }: Key): Promise<VendorOrder> {
      const found = await orders.find(teamId, id);
      if (!found) throw new Error('There is no such order.');
      return found;
    }
    const mark = ({ teamId, id }: Key) => orders.markDoNotSend(teamId, id);

    it('are added once, in whatever state they are', async () => {
      const { teamId, id } = await requested('ada@example.org');
      const other = { teamId, id, packageId: 'full', email: 'b@example.org', state: 'withdrawn' } as const;
      expect(await orders.addIfAbsent(other, connection)).toBe(false);
      expect(await read({ teamId, id })).toMatchObject({
        ...{
          state: 'requested',
          email: 'ada@example.org',
          packageId: 'basic',
          connectionId: connection.id,
          attempt: 0,
        },
      });
      const unseen = { ...other, id: anId() };
      expect(await orders.addIfAbsent(unseen, connection)).toBe(true);
      expect((await read(unseen)).state).toBe('withdrawn');
      expect([await orders.find(anId(), id), await orders.find(teamId, anId())]).toEqual([null, null]);
    });

    it('are not added in a unit of work that fails', async () => {
      const order = { teamId: connection.teamId, id: anId(), packageId: 'basic', email: 'ada@example.org' };
      const failing = fixture.unitOfWork.run(async () => {
        await orders.addIfAbsent(order, connection);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await orders.find(order.teamId, order.id)).toBeNull();
    });

    describe('an attempt', () => {
      it('is one at a time, also when two ask at once', async () => {
        const order = await requested();
        const kinds = (await Promise.all([claim(order), claim(order)])).map(({ kind }) => kind);
        expect(kinds.toSorted()).toEqual(['claimed', 'not_claimable']);
      });

      it('states until when it may take, and from when on a list is reliable', async () => {
        const order = await inState('sending');
        expect(order).toMatchObject({ state: 'sending', attempt: 1, reconciliations: 0, reconcileAt: null });
        const { unknownSince, deadline, visibleAt } = order;
        expect([secondsBetween(unknownSince, deadline), secondsBetween(deadline, visibleAt)]).toEqual([20, 900]);
        const { teamId, id } = order;
        expect(await orders.isOverdue(teamId, id)).toBe(false);
        expect(await orders.visibleInSeconds(teamId, id)).toBeGreaterThan(900);
        await fixture.pass(21, order);
        expect(await orders.isOverdue(teamId, id)).toBe(true);
        await fixture.pass(900, order);
        expect(await orders.visibleInSeconds(teamId, id)).toBe(0);
      });

      it('waits while another one of the account to the same address is undecided, of whichever team', async () => {
        const order = await inState('in_doubt', 'ada@example.org');
        const elsewhere = aConnectionTo(connection.accountKey);
        const [other, foreign] = [await requested('ADA@example.org'), await requested('ada@example.org', elsewhere)];
        expect([await claim(other), await claim(foreign, elsewhere)]).toEqual([
          { kind: 'address_busy' },
          { kind: 'address_busy' },
        ]);
        const busyFor = ({ teamId, id }: Key) => orders.addressIsBusyFor(teamId, id, connection.accountKey);
        expect(Math.round((await busyFor(other)) ?? 0)).toBe(30);
        expect(await busyFor(order)).toBeNull();
        await fixture.pass(40, order);
        expect(await busyFor(foreign)).toBe(5);
        await orders.move(order.teamId, order.id, 'refuse', order.attempt);
        expect([await busyFor(other), (await claim(other)).kind]).toEqual([null, 'claimed']);
      });

      it('at an order of unknown outcome begins after the visibility lag, unless it must not be sent', async () => {
        const again = (order: Key) => claim(order, connection, 'claimAgain');
        const [lost, unwanted] = [await inState('in_doubt'), await inState('in_doubt')];
        await mark(unwanted);
        expect((await again(lost)).kind).toBe('not_claimable');
        await fixture.pass(1_000, lost, unwanted);
        const { unknownSince } = await read(lost);
        const kinds = [await claim(lost), await again(unwanted), await again(await requested())].map(
          ({ kind }) => kind,
        );
        expect(kinds).toEqual(['not_claimable', 'not_claimable', 'not_claimable']);
        expect((await again(lost)).kind).toBe('claimed');
        expect(await read(lost)).toMatchObject({ state: 'sending', attempt: 2, unknownSince });
      });

      it('that did not happen leaves no window; the window of an earlier one stays', async () => {
        const { teamId, id } = await inState('sending');
        await orders.move(teamId, id, 'returnToRequested', 1);
        expect((await read({ teamId, id })).unknownSince).toBeNull();
        const lost = await inState('in_doubt');
        await fixture.pass(3600, lost);
        await fixture.proveAbsent(await read(lost));
        await orders.move(lost.teamId, lost.id, 'resend', 1);
        const { unknownSince } = await read(lost);
        await claim(lost);
        await orders.move(lost.teamId, lost.id, 'returnToRequested', 2);
        expect((await read(lost)).unknownSince).toEqual(unknownSince);
      });
    });

    describe('a move', () => {
      const free: readonly OrderGuard[] = ['wanted', 'never_resent'];
      it.each(orderStates.flatMap((state) => moves.map((move) => [state, move] as const)))(
        'out of %s by %s follows the table',
        async (state, move) => {
          const order = await inState(state);
          const {
            from,
            to,
            onlyIf = [],
          }: { from: readonly OrderState[]; to: OrderState; onlyIf?: readonly OrderGuard[] } = orderMoves[move];
          const expected = from.includes(state) && onlyIf.every((guard) => free.includes(guard));
          expect(await orders.move(order.teamId, order.id, move, order.attempt)).toBe(expected);
          expect((await read(order)).state).toBe(expected ? to : state);
        },
      );

      it('with an outdated attempt does nothing', async () => {
        const order = await inState('in_doubt');
        for (const move of ['place', 'refuse', 'ask'] as const)
          expect(await orders.move(order.teamId, order.id, move, order.attempt + 1)).toBe(false);
        expect(await read(order)).toEqual(order);
      });

      it('writes what it is given, and forgets the rest', async () => {
        const { teamId, id } = await inState('in_doubt');
        await orders.move(teamId, id, 'ask', 1, { message: 'Two fit.', candidates: ['a', 'b'] });
        expect(await read({ teamId, id })).toMatchObject({
          message: 'Two fit.',
          candidates: ['a', 'b'],
          reconcileAt: null,
        });
        await orders.move(teamId, id, 'place', 1, { caseId: 'b' });
        expect(await read({ teamId, id })).toMatchObject({ state: 'ordered', message: null, caseId: 'b' });
      });

      it('resends once, only when it is proved absent and still wanted', async () => {
        const [order, unwanted] = [await inState('in_doubt'), await inState('in_doubt')];
        await fixture.pass(3600, order, unwanted);
        for (const one of [order, unwanted]) await fixture.proveAbsent(await read(one));
        await mark(unwanted);
        expect(await orders.move(unwanted.teamId, unwanted.id, 'resend', 1)).toBe(false);
        expect(await orders.move(order.teamId, order.id, 'giveUp', 1)).toBe(false);
        expect(await orders.move(unwanted.teamId, unwanted.id, 'giveUp', 1)).toBe(true);
        expect(await orders.move(order.teamId, order.id, 'resend', 1)).toBe(true);
        expect((await read(order)).resent).toBe(true);
        await claim(order);
        await orders.move(order.teamId, order.id, 'markUnknown', 2, { reconcileAfterSeconds: 30 });
        await fixture.pass(3600, order);
        await fixture.proveAbsent(await read(order));
        expect(await orders.move(order.teamId, order.id, 'resend', 2)).toBe(false);
      });

      it('by a person is possible after the visibility lag: again when wanted, the end when not', async () => {
        const [order, unwanted] = [await inState('needs_decision'), await inState('needs_decision')];
        await mark(unwanted);
        const tryMove = ({ teamId, id }: Key, move: 'sendAgain' | 'close') => orders.move(teamId, id, move, 1);
        expect([await tryMove(order, 'sendAgain'), await tryMove(unwanted, 'close')]).toEqual([false, false]);
        await fixture.pass(3600, order, unwanted);
        expect([await tryMove(order, 'close'), await tryMove(unwanted, 'sendAgain')]).toEqual([false, false]);
        expect([await tryMove(order, 'sendAgain'), await tryMove(unwanted, 'close')]).toEqual([true, true]);
      });

      it('of a person keeps the cases that they ruled out', async () => {
        const { teamId, id } = await inState('in_doubt');
        await orders.move(teamId, id, 'ask', 1, { candidates: ['a', 'b'] });
        await fixture.pass(3600, { teamId, id });
        await orders.move(teamId, id, 'sendAgain', 1, { candidates: [] });
        expect(await read({ teamId, id })).toMatchObject({ candidates: [], refusedCases: ['a', 'b'] });
      });
    });

    describe('that must not be sent', () => {
      it.each(orderStates)('are marked while they are unfinished: %s', async (state) => {
        const order = await inState(state);
        await mark(order);
        const unfinished = ['requested', 'sending', 'in_doubt', 'needs_decision'].includes(state);
        expect((await read(order)).doNotSend).toBe(unfinished);
      });

      it('are withdrawn before they are sent, and never claimed', async () => {
        const [unsent, order] = [await inState('requested'), await inState('sending')];
        for (const one of [unsent, order]) await mark(one);
        expect((await claim(unsent)).kind).toBe('not_claimable');
        expect(await orders.move(unsent.teamId, unsent.id, 'withdraw', null)).toBe(true);
        expect(await orders.move(order.teamId, order.id, 'withdraw', null)).toBe(false);
      });

      it('are all in flight when the integration is switched off', async () => {
        const all = [
          await inState('requested'),
          await inState('sending'),
          await inState('in_doubt'),
          await inState('ordered'),
        ];
        await orders.markAllDoNotSend(anId());
        await orders.markAllDoNotSend(connection.teamId);
        const marked = await Promise.all(all.map(async (order) => (await read(order)).doNotSend));
        expect(marked).toEqual([false, true, true, false]);
      });
    });

    describe('that wait', () => {
      const plan = ({ teamId, id }: Key, inSeconds: number, gapSeconds?: number) =>
        orders.planTurn(teamId, id, {
          inSeconds,
          ...(gapSeconds === undefined ? {} : { line: { accountKey: connection.accountKey, gapSeconds } }),
        });

      it('say for what, until their next attempt', async () => {
        const [order, sent] = [await inState('requested'), await inState('sending')];
        for (const { teamId, id } of [order, sent]) await orders.setWaiting(teamId, id, 'connection_attention');
        expect([(await read(order)).waitingFor, (await read(sent)).waitingFor]).toEqual(['connection_attention', null]);
        await claim(order);
        expect((await read(order)).waitingFor).toBeNull();
      });

      it('have one turn, planned once', async () => {
        const order = await inState('requested');
        const first = await plan(order, 30);
        expect(first).toBeGreaterThanOrEqual(30);
        expect(first).toBeLessThan(34);
        expect(await plan(order, 5)).toBeNull();
        await fixture.pass(40, order);
        expect(await plan(order, 30)).not.toBeNull();
        expect(await plan(await inState('sending'), 30)).toBeNull();
      });

      it('in line come after those before them', async () => {
        const [first, second] = [await inState('requested'), await inState('requested')];
        const isBehind = ({ teamId, id }: Key) => orders.isBehindOthers(teamId, id, connection.accountKey);
        expect(await isBehind(second)).toBe(false);
        await plan(first, 30, 10);
        expect([await isBehind(first), await isBehind(second)]).toEqual([false, true]);
        expect(await plan(second, 30, 10)).toBeGreaterThanOrEqual(35);
        await fixture.pass(40, first, second);
        expect(await isBehind(second)).toBe(false);
      });

      it('are listed oldest first, those of one team', async () => {
        const [first, second] = [await inState('requested'), await inState('requested')];
        await inState('sending');
        expect((await orders.requestedOf(connection.teamId)).map(({ id }) => id)).toEqual([first.id, second.id]);
        expect(await orders.requestedOf(anId())).toEqual([]);
      });
    });
  });
}
