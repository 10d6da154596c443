import type { VendorCases } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { VendorCase } from '../../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { anId } from '../../fakes/platform.js';
import { aKnownCase, aSavedConnection, type CasesFixture } from './case-fixtures.js';
import { aCase } from './order-fixtures.js';

/** What following a case relies on. */
export function vendorCasesContract(name: string, open: () => CasesFixture): void {
  describe(`${name}: a case that is followed`, () => {
    let cases: VendorCases;
    let connection: Connection;
    let orderId: string;
    let first: VendorCase;
    let began: Date;
    beforeEach(async () => {
      const fixture = open();
      ({ cases } = fixture);
      connection = await aSavedConnection(fixture);
      first = aCase(anId());
      orderId = await aKnownCase(fixture, connection, first);
      began = (await found()).confirmedAt;
    });

    async function found() {
      const one = await cases.find(connection.teamId, orderId);
      if (!one) throw new Error('There is no case.');
      return one;
    }
    const after = (seconds: number) => new Date(began.getTime() + seconds * 1000);
    const record = (shown: Partial<VendorCase>, readAt: Date) =>
      cases.record(connection.teamId, orderId, { ...first, ...shown }, readAt);
    const opened = { state: 'opened', vendorStatus: 'OPENED' } as const;

    it('is found by its order, in its team', async () => {
      const { teamId, id } = connection;
      expect(await found()).toMatchObject({ teamId, orderId, connectionId: id, caseId: first.id, revision: 1 });
      expect([await cases.find(anId(), orderId), await cases.find(teamId, anId())]).toEqual([null, null]);
      expect(await cases.lastSnapshot(teamId, orderId)).toEqual(await found());
      expect(await cases.lastSnapshot(teamId, anId())).toBeNull();
    });

    it.each<[string, Partial<VendorCase>]>([
      ['state', opened],
      ['result', { result: 'clear' }],
      ['status', { vendorStatus: 'ANOTHER' }],
      ['score', { vendorScore: 'CLEAR' }],
    ])('has a new revision when its %s differs', async (_, shown) => {
      expect(await record(shown, after(10))).toBe('changed');
      expect(await found()).toMatchObject({ ...shown, revision: 2, confirmedAt: after(10), readAt: after(10) });
    });

    it('keeps its revision when nothing differs, and is confirmed', async () => {
      expect(await record({}, after(10))).toBe('unchanged');
      expect(await found()).toMatchObject({ revision: 1, confirmedAt: after(10), readAt: after(10) });
    });

    it('ignores what was read before the stored snapshot, however late it arrives [B4, B5]', async () => {
      await record(opened, after(10));
      expect(await record({ state: 'complete', vendorStatus: 'COMPLETE' }, after(5))).toBe('unchanged');
      expect(await found()).toMatchObject({ ...opened, revision: 2, confirmedAt: after(10) });
    });

    it('gets its short id when the vendor shows one, and keeps it', async () => {
      await record({ ...opened, shortId: 'C-late' }, after(10));
      await record({ state: 'started', shortId: null }, after(20));
      expect(await found()).toMatchObject({ state: 'started', shortId: 'C-late' });
    });

    it('is read on the clock of the database', async () => {
      const readAt = await cases.readStartsAt();
      expect(readAt.getTime()).toBeGreaterThanOrEqual(began.getTime());
      expect(await record(opened, readAt)).toBe('changed');
    });

    it('of an order without one is not recorded', async () => {
      expect(await cases.record(connection.teamId, anId(), first, after(10))).toBe('unchanged');
    });
  });
}
