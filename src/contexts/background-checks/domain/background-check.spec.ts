import type { Id } from '#kernel/id';
import { CheckRequested, CheckStatusChanged } from '../contract.js';
import { BackgroundCheck, type HistoryEntry } from './background-check.js';
import type { CaseState } from './case-outcome.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';

const now = new Date('2026-10-01T14:00:00.000Z');
const later = new Date('2026-10-01T15:00:00.000Z');

describe('a background check', () => {
  it('begins as requested, holds its slot, and publishes an event [R-80]', () => {
    const check = BackgroundCheck.request(aRequest, now);
    expect(check).toMatchObject({ status: 'requested', result: null, holdsSlot: true, revision: 1, caseId: null });
    expect(check.releaseHistory()).toEqual([
      { revision: 1, at: now, kind: 'requested', from: null, to: 'requested', by: 'user', source: 'user' },
    ]);
    expect(check.releaseEvents()).toEqual([new CheckRequested('team', 'check')]);
    expect(check.releaseEvents()).toEqual([]);
  });

  it('follows its case, and publishes each change once [R-84]', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('invited', 1), later);
    expect(check).toMatchObject({ status: 'invited', caseId: 'case', vendorStatus: 'INVITED', statusChangedAt: later });
    expect(check.releaseEvents()).toEqual([new CheckStatusChanged('team', 'check')]);
    check.recordCase(aSnapshot('invited', 1), later);
    expect(check.releaseEvents()).toEqual([]);
    expect(check.releaseHistory()).toHaveLength(1);
  });

  it('a snapshot older than the last one changes nothing [R-94]', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('complete', 5, { result: 'clear' }), now);
    check.recordCase(aSnapshot('in_progress', 4), later);
    expect(check).toMatchObject({ status: 'complete', result: 'clear', caseRevision: 5, updatedAt: now });
  });

  it('keeps an unknown word without changing its status [R-83]', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('in_progress', 1), now);
    check.releaseEvents();
    check.recordCase(aSnapshot('unknown', 2, { vendorStatus: 'PAUSED_BY_MARS' }), later);
    expect(check).toMatchObject({ status: 'in_progress', vendorStatus: 'PAUSED_BY_MARS' });
    expect(check.releaseEvents()).toEqual([]);
  });

  it('a snapshot that is confirmed again moves only the time of confirmation', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.releaseEvents();
    check.recordCase(aSnapshot('invited', 1, { confirmedAt: later }), later);
    expect(check).toMatchObject({ confirmedAt: later, revision: 2 });
    expect(check.releaseEvents()).toEqual([]);
  });

  it('may be reopened at the vendor, but does not take its slot again', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('complete', 1, { result: 'reject' }), now);
    expect(check.holdsSlot).toBe(false);
    check.recordCase(aSnapshot('in_dispute', 2, { result: 'reject' }), later);
    expect(check).toMatchObject({ status: 'in_dispute', result: null, holdsSlot: false });
    expect(check.releaseHistory().map(({ kind, from, to }) => [kind, from, to])).toEqual([
      ['status_changed', 'requested', 'complete'],
      ['result_changed', null, 'reject'],
      ['status_changed', 'complete', 'in_dispute'],
      ['result_changed', 'reject', null],
    ]);
  });

  it.each<[Partial<OrderStatus>, object]>([
    [{ state: 'waiting' }, { status: 'requested', failureReason: null }],
    [
      { state: 'waiting', connectionActionRequired: true },
      { status: 'requested', failureReason: 'connection_attention', holdsSlot: true },
    ],
    [{ state: 'confirming' }, { status: 'confirming', failureReason: null }],
    [{ state: 'needs_decision' }, { status: 'needs_decision', failureReason: 'needs_decision' }],
    [
      { state: 'placed', caseId: 'case' },
      { status: 'sent', caseId: 'case', environment: 'production' },
    ],
    [
      { state: 'refused', message: 'No such package.' },
      {
        status: 'not_sent',
        failureReason: 'refused_by_certn',
        failureMessage: 'No such package.',
        holdsSlot: false,
      },
    ],
    [{ state: 'withdrawn' }, { status: 'not_sent', failureReason: 'integration_disabled' }],
  ])('an order that is %j makes the check %j [R-76]', (order, expected) => {
    const check = aSavedCheck();
    check.recordOrder(anOrder(order), later);
    expect(check).toMatchObject(expected);
  });

  it('an order that ends unsent after a cancellation request makes the check cancelled', () => {
    const check = aSavedCheck();
    check.recordOrder(anOrder({ state: 'confirming' }), now);
    check.requestCancel('user', now);
    check.recordOrder(anOrder({ state: 'withdrawn' }), later);
    expect(check).toMatchObject({ status: 'cancelled', failureReason: 'withdrawn' });
  });

  it('an event of the order that arrives after one of the case changes nothing', () => {
    const check = aSavedCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.releaseEvents();
    for (const state of ['waiting', 'confirming', 'needs_decision', 'placed', 'refused', 'withdrawn'] as const) {
      check.recordOrder(anOrder({ state }), later);
    }
    expect(check).toMatchObject({ status: 'invited', caseId: 'case', updatedAt: now });
    expect(check.releaseEvents()).toEqual([]);
  });

  it('the wait for the connection ends when the order moves on', () => {
    const check = aSavedCheck();
    check.recordOrder(anOrder({ state: 'waiting', connectionActionRequired: true }), now);
    check.recordOrder(anOrder({ state: 'placed', caseId: 'case' }), later);
    expect(check).toMatchObject({ status: 'sent', failureReason: null, failureMessage: null });
  });

  it('keeps the time of the first cancellation request, and refuses one after it has ended', () => {
    const check = aSavedCheck();
    check.requestCancel('user', now);
    check.requestCancel('another', later);
    expect(check.cancelRequestedAt).toBe(now);
    check.recordCase(aSnapshot('cancelled', 1), later);
    expect(() => check.requestCancel('user', later)).toThrow(expect.objectContaining({ reason: 'already_finished' }));
    expect(() => check.withdraw('user', later)).toThrow(expect.objectContaining({ reason: 'already_finished' }));
  });

  it('withdrawn before it was sent, is cancelled by that person at once', () => {
    const check = aSavedCheck();
    check.withdraw('user', later);
    expect(check).toMatchObject({ status: 'cancelled', failureReason: 'withdrawn', holdsSlot: false });
    expect(check.releaseHistory()).toMatchObject([{ kind: 'status_changed', by: 'user', source: 'user' }]);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'whatever happens (seed %i), has a history without gaps that ends in its present status',
    (seed) => {
      const random = randomFrom(seed);
      const check = BackgroundCheck.request(aRequest, now);
      const history: HistoryEntry[] = [];
      for (let step = 0; step < 400; step += 1) {
        happen(check, random);
        if (random(3) === 0) history.push(...check.releaseHistory());
      }
      history.push(...check.releaseHistory());
      expect(history.map((entry) => entry.revision)).toEqual(history.map((_, i) => i + 1));
      expect(history).toHaveLength(check.revision);
      expect(lastOf(history, 'status_changed') ?? 'requested').toBe(check.status);
      expect(lastOf(history, 'result_changed') ?? null).toBe(check.result);
      expect(chained(history, 'status_changed', 'requested')).toBe(true);
      expect(chained(history, 'result_changed', null)).toBe(true);
    },
  );
});

