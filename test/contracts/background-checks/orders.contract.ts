import { text } from 'node:stream/consumers';
import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { CaseSnapshot } from '../../../src/contexts/background-checks/domain/order-status.js';
import type { Orders } from '../../../src/contexts/background-checks/domain/ports.js';
import { anId } from '../../fakes/platform.js';

type CaseState = CaseSnapshot['state'];

/** Where an order is. `case …`: placed, and its case was read in that state. `erased …`: the order and its case are erased. */
export type Situation =
  | 'waiting'
  | 'waiting for the connection'
  | 'held'
  | 'being sent'
  | 'outcome unknown'
  | 'waiting to be resent'
  | 'undecided'
  | 'placed'
  | 'refused'
  | 'withdrawn'
  | `case ${CaseState}`
  | `erased ${CaseState}`;

export interface OrdersFixture {
  unitOfWork: UnitOfWork;
  orders: Orders;
  /** The vendor of its orders. */
  vendor: string;
  /** A team whose connection to the vendor is enabled. */
  aTeam(): Promise<string>;
  anOrder(teamId: string, situation: Situation): Promise<Id>;
  /** From now on the order's case is in that state at the vendor. It is not read yet. */
  vendorShows(teamId: string, orderId: Id, state: CaseState): Promise<void>;
}

