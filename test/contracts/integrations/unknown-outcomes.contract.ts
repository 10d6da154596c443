import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { CaseLinks } from '../../../src/contexts/integrations/orders/domain/case-links.js';
import type { UnknownOutcomes } from '../../../src/contexts/integrations/orders/domain/unknown-outcomes.js';
import type { VendorOrder } from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import { anId } from '../../fakes/platform.js';
import { aCase, aConnectionTo, limits, OrdersInStates, type OrdersFixture, secondsBetween } from './order-fixtures.js';

const waits = [30, 120, 600, 1800];
const sorted = (orders: { id: string }[]): string[] => orders.map(({ id }) => id).toSorted();

/** What reconciling relies on. */
export function unknownOutcomesContract(name: string, open: () => OrdersFixture & { links: CaseLinks }): void {
  describe(`${name}: orders of unknown outcome`, () => {
    let world: OrdersInStates;
    let links: CaseLinks;
    let unknownOutcomes: UnknownOutcomes;
    let connection: Connection;
    let host: string;
    const begin = (accountKey: string): void => {
      const fixture = open();
      connection = aConnectionTo(accountKey);
      world = new OrdersInStates(fixture, connection);
      ({ links, unknownOutcomes } = fixture);
    };
    beforeEach(() => {
      host = `https://host-${anId()}`;
      begin(`${host}#1`);
    });

    const pass = (seconds: number, ...orders: VendorOrder[]) => world.fixture.pass(seconds, ...orders);
    const takeDue = () => unknownOutcomes.takeDue(connection.teamId, connection.id, waits);
    const now = async ({ teamId, id }: VendorOrder) => (await unknownOutcomes.takeOne(teamId, id)).at;

    it('are those of one connection', async () => {
      const order = await world.in('in_doubt');
      await world.in('sending');
      expect(sorted(await unknownOutcomes.ofConnection(connection.teamId, connection.id))).toEqual([order.id]);
      expect(await unknownOutcomes.ofConnection(connection.teamId, anId())).toEqual([]);
    });

    describe('a reconciliation', () => {
      it('takes the due orders and plans their next turn', async () => {
        const [order, later] = [await world.in('in_doubt'), await world.in('in_doubt')];
        for (const [passed, next] of [
          [30, 120],
          [120, 600],
          [600, 1800],
          [1800, 1800],
        ] as const) {
          await unknownOutcomes.postponeResend(later, 86_400);
          await pass(passed, order);
          const { at, orders } = await takeDue();
          expect(sorted(orders)).toEqual([order.id]);
          expect(secondsBetween(at, orders[0]?.reconcileAt ?? null)).toBe(next);
          expect((await takeDue()).orders).toEqual([]);
        }
        expect([(await world.read(order)).reconciliations, (await world.read(later)).reconciliations]).toEqual([4, 0]);
      });

      it('also takes orders that are nearly due', async () => {
        const order = await world.in('in_doubt');
        await pass(26, order);
        expect((await takeDue()).orders).toEqual([]);
        await pass(2, order);
        expect(sorted((await takeDue()).orders)).toEqual([order.id]);
      });

      it('takes each order once when several run at the same time [B13]', async () => {
        const all = [await world.in('in_doubt'), await world.in('in_doubt'), await world.in('in_doubt')];
        await pass(30, ...all);
        const taken = await Promise.all([1, 2, 3].map(() => world.fixture.unitOfWork.run(takeDue)));
        expect(sorted(taken.flatMap(({ orders }) => orders))).toEqual(sorted(all));
      });

      it('leaves the turns unchanged when it is out of turn', async () => {
        const order = await world.in('in_doubt');
        expect((await unknownOutcomes.takeOne(order.teamId, order.id)).orders).toEqual([order]);
        expect(await world.read(order)).toEqual(order);
        await world.move(order, 'place', { caseId: 'c' });
        expect((await unknownOutcomes.takeOne(order.teamId, order.id)).orders).toEqual([]);
      });
    });

    describe('absence', () => {
      it('is proved by two lists, the last of them after the visibility lag', async () => {
        const order = await world.in('in_doubt');
        for (let lists = 0; lists < 2; lists += 1)
          expect(await unknownOutcomes.noteAbsence(order, await now(order))).toEqual({ proved: false });
        expect(await world.move(order, 'resend')).toBe(false);
        await pass(921, order);
        expect(await unknownOutcomes.noteAbsence(order, await now(order))).toEqual({ proved: true });
        expect(await world.move(order, 'resend')).toBe(true);
      });

      it('is not proved by one list, however late', async () => {
        const order = await world.in('in_doubt');
        await pass(86_400, order);
        expect(await unknownOutcomes.noteAbsence(order, await now(order))).toEqual({ proved: false });
        expect(await world.move(order, 'resend')).toBe(false);
      });

      it('is proved again for each attempt', async () => {
        const order = await world.provedAbsent();
        await world.move(order, 'resend');
        await world.claim(order);
        await world.move(order, 'markUnknown', { reconcileAfterSeconds: 30 });
        await pass(3600, order);
        const present = await world.read(order);
        expect(await unknownOutcomes.noteAbsence(present, await now(present))).toEqual({ proved: false });
      });

      it('is recorded only for the reconciled attempt, and only while its outcome is unknown', async () => {
        const order = await world.in('in_doubt');
        expect(await unknownOutcomes.noteAbsence({ ...order, attempt: 2 }, await now(order))).toBeNull();
        const at = await now(order);
        await world.move(order, 'place', { caseId: 'c' });
        expect(await unknownOutcomes.noteAbsence(order, at)).toBeNull();
      });
    });

    describe('resends', () => {
      const allowedIn = (order: VendorOrder, perHour: number) =>
        world.fixture.unitOfWork.run(() => unknownOutcomes.resendAllowedInSeconds(order, perHour));

      it('of an account are counted for an hour', async () => {
        const [first, second] = [await world.provedAbsent(), await world.provedAbsent()];
        expect(await allowedIn(second, 1)).toBe(0);
        await world.move(first, 'resend');
        await pass(1200, first);
        expect(await allowedIn(second, 2)).toBe(0);
        expect((await allowedIn(second, 1)) / 60).toBeCloseTo(40, 0);
        await pass(2460, first);
        expect(await allowedIn(second, 1)).toBe(0);
      });

      it('that must wait are reconciled then, with a new count', async () => {
        const order = await world.in('in_doubt');
        await pass(30, order);
        await takeDue();
        const { at } = await unknownOutcomes.takeOne(order.teamId, order.id);
        await unknownOutcomes.postponeResend(order, 500);
        const postponed = await world.read(order);
        expect(postponed).toMatchObject({ waitingFor: 'resends_of_the_hour', reconciliations: 0, state: 'in_doubt' });
        expect(secondsBetween(at, postponed.reconcileAt)).toBe(500);
        await unknownOutcomes.postponeResend({ ...order, attempt: 2 }, 900);
        expect(await world.read(order)).toEqual(postponed);
      });
    });

    describe('a rival', () => {
      const isRival = async (accountKey: string, email: string, apartSeconds = 0) => {
        const elsewhere = aConnectionTo(accountKey);
        const other = await world.in('needs_decision', email, elsewhere);
        await pass(apartSeconds, other);
        return unknownOutcomes.hasRival(await world.in('in_doubt', 'ada@example.org'));
      };

      it('is an undecided order of any team to the same address at the same host and time', async () => {
        expect(await isRival(`${host}#2`, 'ADA@example.org')).toBe(true);
      });

      it.each([
        ['to another address', '', 'ada+2@example.org', 0],
        ['at another host', '-elsewhere', 'ada@example.org', 0],
        ['of another time', '', 'ada@example.org', 3600],
      ])('is not one %s', async (_, place, email, apart) => {
        expect(await isRival(`${host}${place}#2`, email, apart)).toBe(false);
      });

      it('is not one that is decided', async () => {
        await world.in('ordered', 'ada@example.org', aConnectionTo(`${host}#2`));
        expect(await unknownOutcomes.hasRival(await world.in('in_doubt', 'ada@example.org'))).toBe(false);
      });
    });

    it('use the youngest case that a healthy list must show as the sentinel case', async () => {
      const sentinel = () => unknownOutcomes.sentinelCase(connection.teamId, connection.id);
      expect(await sentinel()).toBeNull();
      const placed: VendorOrder[] = [];
      for (const [caseId, age] of [
        ['old', 3600],
        ['right', 7000],
        ['fresh', 300],
      ] as const) {
        const order = await world.in('sending');
        await world.move(order, 'place', { caseId, foundBy: 'response' });
        placed.push(order);
        await pass(age, ...placed);
        if (caseId === 'old') expect(await sentinel()).toMatchObject({ caseId });
      }
      const found = await sentinel();
      const visible = secondsBetween(found?.from ?? null, found?.to ?? null);
      expect(visible).toBe(2 * 60 + limits.timeoutMs / 1000 + limits.visibilityLagSeconds);
      expect(await unknownOutcomes.sentinelCase(connection.teamId, anId())).toBeNull();
    });

    it('are matched only with cases that no order of any team has', async () => {
      const [taken, free] = [anId(), anId()];
      await world.fixture.unitOfWork.run(() =>
        links.link({ teamId: anId(), id: anId(), connectionId: anId() }, host, aCase(taken)),
      );
      expect(await unknownOutcomes.unlinked(host, [taken, free])).toEqual([free]);
      expect(await unknownOutcomes.unlinked(`${host}-elsewhere`, [taken])).toEqual([taken]);
      expect(await unknownOutcomes.unlinked(host, [])).toEqual([]);
    });

    it('may have cases that events named since they were sent', async () => {
      const order = await world.in('in_doubt');
      const another = { teamId: connection.teamId, id: anId(), host };
      const named = await world.fixture.unitOfWork.run(() => links.storeUnmatchedCase(connection, anId()));
      await world.fixture.unitOfWork.run(() => links.storeUnmatchedCase(another, anId()));
      expect(await unknownOutcomes.unmatchedCases(order)).toEqual([named]);
      const later = { ...order, unknownSince: new Date((order.unknownSince?.getTime() ?? 0) + 3600_000) };
      expect(await unknownOutcomes.unmatchedCases(later)).toEqual([]);
    });
  });
}
