import type {
  InboundEvents,
  InboundEventToStore,
} from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import { webhookSecretPlace } from '../../../src/contexts/integrations/connections/domain/secret-places.js';
import type { WebhookStatuses } from '../../../src/contexts/integrations/connections/domain/webhook-status.js';
import { anId } from '../../fakes/platform.js';
import { aKnownCase, aSavedConnection, type CasesFixture } from './case-fixtures.js';
import { aCase, OrdersInStates, type OrdersFixture } from './order-fixtures.js';

export type InboundEventsFixture = CasesFixture &
  OrdersFixture & { inboundEvents: InboundEvents; webhookStatuses: WebhookStatuses };

/** What receiving webhook events relies on. */
export function inboundEventsContract(name: string, open: () => InboundEventsFixture): void {
  describe(`${name}: inbound events`, () => {
    let fixture: InboundEventsFixture;
    let inboundEvents: InboundEvents;
    let connection: Connection;
    let caseId: string;
    let orderId: string;
    beforeEach(async () => {
      fixture = open();
      ({ inboundEvents } = fixture);
      connection = await aSavedConnection(fixture);
      caseId = anId();
      orderId = await aKnownCase(fixture, connection, aCase(caseId));
    });

    const anEvent = (given: Partial<InboundEventToStore> = {}): InboundEventToStore => ({
      ...{ id: anId(), owner: { teamId: connection.teamId, orderId, connectionId: connection.id } },
      ...{ eventId: anId(), eventType: 'CASE_CHANGED', caseId, digest: 'digest' },
      ...given,
    });
    const store = (...events: InboundEventToStore[]) => fixture.unitOfWork.run(() => inboundEvents.store(events));
    const now = () => fixture.cases.readStartsAt();
    const settle = (outcome: 'applied' | 'unchanged', readAt: Date, of = [orderId]) =>
      inboundEvents.settleAll(connection.teamId, of, readAt, outcome);
    const change = (work: (one: Connection) => void) =>
      fixture.unitOfWork.run(async () => {
        const present = await fixture.connections.byId(connection.teamId, connection.id);
        if (!present) throw new Error('There is no connection.');
        work(present);
        await fixture.connections.save(present);
      });

    describe('the owner of a case', () => {
      const secret = (sealed: string) => ({ sealed, place: webhookSecretPlace(connection.teamId, connection.id) });
      const ownerOf = async (vendor = 'certn') =>
        (await inboundEvents.ownersOf([caseId, anId()], vendor)).get(caseId) ?? null;
      const replaced = { sealed: 'new', last4: '0000', savedAt: '2026-09-01', savedBy: anId() };

      it('is found by the case alone, among the connections to that vendor', async () => {
        expect(await ownerOf()).toEqual({
          ...{ teamId: connection.teamId, orderId, connectionId: connection.id },
          secrets: [secret(connection.webhookSecret.sealed)],
        });
        expect([await ownerOf('another'), (await inboundEvents.ownersOf([], 'certn')).size]).toEqual([null, 0]);
      });

      it('has its previous secret, too, while that is accepted [A6]', async () => {
        const { sealed } = connection.webhookSecret;
        const today = await now();
        await change((one) => one.replaceWebhookSecret(replaced, today));
        expect((await ownerOf())?.secrets).toEqual([secret('new'), secret(sealed)]);
        const twoDaysAgo = new Date(today.getTime() - 2 * 86_400_000);
        await change((one) => one.replaceWebhookSecret({ ...replaced, sealed: 'newest' }, twoDaysAgo));
        expect((await ownerOf())?.secrets).toEqual([secret('newest')]);
      });

      it('keeps its connection after another one became the current one', async () => {
        await change((one) => one.retire(new Date()));
        expect((await ownerOf())?.connectionId).toBe(connection.id);
      });
    });

    it('about unknown cases may be of connections with orders in progress, the newest first', async () => {
      const waiting = async (most = 1000, vendor = 'certn') => {
        const found = await inboundEvents.waitingForACase(vendor, most);
        return found.filter(({ teamId }) => teams.includes(teamId)).map(({ teamId }) => teamId);
      };
      const later = await aSavedConnection(fixture);
      const teams = [connection.teamId, later.teamId];
      const world = new OrdersInStates(fixture, connection);
      const orders = [await world.in('in_doubt'), await world.in('sending')];
      await fixture.pass(60, ...orders);
      const newest = await world.in('sending', undefined, later);
      await world.in('ordered', undefined, await aSavedConnection(fixture));
      expect(await waiting()).toEqual([later.teamId, connection.teamId]);
      expect([await waiting(1), await waiting(1000, 'another')]).toEqual([[later.teamId], []]);
      for (const order of [...orders, newest]) await world.move(order, 'refuse');
      expect(await waiting()).toEqual([]);
    });

    describe('are stored', () => {
      it('once: the same event again is a repetition [B1]', async () => {
        const first = anEvent();
        expect(await store(first)).toEqual(['fresh']);
        expect(await store({ ...first, id: anId() })).toEqual(['repeated']);
        expect(await settle('applied', await now())).toBe(1);
      });

      it('with their time, and the newest is the last event of its connection', async () => {
        const before = await now();
        await store(anEvent());
        const last = await fixture.webhookStatuses.lastEventAt(connection);
        expect(last?.getTime()).toBeGreaterThanOrEqual(before.getTime());
        expect(await fixture.webhookStatuses.lastEventAt(await aSavedConnection(fixture))).toBeNull();
      });

      it('once when they arrive at the same time [B2]', async () => {
        const first = anEvent();
        const answers = await Promise.all([store(first), store({ ...first, id: anId() })]);
        expect(answers.flat().toSorted()).toEqual(['fresh', 'repeated']);
      });

      it('as they came first: the same event with other bytes conflicts [A10]', async () => {
        const first = anEvent();
        await store(first);
        expect(await store({ ...first, id: anId(), digest: 'other' })).toEqual(['conflicting']);
        expect(await store({ ...first, id: anId() })).toEqual(['repeated']);
      });

      it('each when the vendor gave them no id', async () => {
        const first = anEvent({ eventId: null });
        expect(await store(first, { ...first, id: anId() })).toEqual(['fresh', 'fresh']);
        expect(await settle('applied', await now())).toBe(2);
      });

      it('for each connection, in the order in which they were given', async () => {
        const [first, other] = [anEvent(), await aSavedConnection(fixture)];
        await store(first);
        const owner = { teamId: other.teamId, connectionId: other.id, orderId: anId() };
        expect(await store({ ...first, id: anId() }, anEvent(), { ...first, owner, id: anId() })).toEqual([
          ...['repeated', 'fresh', 'fresh'],
        ]);
      });

      it('or none of them, when the unit of work fails [B3]', async () => {
        const first = anEvent();
        const failing = fixture.unitOfWork.run(async () => {
          await inboundEvents.store([first]);
          throw new Error('afterwards');
        });
        await expect(failing).rejects.toThrow('afterwards');
        expect(await store(first)).toEqual(['fresh']);
      });
    });

    describe('have an outcome', () => {
      it('once their case was read after they came', async () => {
        const before = new Date((await now()).getTime() - 60_000);
        await store(anEvent());
        expect(await settle('applied', before)).toBe(0);
        expect(await settle('applied', await now(), [anId()])).toBe(0);
        expect(await settle('applied', await now(), [])).toBe(0);
        expect(await settle('applied', await now())).toBe(1);
        expect(await settle('unchanged', await now())).toBe(0);
      });

      it('`failed` until a later read', async () => {
        await store(anEvent());
        await inboundEvents.fail(connection.teamId, orderId, 'There is no such case.');
        expect(await settle('unchanged', await now())).toBe(1);
        await inboundEvents.fail(connection.teamId, orderId, 'There is no such case.');
        expect(await settle('unchanged', await now())).toBe(0);
      });

      it('until one is opened again, also by the id of its repetition', async () => {
        const [first, repeatId] = [anEvent(), anId()];
        await store(first);
        await store({ ...first, id: repeatId });
        for (const id of [first.id, repeatId]) {
          await settle('applied', await now());
          expect(await inboundEvents.reopen(connection.teamId, 'another', id)).toBeNull();
          expect(await inboundEvents.reopen(connection.teamId, connection.vendor, id)).toBe(orderId);
          expect(await settle('applied', await now())).toBe(1);
        }
        expect(await inboundEvents.reopen(anId(), connection.vendor, first.id)).toBeNull();
        expect(await inboundEvents.reopen(connection.teamId, connection.vendor, anId())).toBeNull();
      });
    });
  });
}