/** What checks rely on about their orders: the integrations context with a vendor, and the fake. */
export function ordersOfChecksContract(name: string, open: () => OrdersFixture): void {
  describe(`${name}: the order of a check`, () => {
    let fixture: OrdersFixture;
    let orders: Orders;
    let teamId: string;
    beforeEach(async () => {
      fixture = open();
      ({ orders } = fixture);
      teamId = await fixture.aTeam();
    });

    const anOrder = (situation: Situation) => fixture.anOrder(teamId, situation);
    const stateOf = async (id: Id) => (await orders.status(teamId, id))?.state;

    it.each<[Situation, object]>([
      ['waiting', { state: 'waiting', message: null, caseId: null, candidates: [], connectionActionRequired: false }],
      ['waiting for the connection', { state: 'waiting', connectionActionRequired: true, held: false }],
      ['held', { state: 'waiting', connectionActionRequired: false, held: true }],
      ['being sent', { state: 'waiting' }],
      ['outcome unknown', { state: 'confirming', waitsToBeResent: false }],
      ['waiting to be resent', { state: 'confirming', waitsToBeResent: true }],
      ['undecided', { state: 'needs_decision', candidates: [expect.any(String), expect.any(String)] }],
      ['placed', { state: 'placed', caseId: expect.any(String), environment: 'production' }],
      ['refused', { state: 'refused', message: 'No.' }],
      ['withdrawn', { state: 'withdrawn' }],
      ['erased complete', { state: 'placed', caseId: null, message: null }],
    ])('that is %s shows that', async (situation, expected) => {
      expect(await orders.status(teamId, await anOrder(situation))).toMatchObject(expected);
    });

    it('is unknown before it is placed, and to other teams', async () => {
      const id = await anOrder('case invited');
      expect([await orders.status(teamId, anId()), await orders.status(anId(), id)]).toEqual([null, null]);
      expect([await orders.lastSnapshot(teamId, anId()), await orders.lastSnapshot(anId(), id)]).toEqual([null, null]);
    });

    it('has a snapshot of its case once the case was read', async () => {
      expect(await orders.lastSnapshot(teamId, await anOrder('placed'))).toBeNull();
      const id = await anOrder('case invited');
      const { caseId, ...rest } = (await orders.status(teamId, id)) ?? { caseId: null };
      expect(rest).toMatchObject({ state: 'placed' });
      const shown = { caseId, state: 'invited', result: null, environment: 'production', revision: expect.any(Number) };
      const snapshot = await orders.lastSnapshot(teamId, id);
      expect(snapshot).toMatchObject({ ...shown, portalUrl: expect.stringMatching(/^https:/) });
      expect(snapshot?.confirmedAt).toBeInstanceOf(Date);
    });

    describe('withdrawn by us', () => {
      it.each<[Situation, boolean, string]>([
        ['waiting', true, 'withdrawn'],
        ['waiting for the connection', true, 'withdrawn'],
        ['held', true, 'withdrawn'],
        ['being sent', false, 'waiting'],
        ['outcome unknown', false, 'confirming'],
        ['undecided', false, 'needs_decision'],
        ['placed', false, 'placed'],
        ['refused', false, 'refused'],
        ['withdrawn', true, 'withdrawn'],
      ])('while %s: %s, and then %s', async (situation, withdrawn, after) => {
        const id = await anOrder(situation);
        expect(await fixture.unitOfWork.run(() => orders.withdraw(teamId, id, fixture.vendor))).toBe(withdrawn);
        expect(await stateOf(id)).toBe(after);
      });

      it('before it exists is never placed', async () => {
        const id = anId();
        expect(await fixture.unitOfWork.run(() => orders.withdraw(teamId, id, fixture.vendor))).toBe(true);
        expect(await stateOf(id)).toBe('withdrawn');
      });

      it('stays when the unit of work fails', async () => {
        const id = await anOrder('waiting');
        const failing = fixture.unitOfWork.run(async () => {
          await orders.withdraw(teamId, id, fixture.vendor);
          throw new Error('afterwards');
        });
        await expect(failing).rejects.toThrow('afterwards');
        expect(await stateOf(id)).toBe('waiting');
      });
    });

    describe('erased', () => {
      it.each<[Situation, boolean]>([
        ['waiting', false],
        ['being sent', false],
        ['outcome unknown', false],
        ['undecided', false],
        ['case invited', false],
        ['case in_dispute', false],
        ['placed', true],
        ['refused', true],
        ['withdrawn', true],
        ['case complete', true],
        ['case cancelled', true],
        ['case undeliverable', true],
      ])('when it has ended. %s: %s', async (situation, erased) => {
        const id = await anOrder(situation);
        const before = [await orders.status(teamId, id), await orders.lastSnapshot(teamId, id)];
        expect(await fixture.unitOfWork.run(() => orders.eraseEnded(teamId, id))).toBe(erased);
        const after = [await orders.status(teamId, id), await orders.lastSnapshot(teamId, id)];
        if (!erased) return expect(after).toEqual(before);
        expect(after).toEqual([{ ...before[0], caseId: null, message: null }, null]);
        expect(await fixture.unitOfWork.run(() => orders.eraseEnded(teamId, id))).toBe(true);
      });

      it('when there is none: nothing', async () => {
        const id = anId();
        expect(await fixture.unitOfWork.run(() => orders.eraseEnded(teamId, id))).toBe(false);
        await fixture.unitOfWork.run(() => orders.erase(teamId, id));
        await fixture.unitOfWork.run(() => orders.reportUncancelled(teamId, id));
        expect(await orders.status(teamId, id)).toBeNull();
      });

      it('later, when that was requested: its state stays until then', async () => {
        const id = await anOrder('case invited');
        const before = await orders.status(teamId, id);
        await fixture.unitOfWork.run(() => orders.erase(teamId, id));
        expect(await orders.status(teamId, id)).toEqual(before);
      });

      it('keeps the last state of its case until that is erased, too', async () => {
        const [erased, present] = [await anOrder('erased complete'), await anOrder('case complete')];
        expect(await orders.lastSnapshot(teamId, erased)).toMatchObject({ caseId: null, state: 'complete' });
        for (const id of [erased, present]) await fixture.unitOfWork.run(() => orders.eraseSnapshot(teamId, id));
        expect(await orders.lastSnapshot(teamId, erased)).toBeNull();
        expect(await orders.lastSnapshot(teamId, present)).toMatchObject({ state: 'complete' });
      });
    });

    describe('at the vendor', () => {
      it('is read again: the snapshot is newer when the case changed, and only then', async () => {
        const id = await anOrder('case invited');
        const first = (await orders.lastSnapshot(teamId, id))?.revision ?? 0;
        await orders.readAgain(teamId, id);
        expect(await orders.lastSnapshot(teamId, id)).toMatchObject({ state: 'invited', revision: first });
        await fixture.vendorShows(teamId, id, 'submitted');
        expect(await orders.lastSnapshot(teamId, id)).toMatchObject({ state: 'invited' });
        await orders.readAgain(teamId, id);
        expect(await orders.lastSnapshot(teamId, id)).toMatchObject({ state: 'submitted', revision: first + 1 });
      });

      it('is not read without a case', async () => {
        for (const id of [anId(), await anOrder('waiting'), await anOrder('refused')]) {
          const before = await orders.status(teamId, id);
          await orders.readAgain(teamId, id);
          expect(await orders.status(teamId, id)).toEqual(before);
        }
      });

      it('is cancelled; the next read shows it', async () => {
        const id = await anOrder('case invited');
        expect(await orders.cancelCase(teamId, id)).toEqual({ kind: 'accepted' });
        expect(await orders.lastSnapshot(teamId, id)).toMatchObject({ state: 'invited' });
        await orders.readAgain(teamId, id);
        expect(await orders.lastSnapshot(teamId, id)).toMatchObject({ state: 'cancelled' });
      });

      it('is not cancelled once it has ended', async () => {
        const id = await anOrder('case invited');
        await fixture.vendorShows(teamId, id, 'complete');
        expect(await orders.cancelCase(teamId, id)).toEqual({ kind: 'refused', message: expect.any(String) as string });
      });

      it.each<Situation>(['waiting', 'outcome unknown', 'placed', 'refused'])(
        'is not cancelled before its case was read: %s',
        async (situation) => {
          expect(await orders.cancelCase(teamId, await anOrder(situation))).toEqual({ kind: 'no_answer' });
        },
      );

      it('has a report, as a stream', async () => {
        const { stream } = await orders.openReport(teamId, await anOrder('case complete'), fixture.vendor);
        expect(await text(stream)).toMatch(/^%PDF/);
      });

      it('has no report before its case was read', async () => {
        const notReady = { kind: 'unavailable', reason: 'results_not_ready' };
        await expect(orders.openReport(teamId, await anOrder('placed'), fixture.vendor)).rejects.toMatchObject(
          notReady,
        );
      });
    });

    describe('decided by a person', () => {
      it.each<Situation>(['waiting', 'outcome unknown', 'placed', 'refused', 'withdrawn'])(
        'is refused while nothing is to be decided: %s',
        async (situation) => {
          const id = await anOrder(situation);
          const nothing = { kind: 'conflict', reason: 'nothing_to_decide' };
          await expect(orders.decide(teamId, id, { sendAgain: true })).rejects.toMatchObject(nothing);
          await expect(orders.decide(teamId, id, { caseId: 'case' })).rejects.toMatchObject(nothing);
        },
      );

      it('is placed with one of its candidates, and with no case that the account lacks', async () => {
        const id = await anOrder('undecided');
        const unknown = orders.decide(teamId, id, { caseId: 'unknown-case' });
        await expect(unknown).rejects.toMatchObject({ kind: 'invalid', reason: 'unknown_reference' });
        expect(await stateOf(id)).toBe('needs_decision');
        const caseId = (await orders.status(teamId, id))?.candidates[1] ?? '';
        await orders.decide(teamId, id, { caseId });
        expect(await orders.status(teamId, id)).toMatchObject({ state: 'placed', caseId, candidates: [] });
      });

      it('waits again when the vendor does not have it', async () => {
        const id = await anOrder('undecided');
        await orders.decide(teamId, id, { sendAgain: true });
        expect(await orders.status(teamId, id)).toMatchObject({ state: 'waiting', candidates: [] });
      });

      it('ends when the vendor does not have it and it was withdrawn meanwhile', async () => {
        const id = await anOrder('undecided');
        await fixture.unitOfWork.run(() => orders.withdraw(teamId, id, fixture.vendor));
        await orders.decide(teamId, id, { sendAgain: true });
        expect(await stateOf(id)).toBe('withdrawn');
      });
    });
  });
}
