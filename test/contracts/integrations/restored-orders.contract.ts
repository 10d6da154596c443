import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { MarkedOrder, RestoredOrders } from '../../../src/contexts/integrations/orders/domain/restored-orders.js';
import type { WantedOrder } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import { anId } from '../../fakes/platform.js';
import { aConnectionTo, limits, OrdersInStates, type OrdersFixture } from './order-fixtures.js';

export interface RestoredOrdersFixture extends OrdersFixture {
  restoredOrders: RestoredOrders;
  /** A backup was restored: the database is no longer the recorded one. */
  restore: () => Promise<void>;
}

/** What reconciling after a restore relies on. */
export function restoredOrdersContract(name: string, open: () => RestoredOrdersFixture): void {
  describe(`${name}: orders of a restored database`, () => {
    let fixture: RestoredOrdersFixture;
    let restoredOrders: RestoredOrders;
    let world: OrdersInStates;
    let connection: Connection;
    beforeEach(async () => {
      fixture = open();
      ({ restoredOrders } = fixture);
      connection = aConnectionTo(`https://host#${anId()}`);
      world = new OrdersInStates(fixture, connection);
      await fixture.restore();
    });
    afterEach(() => reconcile());

    const reconcile = (wanted: WantedOrder[] = []): Promise<MarkedOrder[]> =>
      fixture.unitOfWork.run(async () => {
        await restoredOrders.lock();
        const marked = await restoredOrders.markAllUnknown(wanted, limits, 30);
        await restoredOrders.record();
        return marked.filter(({ teamId }) => teamId === connection.teamId);
      });
    const recorded = async <T>(work: () => Promise<T>): Promise<T> => {
      await fixture.unitOfWork.run(() => restoredOrders.record());
      const done = await work();
      await fixture.restore();
      return done;
    };

    it('cannot be claimed until their outcomes are marked as unknown', async () => {
      const order = await world.requested();
      expect(await restoredOrders.isRecorded()).toBe(false);
      expect(await world.claim(order)).toEqual({ kind: 'restored' });
      expect((await world.read(order)).state).toBe('requested');
      await reconcile();
      expect(await restoredOrders.isRecorded()).toBe(true);
      expect(await world.claim(order)).toEqual({ kind: 'not_claimable' });
      expect((await world.claim(await world.requested())).kind).toBe('claimed');
    });

    it('stay as they are when the unit of work fails', async () => {
      const order = await world.requested();
      const failing = fixture.unitOfWork.run(async () => {
        await restoredOrders.markAllUnknown([], limits, 30);
        await restoredOrders.record();
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect([await restoredOrders.isRecorded(), (await world.read(order)).state]).toEqual([false, 'requested']);
    });

    it('are reconciled from their beginning, and a late answer to a lost attempt matches none', async () => {
      const orders = await recorded(async () => {
        const asked = await world.in('needs_decision');
        return [await world.in('requested'), await world.in('sending'), await world.provedAbsent(), asked];
      });
      const marked = await reconcile();
      expect(marked.map(({ id }) => id).toSorted()).toEqual(orders.map(({ id }) => id).toSorted());
      for (const before of orders) {
        const order = await world.read(before);
        expect(order).toMatchObject({ state: 'in_doubt', reconciliations: 0, connectionId: connection.id });
        expect(order.unknownSince).not.toBeNull();
        if (before.unknownSince) expect(order.unknownSince).toEqual(before.unknownSince);
        const left = await fixture.orders.visibleInSeconds(order.teamId, order.id);
        expect(left).toBeGreaterThan(limits.visibilityLagSeconds);
        expect(marked).toContainEqual(expect.objectContaining({ id: order.id, reconcileAt: order.reconcileAt }));
        expect(await world.move(order, 'resend')).toBe(false);
        const late = fixture.orders.move(order.teamId, order.id, 'place', before.attempt, { caseId: anId() });
        expect(await late).toBe(false);
      }
    });

    it('cannot be told apart at one address: the one in flight is reconciled, a person decides about the other', async () => {
      const [waiting, sent] = await recorded(async () => {
        const first = await world.requested('ada@example.org');
        return [first, await world.in('in_doubt', 'ADA@example.org')];
      });
      const marked = await reconcile();
      expect([(await world.read(waiting)).state, (await world.read(sent)).state]).toEqual([
        'needs_decision',
        'in_doubt',
      ]);
      expect(marked.find(({ id }) => id === waiting.id)?.reconcileAt).toBeNull();
    });

    it('stay unchanged when they are decided', async () => {
      const orders = await recorded(async () => [await world.in('ordered'), await world.in('rejected')]);
      expect(await reconcile()).toEqual([]);
      for (const order of orders) expect(await world.read(order)).toEqual(order);
    });

    it('include those that were requested and are in no table yet, once', async () => {
      await fixture.unitOfWork.run(() => fixture.connections.add(connection));
      const { teamId } = connection;
      const wantedSince = new Date('2026-09-01T10:00:00Z');
      const wanted = {
        teamId,
        id: anId(),
        vendor: connection.vendor,
        packageId: 'basic',
        email: 'eve@example.org',
        wantedSince,
      };
      const known = await world.requested();
      const again = { ...wanted, id: known.id };
      const elsewhere = { ...wanted, teamId: anId(), id: anId() };
      const atAnother = { ...wanted, vendor: 'another', id: anId() };
      await reconcile([wanted, again, elsewhere, atAnother]);
      const added = await world.read(wanted);
      expect(added).toMatchObject({ state: 'in_doubt', packageId: 'basic', email: 'eve@example.org' });
      expect(added.unknownSince?.getTime()).toBeLessThan(wantedSince.getTime());
      expect((await world.read(known)).email).not.toBe('eve@example.org');
      for (const none of [elsewhere, atAnother]) expect(await fixture.orders.find(none.teamId, none.id)).toBeNull();
    });
  });
}
