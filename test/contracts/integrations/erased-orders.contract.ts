import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { ErasedOrders } from '../../../src/contexts/integrations/orders/domain/erased-orders.js';
import type { CallLog } from '../../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import type { VendorOrder } from '../../../src/contexts/integrations/orders/domain/vendor-order.js';
import { anId } from '../../fakes/platform.js';
import { aSavedConnection } from './case-fixtures.js';
import { aCase, OrdersInStates } from './order-fixtures.js';
import type { WatchingFixture } from './watching.contract.js';

export interface ErasedOrdersFixture extends WatchingFixture {
  erasedOrders: ErasedOrders;
  callLog: CallLog;
  lastErrorOf: (connection: Connection) => Promise<{ message: string } | null>;
}

/** What erasing relies on: nothing that names a person or leads to their case stays. */
export function erasedOrdersContract(name: string, open: () => ErasedOrdersFixture): void {
  describe(`${name}: erased orders`, () => {
    let fixture: ErasedOrdersFixture;
    let erased: ErasedOrders;
    let world: OrdersInStates;
    let connection: Connection;
    beforeEach(async () => {
      fixture = open();
      erased = fixture.erasedOrders;
      connection = await aSavedConnection(fixture);
      world = new OrdersInStates(fixture, connection);
    });

    const erase = ({ teamId, id }: VendorOrder) => fixture.unitOfWork.run(() => erased.eraseCase(teamId, id));
    async function placed(caseId: string = anId(), candidates: string[] = []): Promise<VendorOrder> {
      const order = await world.in('sending');
      await world.move(order, 'place', { caseId, candidates });
      const owner = { ...order, connectionId: connection.id };
      await fixture.unitOfWork.run(() => fixture.links.link(owner, connection.host, aCase(caseId)));
      return world.read(order);
    }
    const link = async (caseId: string) => {
      const other = await aSavedConnection(fixture, { accountKey: connection.accountKey });
      const owner = { teamId: other.teamId, id: anId(), connectionId: other.id };
      return fixture.unitOfWork.run(() => fixture.links.link(owner, connection.host, aCase(caseId)));
    };

    it('keep their address for as long as it is needed to find them', async () => {
      const { teamId, id, email } = await world.in('in_doubt');
      expect(await erased.requestErasure(teamId, id)).toBe(true);
      await erased.erasePerson(teamId, id);
      expect(await world.read({ teamId, id })).toMatchObject({ email, doNotSend: true });
      await world.move({ teamId, id }, 'refuse', { message: `No ${email}.` });
      await erased.erasePerson(teamId, id);
      expect(await world.read({ teamId, id })).toMatchObject({ email: '', message: null, state: 'rejected' });
    });

    it('are to be erased since the first request, and unknown orders never', async () => {
      const order = await world.in('in_doubt');
      const { teamId, id } = order;
      expect(await erased.erasureRequestedForSeconds(teamId, id)).toBeNull();
      await erased.requestErasure(teamId, id);
      await fixture.pass(3600, order);
      await erased.requestErasure(teamId, id);
      expect(await erased.erasureRequestedForSeconds(teamId, id)).toBeGreaterThan(3599);
      expect(await erased.requestErasure(teamId, anId())).toBe(false);
    });

    it('that are decided stay as they are, but for what names a person', async () => {
      const order = await placed();
      await erased.requestErasure(order.teamId, order.id);
      expect((await world.read(order)).doNotSend).toBe(false);
    });

    it("keep their case's last state and nothing that leads to it", async () => {
      const order = await placed();
      const { teamId, id } = order;
      await fixture.reports.remember(teamId, id, 'report');
      expect(await erase(order)).toBe(true);
      expect(await fixture.cases.find(teamId, id)).toBeNull();
      const nothing = { caseId: null, shortId: null };
      expect(await fixture.cases.lastSnapshot(teamId, id)).toMatchObject({ ...nothing, state: 'invited' });
      const gone = { email: '', message: null, caseId: null, candidates: [], refusedCases: [], state: 'ordered' };
      expect(await world.read(order)).toMatchObject(gone);
      expect(await fixture.reports.recent(teamId, id)).toBeNull();
    });

    it('are erased a second time, with what was written during the first time', async () => {
      const caseId = anId();
      const order = await placed(caseId);
      const { teamId, id: orderId } = order;
      const kept = await fixture.unitOfWork.run(() => fixture.links.storeUnmatchedCase(connection, caseId));
      // Teams that share an account receive each other's events.
      const sharing = await aSavedConnection(fixture, { accountKey: connection.accountKey });
      await fixture.unitOfWork.run(() => fixture.links.storeUnmatchedCase(sharing, caseId));
      await erase(order);
      for (const { teamId: team, id } of [connection, sharing])
        expect(await fixture.links.unmatchedCase(team, id, kept ?? '')).toBeNull();
      const owner = { teamId, orderId, connectionId: connection.id };
      const event = { id: anId(), owner, eventId: anId(), eventType: 'E', caseId, digest: 'd' };
      await fixture.unitOfWork.run(() => fixture.inboundEvents.store([event]));
      const late = new Date((await fixture.cases.readStartsAt()).getTime() + 60_000);
      expect(await fixture.cases.record(teamId, orderId, aCase(caseId, { state: 'opened' }), late)).toBe('unchanged');
      expect(await erase(order)).toBe(false);
      expect(await fixture.inboundEvents.reopen(teamId, connection.vendor, event.id)).toBeNull();
    });

    it('have cases that are never linked, kept or adopted again by any team', async () => {
      const caseId = anId();
      await erase(await placed(caseId));
      expect(await link(caseId)).toBe(false);
      const { id, host } = connection;
      const keep = () => fixture.links.storeUnmatchedCase({ teamId: anId(), id, host }, caseId);
      expect(await fixture.unitOfWork.run(keep)).toBeNull();
      expect(await fixture.unknownOutcomes.unlinked(connection.host, [caseId])).toEqual([]);
    });

    it('leave alone a case of another host that has the same id', async () => {
      const caseId = anId();
      const order = await placed(caseId);
      const elsewhere = await aSavedConnection(fixture, { accountKey: `elsewhere.example.com#${anId()}` });
      const keep = () => fixture.unitOfWork.run(() => fixture.links.storeUnmatchedCase(elsewhere, caseId));
      const kept = await keep();
      await erase(order);
      expect(await fixture.links.unmatchedCase(elsewhere.teamId, elsewhere.id, kept ?? '')).toBe(caseId);
      expect(await keep()).toBe(kept);
      expect(await fixture.unknownOutcomes.unlinked(elsewhere.host, [caseId])).toEqual([caseId]);
      const another = { teamId: elsewhere.teamId, id: anId(), connectionId: elsewhere.id };
      const linked = fixture.unitOfWork.run(() => fixture.links.link(another, elsewhere.host, aCase(caseId)));
      expect(await linked).toBe(true);
    });

    it('erase cases that may have been their own, but none of another order', async () => {
      const [own, unowned, others] = [anId(), anId(), anId()];
      const other = await placed(others);
      await erase(await placed(own, [unowned, others]));
      expect([await link(own), await link(unowned)]).toEqual([false, false]);
      expect((await fixture.cases.find(other.teamId, other.id))?.caseId).toBe(others);
    });

    it('are not sentinel cases, because no list can be asked for them', async () => {
      const order = await placed();
      await fixture.pass(3600, order);
      const sentinel = () => fixture.unknownOutcomes.sentinelCase(order.teamId, connection.id);
      expect(await sentinel()).not.toBeNull();
      await erase(order);
      expect(await sentinel()).toBeNull();
    });

    it("erase the connection's last error when it names their case", async () => {
      const [caseId, other] = [anId(), anId()];
      const fail = (about: string) =>
        fixture.callLog.failed(connection.teamId, connection.id, { reason: 'not_found', message: `No ${about}.` });
      const order = await placed(caseId);
      await fail(other);
      await erase(await placed());
      expect((await fixture.lastErrorOf(connection))?.message).toBe(`No ${other}.`);
      await fail(caseId);
      await erase(order);
      expect(await fixture.lastErrorOf(connection)).toBeNull();
    });

    it('have one planned attempt at a time', async () => {
      const order = await placed();
      const { teamId, id } = order;
      const plan = () => fixture.unitOfWork.run(() => erased.planTry(teamId, id, 60));
      await erased.requestErasure(teamId, id);
      expect([await plan(), await plan()]).toEqual([true, false]);
      await fixture.pass(61, order);
      expect([await plan(), await erased.planTry(teamId, anId(), 60)]).toEqual([true, false]);
    });

    it.each([
      ['invited', false],
      ['complete', true],
    ] as const)('have ended when their case has: %s', async (state, expected) => {
      const order = await placed();
      const { teamId, id } = order;
      const readAt = await fixture.cases.readStartsAt();
      await fixture.cases.record(teamId, id, aCase(order.caseId ?? '', { state }), readAt);
      expect(await fixture.unitOfWork.run(() => erased.hasEnded(teamId, id))).toBe(expected);
    });

    it('without a case have ended when they are decided', async () => {
      const ended = async ({ teamId, id }: VendorOrder) => fixture.unitOfWork.run(() => erased.hasEnded(teamId, id));
      expect([await ended(await world.in('rejected')), await ended(await world.in('in_doubt'))]).toEqual([true, false]);
    });

    it('lose their last state only after their case', async () => {
      const order = await placed();
      const { teamId, id } = order;
      await erased.eraseSnapshot(teamId, id);
      expect(await fixture.cases.lastSnapshot(teamId, id)).not.toBeNull();
      await erase(order);
      await erased.eraseSnapshot(teamId, id);
      expect(await fixture.cases.lastSnapshot(teamId, id)).toBeNull();
    });
  });
}
