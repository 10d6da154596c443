import type { CaseWatch } from '../../../src/contexts/integrations/cases/domain/case-watch.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { anId } from '../../fakes/platform.js';
import { aKnownCase, aSavedConnection } from './case-fixtures.js';
import type { InboundEventsFixture } from './inbound-events.contract.js';
import { aCase, OrdersInStates } from './order-fixtures.js';

const lagSeconds = 900;
const opened = { state: 'opened', vendorStatus: 'OPENED' } as const;
const complete = { state: 'complete', vendorStatus: 'COMPLETE' } as const;
const clear = { result: 'clear', vendorScore: 'CLEAR' } as const;

/** What the sweep and the daily reconciliation rely on. */
export function caseWatchContract(name: string, open: () => InboundEventsFixture & { watch: CaseWatch }): void {
  describe(`${name}: watched cases`, () => {
    let fixture: InboundEventsFixture & { watch: CaseWatch };
    let watch: CaseWatch;
    let connection: Connection;
    beforeEach(async () => {
      fixture = open();
      ({ watch } = fixture);
      connection = await aSavedConnection(fixture);
    });

    const known = (shown: VendorCase, whose = connection) => aKnownCase(fixture, whose, shown);
    async function found(orderId: string, whose = connection) {
      const one = await fixture.cases.find(whose.teamId, orderId);
      if (!one) throw new Error('There is no case.');
      return one;
    }
    /** A list that was read so many seconds after the case was. */
    async function listed(orderId: string, shown: VendorCase, seconds: number) {
      const readAt = new Date((await found(orderId)).readAt.getTime() + seconds * 1000);
      return { readAt, verdicts: await watch.compare(connection, [shown], readAt, lagSeconds) };
    }
    const verdict = async (...given: Parameters<typeof listed>) =>
      (await listed(...given)).verdicts.map((one) => one.verdict);

    describe('and a list', () => {
      it('that shows the same confirms it', async () => {
        const shown = aCase(anId());
        const orderId = await known(shown);
        const { readAt, verdicts } = await listed(orderId, shown, 60);
        expect(verdicts).toEqual([{ orderId, verdict: 'same', unannounced: true }]);
        expect(await found(orderId)).toMatchObject({ confirmedAt: readAt, state: 'invited', revision: 1 });
      });

      it('that differs is believed when the stored snapshot is older than any list', async () => {
        const shown = aCase(anId());
        const orderId = await known(shown);
        expect(await verdict(orderId, { ...shown, ...opened, shortId: 'C-new' }, 960)).toEqual(['believed']);
        expect(await found(orderId)).toMatchObject({ ...opened, shortId: 'C-new', revision: 2 });
      });

      it('that may be stale is a hint, and moves no state back', async () => {
        const shown = aCase(anId(), opened);
        const orderId = await known(shown);
        const before = await found(orderId);
        expect(await verdict(orderId, { ...shown, state: 'invited', vendorStatus: 'INVITED' }, 840)).toEqual(['hint']);
        expect(await found(orderId)).toEqual(before);
      });

      it('that was read before the stored snapshot is ignored, however late it arrives', async () => {
        const shown = aCase(anId(), opened);
        const orderId = await known(shown);
        const before = await found(orderId);
        await listed(orderId, { ...shown, ...complete, ...clear }, -1200);
        expect(await verdict(orderId, shown, -1200)).toEqual([]);
        expect(await found(orderId)).toEqual(before);
      });

      it('does not reopen an ended case', async () => {
        const shown = aCase(anId(), { ...complete, ...clear });
        const orderId = await known(shown);
        const disputed = { ...shown, state: 'in_dispute', vendorStatus: 'IN_DISPUTE' } as const;
        expect(await verdict(orderId, disputed, 86_400)).toEqual(['hint']);
        expect(await found(orderId)).toMatchObject({ state: 'complete', result: 'clear', revision: 1 });
      });

      it('without a score leads to a read, and takes no known score away', async () => {
        const [unfinished, ended] = [aCase(anId()), aCase(anId(), { ...complete, ...clear })];
        expect(await verdict(await known(unfinished), { ...unfinished, ...complete }, 3600)).toEqual(['hint']);
        const orderId = await known(ended);
        expect(await verdict(orderId, { ...ended, result: null, vendorScore: null }, 3600)).toEqual(['same']);
        expect(await found(orderId)).toMatchObject({ result: 'clear' });
      });

      it("with another connection's case or an unknown one says nothing about them", async () => {
        const other = await aSavedConnection(fixture, { accountKey: connection.accountKey });
        const theirs = aCase(anId());
        const orderId = await known(theirs, other);
        const own = await known(aCase(anId()));
        expect(await verdict(own, { ...theirs, ...opened }, 3600)).toEqual([]);
        expect(await verdict(own, aCase(anId()), 3600)).toEqual([]);
        expect(await found(orderId, other)).toMatchObject({ state: 'invited' });
      });

      it('tells whether an event announced the change', async () => {
        const shown = aCase(anId());
        const orderId = await known(shown);
        const owner = { teamId: connection.teamId, connectionId: connection.id, orderId };
        const event = { id: anId(), owner, eventId: anId(), eventType: 'X', caseId: shown.id, digest: 'd' };
        await fixture.pass(1);
        await fixture.unitOfWork.run(() => fixture.inboundEvents.store([event]));
        expect((await listed(orderId, { ...shown, ...opened }, 960)).verdicts).toEqual([
          { orderId, verdict: 'believed', unannounced: false },
        ]);
      });
    });

    describe('that are open', () => {
      it('are paged through in the order of their times, each once', async () => {
        const at = (minute: number) => ({ createdAt: new Date(Date.UTC(2026, 8, 2, 10, minute)) });
        const orders: string[] = [];
        for (let n = 0; n < 5; n += 1) orders.push(await known(aCase(anId(), at(n))));
        await known(aCase(anId(), { ...complete, ...clear, ...at(3) }));
        const seen: string[] = [];
        for (let page = await watch.openAfter(connection, null, 2); page.length > 0;) {
          seen.push(...page.map(({ orderId }) => orderId));
          const { orderedAt, orderId } = page.at(-1) ?? { orderedAt: new Date(), orderId: '' };
          page = await watch.openAfter(connection, { orderedAt: orderedAt.toISOString(), orderId }, 2);
        }
        expect(seen).toEqual(orders);
      });

      it('are counted for the connection, and for all that share its account', async () => {
        const other = await aSavedConnection(fixture, { accountKey: connection.accountKey });
        for (const shown of [{}, opened, { ...complete, ...clear }]) await known(aCase(anId(), shown));
        await known(aCase(anId()), other);
        await known(aCase(anId()), await aSavedConnection(fixture));
        expect(await watch.countOpen(connection)).toEqual({ own: 2, account: 3 });
      });

      it('or not are found by when the vendor made them', async () => {
        const [from, to] = [new Date('2026-09-02T00:00:00Z'), new Date('2026-09-03T00:00:00Z')];
        const inside = await known(aCase(anId(), { ...complete, ...clear, createdAt: from }));
        for (const createdAt of [new Date(from.getTime() - 1), to]) await known(aCase(anId(), { createdAt }));
        expect((await watch.between(connection, from, to)).map(({ orderId }) => orderId)).toEqual([inside]);
      });
    });

    it('or orders that may have become one are worth a look at the feed', async () => {
      expect(await watch.hasAnything(connection)).toBe(false);
      const world = new OrdersInStates(fixture, connection);
      const order = await world.in('sending');
      expect(await watch.hasAnything(connection)).toBe(true);
      await world.move(order, 'refuse');
      expect(await watch.hasAnything(connection)).toBe(false);
      await known(aCase(anId(), { ...complete, ...clear, createdAt: new Date('2026-01-01T00:00:00Z') }));
      expect(await watch.hasAnything(connection)).toBe(false);
      await known(aCase(anId(), { createdAt: new Date('2026-01-01T00:00:00Z') }));
      expect(await watch.hasAnything(connection)).toBe(true);
    });
  });
}
