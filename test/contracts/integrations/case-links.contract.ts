import type { UnitOfWork } from '#kernel/ports';
import type { VendorCases } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { CaseLinks } from '../../../src/contexts/integrations/orders/domain/case-links.js';
import { anId } from '../../fakes/platform.js';
import { aCase, aConnectionTo } from './order-fixtures.js';

export interface CaseLinksFixture {
  unitOfWork: UnitOfWork;
  links: CaseLinks;
  cases: Pick<VendorCases, 'find'>;
}

/** What finding the case of an order relies on. Erased cases: `erased-orders.contract.ts`. */
export function caseLinksContract(name: string, open: () => CaseLinksFixture): void {
  describe(`${name}: cases and their orders`, () => {
    let fixture: CaseLinksFixture;
    let links: CaseLinks;
    let connection: Connection;
    beforeEach(() => {
      fixture = open();
      ({ links } = fixture);
      connection = aConnectionTo(`https://host#${anId()}`);
    });

    const link = (orderId: string, caseId: string, at = connection, host = at.host) =>
      fixture.unitOfWork.run(() =>
        links.link({ teamId: at.teamId, id: orderId, connectionId: at.id }, host, aCase(caseId)),
      );

    it('are linked once: a case has one order, of one team', async () => {
      const [orderId, caseId] = [anId(), anId()];
      expect(await link(orderId, caseId)).toBe(true);
      expect(await link(anId(), caseId)).toBe(false);
      expect(await link(anId(), caseId, aConnectionTo('https://host#2'))).toBe(false);
      expect(await fixture.cases.find(connection.teamId, orderId)).toMatchObject({ caseId, revision: 1 });
    });

    it('are linked to one of two orders that ask at once', async () => {
      const caseId = anId();
      const linked = await Promise.all([link(anId(), caseId), link(anId(), caseId)]);
      expect(linked.toSorted()).toEqual([false, true]);
    });

    it('are told apart by their host', async () => {
      const caseId = anId();
      await link(anId(), caseId);
      expect(await link(anId(), caseId, connection, 'https://elsewhere')).toBe(true);
    });

    it('are stored with their first snapshot', async () => {
      const [orderId, caseId] = [anId(), anId()];
      await link(orderId, caseId);
      expect(await fixture.cases.find(connection.teamId, orderId)).toMatchObject({
        ...{ orderId, caseId, connectionId: connection.id, state: 'invited', result: null },
        ...{ vendorStatus: 'INVITED', shortId: `C-${caseId.slice(-6)}` },
      });
    });

    it('are not linked by a unit of work that fails', async () => {
      const [orderId, caseId] = [anId(), anId()];
      const failing = fixture.unitOfWork.run(async () => {
        await links.link({ teamId: connection.teamId, id: orderId, connectionId: connection.id }, 'h', aCase(caseId));
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await fixture.cases.find(connection.teamId, orderId)).toBeNull();
      expect(await link(orderId, caseId, connection, 'h')).toBe(true);
    });

    describe('that no order has', () => {
      const store = (caseId: string, at = connection) =>
        fixture.unitOfWork.run(() => links.storeUnmatchedCase(at, caseId));

      it('are stored once for a connection, and found by their fingerprint', async () => {
        const [caseId, { teamId, id }] = [anId(), connection];
        const fingerprint = await store(caseId);
        expect(fingerprint).not.toContain(caseId);
        expect(await store(caseId)).toBe(fingerprint);
        expect(await links.unmatchedCase(teamId, id, fingerprint ?? '')).toBe(caseId);
        expect(await links.unmatchedCase(teamId, anId(), fingerprint ?? '')).toBeNull();
        expect(await links.unmatchedCase(anId(), id, fingerprint ?? '')).toBeNull();
      });

      it('are taken once', async () => {
        const [caseId, { teamId, id }] = [anId(), connection];
        const fingerprint = await store(caseId);
        const take = () => fixture.unitOfWork.run(() => links.takeUnmatchedCase(teamId, id, caseId));
        expect(await links.takeUnmatchedCase(teamId, anId(), caseId)).toBe(false);
        expect([await take(), await take()]).toEqual([true, false]);
        expect(await links.unmatchedCase(teamId, id, fingerprint ?? '')).toBeNull();
      });
    });
  });
}
