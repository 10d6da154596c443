import type { Discrepancies } from '../../../src/contexts/integrations/cases/domain/discrepancies.js';
import type { FeedEvents } from '../../../src/contexts/integrations/cases/domain/feed-events.js';
import type { MissedWebhooks } from '../../../src/contexts/integrations/cases/domain/missed-webhooks.js';
import type { Reports } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { anId } from '../../fakes/platform.js';
import { aKnownCase, aSavedConnection } from './case-fixtures.js';
import type { InboundEventsFixture } from './inbound-events.contract.js';
import { aCase, OrdersInStates } from './order-fixtures.js';

export interface WatchingFixture extends InboundEventsFixture {
  discrepancies: Discrepancies;
  feedEvents: FeedEvents;
  missedWebhooks: MissedWebhooks;
  reports: Reports;
  /** Cases without an order, as an admin sees them. */
  casesWithoutOrder: (connection: Connection) => Promise<string[]>;
}

/** What comparing the vendor's records with ours relies on. */
export function watchingContract(name: string, open: () => WatchingFixture): void {
  describe(`${name}:`, () => {
    let fixture: WatchingFixture;
    let connection: Connection;
    beforeEach(async () => {
      fixture = open();
      connection = await aSavedConnection(fixture);
    });
    const known = (caseId: string) => aKnownCase(fixture, connection, aCase(caseId));

    describe('a case without an order', () => {
      const [from, to] = [new Date('2026-09-02T00:00:00Z'), new Date('2026-09-03T00:00:00Z')];
      const noon = new Date('2026-09-02T12:00:00Z');
      const reconcile = (...cases: ReturnType<typeof aCase>[]) =>
        fixture.discrepancies.reconcileCases(connection, from, to, cases);
      const recorded = () => fixture.casesWithoutOrder(connection);

      it('is recorded once, and until the vendor no longer has it or an order does', async () => {
        const [one, other] = [aCase(anId(), { createdAt: noon }), aCase(anId(), { createdAt: noon })];
        for (let n = 0; n < 2; n += 1) await reconcile(one, other);
        expect((await recorded()).toSorted()).toEqual([one.id, other.id].toSorted());
        await aKnownCase(fixture, connection, one);
        await reconcile(one, other);
        expect(await recorded()).toEqual([other.id]);
        await reconcile();
        expect(await recorded()).toEqual([]);
      });

      it('of another day stays recorded', async () => {
        const one = aCase(anId(), { createdAt: noon });
        await reconcile(one);
        await fixture.discrepancies.reconcileCases(connection, to, new Date('2026-09-04T00:00:00Z'), []);
        expect(await recorded()).toEqual([one.id]);
      });

      it('is none that is older than the connection, or too new to be linked', async () => {
        const fresh = await fixture.cases.readStartsAt();
        await reconcile(aCase(anId(), { createdAt: new Date('2026-08-01T00:00:00Z') }));
        await reconcile(aCase(anId(), { createdAt: fresh }), aCase(anId(), { createdAt: null }));
        expect(await recorded()).toEqual([]);
      });

      it('is none that an undecided order may have opened', async () => {
        const world = new OrdersInStates(fixture, connection);
        const order = await world.in('in_doubt', 'ada@example.org');
        const at = order.unknownSince ?? noon;
        await fixture.pass(3600, order);
        const moved = (await world.read(order)).unknownSince ?? at;
        const mayBe = aCase(anId(), { createdAt: moved, email: 'ADA@example.org', packageId: 'BASIC' });
        const others = [
          aCase(anId(), { createdAt: moved, email: 'bob@example.org' }),
          aCase(anId(), { createdAt: moved, packageId: 'full' }),
        ];
        await reconcile(mayBe, ...others);
        expect((await recorded()).toSorted()).toEqual(others.map(({ id }) => id).toSorted());
        await world.move(order, 'refuse');
        await reconcile(mayBe, ...others);
        expect(await recorded()).toHaveLength(3);
      });
    });

    it('an order’s case that the vendor does not know is recorded until it shows', async () => {
      const { discrepancies } = fixture;
      const { teamId } = connection;
      const [gone, there] = [await known(anId()), await known(anId())];
      const among = async (team = teamId) => [...(await discrepancies.goneAmong(team, [gone, there]))];
      await discrepancies.caseIsGone(teamId, anId());
      await discrepancies.caseIsUncancelled(teamId, there);
      for (let n = 0; n < 2; n += 1) await discrepancies.caseIsGone(teamId, gone);
      expect([await among(), await among(anId()), [...(await discrepancies.goneAmong(teamId, [there]))]]).toEqual([
        ...[[gone], [], []],
      ]);
      await discrepancies.caseIsThere(teamId, []);
      await discrepancies.caseIsThere(teamId, [there]);
      expect(await among()).toEqual([gone]);
      await discrepancies.caseIsThere(teamId, [gone]);
      expect(await among()).toEqual([]);
    });

    describe('the events feed', () => {
      const event = (caseId: string, eventId = anId()) => ({ id: anId(), eventId, eventType: 'X', caseId });

      it('is stored for the connection’s cases, each event once', async () => {
        const { feedEvents } = fixture;
        const caseId = anId();
        const orderId = await known(caseId);
        const first = event(caseId);
        expect(await feedEvents.store(connection, [first, event(anId())])).toEqual([{ orderId, ended: false }]);
        expect(await feedEvents.store(connection, [{ ...first, id: anId() }])).toEqual([]);
        const other = await aSavedConnection(fixture);
        expect(await feedEvents.store(other, [event(caseId)])).toEqual([]);
      });

      it('names each case once, and whether it had ended', async () => {
        const caseId = anId();
        const shown = aCase(caseId, { state: 'complete', result: 'clear' });
        const orderId = await aKnownCase(fixture, connection, shown);
        expect(await fixture.feedEvents.store(connection, [event(caseId), event(caseId)])).toEqual([
          { orderId, ended: true },
        ]);
      });

      it('goes on after the newest event that came by webhook or feed', async () => {
        const { feedEvents, inboundEvents, unitOfWork } = fixture;
        const caseId = anId();
        const orderId = await known(caseId);
        expect(await feedEvents.newestEventOf(connection)).toBeNull();
        const first = event(caseId);
        await feedEvents.store(connection, [first]);
        expect(await feedEvents.newestEventOf(connection)).toBe(first.eventId);
        const owner = { teamId: connection.teamId, connectionId: connection.id, orderId };
        const byWebhook = { ...event(caseId), owner, digest: 'd' };
        await unitOfWork.run(() => inboundEvents.store([byWebhook, { ...byWebhook, id: anId(), eventId: null }]));
        expect(await feedEvents.newestEventOf(connection)).toBe(byWebhook.eventId);
        // An event that the feed delivered first is announced late, and not a repetition.
        const late = { ...first, id: anId(), owner, digest: 'd' };
        expect(await unitOfWork.run(() => inboundEvents.store([late]))).toEqual(['repeated']);
        expect(await inboundEvents.reopen(connection.teamId, connection.vendor, late.id)).toBeNull();
      });

      it('may name cases that no order has, while an order may be waiting for one', async () => {
        const { feedEvents } = fixture;
        const [ours, unknown] = [anId(), anId()];
        await known(ours);
        expect(
          await feedEvents.unknownAmong(
            connection,
            [ours, unknown, unknown].map((id) => event(id)),
          ),
        ).toEqual([unknown]);
        const world = new OrdersInStates(fixture, connection);
        expect(await feedEvents.isWaitingForACase(connection)).toBe(false);
        const order = await world.in('in_doubt');
        expect(await feedEvents.isWaitingForACase(connection)).toBe(true);
        await world.move(order, 'ask');
        expect(await feedEvents.isWaitingForACase(connection)).toBe(false);
      });
    });

    describe('webhooks', () => {
      const missed = (changes: number) => fixture.missedWebhooks.missed(connection, changes);
      const alarm = () => fixture.missedWebhooks.alarm(connection);
      async function arrives(): Promise<void> {
        const caseId = anId();
        const owner = { teamId: connection.teamId, connectionId: connection.id, orderId: await known(caseId) };
        const event = { id: anId(), owner, eventId: anId(), eventType: 'X', caseId, digest: 'd' };
        await fixture.unitOfWork.run(() => fixture.inboundEvents.store([event]));
      }

      it('are missed after three changes that none announced, and this is reported once', async () => {
        await missed(2);
        expect(await alarm()).toBeNull();
        await missed(1);
        expect(await alarm()).toBeInstanceOf(Date);
        await missed(5);
        expect(await alarm()).toBeNull();
      });

      it('that arrive in between end it, and the count begins again', async () => {
        await missed(2);
        await fixture.pass(1);
        await arrives();
        await fixture.pass(1);
        await missed(2);
        expect(await alarm()).toBeNull();
        await missed(1);
        expect(await alarm()).not.toBeNull();
      });
    });

    it('a report is shared for ten minutes, unless it failed', async () => {
      const { reports } = fixture;
      const [{ teamId }, orderId] = [connection, await known(anId())];
      expect(await reports.recent(teamId, orderId)).toBeNull();
      await reports.remember(teamId, orderId, 'first');
      await reports.remember(teamId, orderId, 'second');
      expect([await reports.recent(teamId, orderId), await reports.recent(anId(), orderId)]).toEqual(['second', null]);
      await reports.forget(teamId, orderId);
      expect(await reports.recent(teamId, orderId)).toBeNull();
    });
  });
}