const aRequest = {
  teamId: 'team',
  id: 'check' as Id,
  applicationId: 'application' as Id,
  candidateId: 'candidate' as Id,
  jobId: 'job' as Id,
  jobStageItemId: 'item' as Id,
  vendor: 'certn',
  packageId: 'package',
  packageName: 'Basic',
  sentTo: 'ada@example.org',
  requestedBy: 'user',
  replacesId: null,
};

function aSavedCheck(): BackgroundCheck {
  const check = BackgroundCheck.request(aRequest, now);
  check.releaseEvents();
  check.releaseHistory();
  return check;
}

const anOrder = (order: Partial<OrderStatus>): OrderStatus => ({
  state: 'waiting',
  message: null,
  connectionActionRequired: false,
  candidates: [],
  caseId: null,
  vendor: { id: 'certn', name: 'Certn' },
  environment: 'production',
  portalUrl: 'https://client.certn.co/ca',
  ...order,
});

const aSnapshot = (state: CaseState, revision: number, more: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  caseId: 'case',
  shortId: 'C-1',
  state,
  result: null,
  vendorStatus: state.toUpperCase(),
  vendorScore: null,
  environment: 'production',
  portalUrl: 'https://client.certn.co/ca',
  revision,
  confirmedAt: now,
  ...more,
});

/** A small congruential generator. The same seed gives the same sequence. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

const states: CaseState[] = ['ordered', 'invited', 'in_progress', 'complete', 'in_dispute', 'cancelled', 'unknown'];
const orderStates: OrderStatus['state'][] = ['waiting', 'confirming', 'needs_decision', 'placed'];
const results = ['clear', 'reject', 'unknown', null] as const;

function happen(check: BackgroundCheck, random: (below: number) => number): void {
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
  try {
    if (random(8) === 0) check.requestCancel('user', now);
    else if (random(3) === 0) check.recordOrder(anOrder({ state: pick(orderStates) }), now);
    else check.recordCase(aSnapshot(pick(states), random(200), { result: pick(results) }), now);
  } catch {
    // A refused change must not leave a gap either.
  }
}

const lastOf = (history: HistoryEntry[], kind: string) => history.findLast((entry) => entry.kind === kind)?.to;

/** Whether each change begins where the one before it ended. */
function chained(history: HistoryEntry[], kind: string, start: string | null): boolean {
  let at = start;
  return history
    .filter((entry) => entry.kind === kind)
    .every(({ from, to }) => {
      const joins = from === at && to !== from;
      at = to;
      return joins;
    });
}
