import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { VendorOrders } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { anId } from '../../fakes/platform.js';
import { aConnectionTo, type Key, secondsBetween, OrdersInStates, type OrdersFixture } from './order-fixtures.js';

/** The rules that placing an order relies on. */
export function vendorOrdersContract(name: string, open: () => OrdersFixture): void {
  describe(`${name}: orders at the vendor`, () => {
    let world: OrdersInStates;
    let orders: VendorOrders;
    let connection: Connection;
    beforeEach(() => {
      connection = aConnectionTo(`https://host#${anId()}`);
      world = new OrdersInStates(open(), connection);
      ({ orders } = world.fixture);
    });

    it('are added once, in whatever state they are', async () => {
      const { teamId, id } = await world.requested('ada@example.org');
      const other = { teamId, id, packageId: 'full', email: 'b@example.org', state: 'withdrawn' } as const;
      expect(await orders.addIfAbsent(other, connection)).toBe(false);
      expect(await world.read({ teamId, id })).toMatchObject({
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
      expect((await world.read(unseen)).state).toBe('withdrawn');
      expect([await orders.find(anId(), id), await orders.find(teamId, anId())]).toEqual([null, null]);
    });

    it('are not added in a unit of work that fails', async () => {
      const order = { teamId: connection.teamId, id: anId(), packageId: 'basic', email: 'ada@example.org' };
      const failing = world.fixture.unitOfWork.run(async () => {
        await orders.addIfAbsent(order, connection);
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await orders.find(order.teamId, order.id)).toBeNull();
    });

    describe('an attempt', () => {
      it('is one at a time, also when two ask at once', async () => {
        const order = await world.requested();
        const kinds = (await Promise.all([world.claim(order), world.claim(order)])).map(({ kind }) => kind);
        expect(kinds.toSorted()).toEqual(['claimed', 'not_claimable']);
      });

      it('states until when it may take, and from when on a list is reliable', async () => {
        const order = await world.in('sending');
        expect(order).toMatchObject({ state: 'sending', attempt: 1, reconciliations: 0, reconcileAt: null });
        const { unknownSince, deadline, visibleAt } = order;
        expect([secondsBetween(unknownSince, deadline), secondsBetween(deadline, visibleAt)]).toEqual([20, 900]);
        const { teamId, id } = order;
        expect(await orders.isOverdue(teamId, id)).toBe(false);
        expect(await orders.visibleInSeconds(teamId, id)).toBeGreaterThan(900);
        await world.fixture.pass(21, order);
        expect(await orders.isOverdue(teamId, id)).toBe(true);
        await world.fixture.pass(900, order);
        expect(await orders.visibleInSeconds(teamId, id)).toBe(0);
      });

      it('waits while another one of the account to the same address is undecided, of whichever team', async () => {
        const order = await world.in('in_doubt', 'ada@example.org');
        const elsewhere = aConnectionTo(connection.accountKey);
        const [other, foreign] = [
          await world.requested('ADA@example.org'),
          await world.requested('ada@example.org', elsewhere),
        ];
        expect([await world.claim(other), await world.claim(foreign, elsewhere)]).toEqual([
          { kind: 'address_busy' },
          { kind: 'address_busy' },
        ]);
        const busyFor = ({ teamId, id }: Key) => orders.addressIsBusyFor(teamId, id, connection.accountKey);
        expect(Math.round((await busyFor(other)) ?? 0)).toBe(30);
        expect(await busyFor(order)).toBeNull();
        await world.fixture.pass(40, order);
        expect(await busyFor(foreign)).toBe(5);
        await orders.move(order.teamId, order.id, 'refuse', order.attempt);
        expect([await busyFor(other), (await world.claim(other)).kind]).toEqual([null, 'claimed']);
      });

      it('waits a minute at most for one that is reconciled much later', async () => {
        const order = await world.in('in_doubt', 'ada@example.org');
        const { teamId, id } = await world.requested('ada@example.org');
        await world.fixture.unknownOutcomes.postponeResend(order, 3600);
        expect(await orders.addressIsBusyFor(teamId, id, connection.accountKey)).toBe(60);
      });

      it('at an order of unknown outcome begins after the visibility lag, unless it must not be sent', async () => {
        const again = (order: Key) => world.claim(order, connection, 'claimAgain');
        const [lost, unwanted] = [await world.in('in_doubt'), await world.in('in_doubt')];
        await world.mark(unwanted);
        expect((await again(lost)).kind).toBe('not_claimable');
        await world.fixture.pass(1_000, lost, unwanted);
        const { unknownSince } = await world.read(lost);
        const kinds = [await world.claim(lost), await again(unwanted), await again(await world.requested())].map(
          ({ kind }) => kind,
        );
        expect(kinds).toEqual(['not_claimable', 'not_claimable', 'not_claimable']);
        expect((await again(lost)).kind).toBe('claimed');
        expect(await world.read(lost)).toMatchObject({ state: 'sending', attempt: 2, unknownSince });
      });

      it('that did not happen leaves no window; the window of an earlier one stays', async () => {
        const { teamId, id } = await world.in('sending');
        await orders.move(teamId, id, 'returnToRequested', 1);
        expect((await world.read({ teamId, id })).unknownSince).toBeNull();
        const lost = await world.in('in_doubt');
        await world.fixture.pass(3600, lost);
        await world.proveAbsent(lost);
        await orders.move(lost.teamId, lost.id, 'resend', 1);
        const { unknownSince } = await world.read(lost);
        await world.claim(lost);
        await orders.move(lost.teamId, lost.id, 'returnToRequested', 2);
        expect((await world.read(lost)).unknownSince).toEqual(unknownSince);
      });
    });
  });
}
