import type { Id } from '#kernel/id';
import { BackgroundCheck } from './background-check.js';
import type { CaseState } from './case-outcome.js';
import type { CheckStatus } from './check-status.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';

const now = new Date('2026-10-01T14:00:00.000Z');
const later = new Date('2026-10-01T15:00:00.000Z');
const [caseId, shortId, portalUrl] = ['case-7', 'C-7', 'https://client.certn.co/ca'];
const nothing = { sentTo: null, caseId: null, shortId: null, portalUrl: null, failureMessage: null };

describe('a check whose candidate is anonymised', () => {
  it('that was never sent is cancelled at once, by the system', () => {
    const check = aCheck();
    check.erase(true, later);
    expect(check).toMatchObject({ ...nothing, status: 'cancelled', failureReason: 'withdrawn', erasedAt: later });
    expect(check.releaseHistory().at(-1)).toMatchObject({ to: 'cancelled', by: null, source: 'system' });
  });

  it('that is in progress gets a cancellation request, and follows its case to the end without its ids', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.erase(false, later);
    expect(check).toMatchObject({ ...nothing, status: 'invited', cancelRequestedAt: later });
    check.recordCase(aSnapshot('cancelled', 2), later);
    expect(check).toMatchObject({ ...nothing, status: 'cancelled', environment: 'production' });
  });

  it('that is complete returns its result once, and then keeps status, dates and package', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('complete', 1, { result: 'clear' }), now);
    check.releaseHistory();
    check.erase(false, later);
    expect(check.settle(false, later)).toBe('clear');
    expect(check.settle(true, later)).toBeNull();
    const kept = { status: 'complete', result: null, packageName: 'Basic', requestedAt: now, statusChangedAt: now };
    expect(check).toMatchObject({ ...nothing, ...kept, cancelRequestedAt: null });
    expect(check.releaseHistory()).toEqual([]);
  });

  it.each<[OrderStatus['state'], CheckStatus]>([
    ['confirming', 'confirming'],
    ['needs_decision', 'needs_decision'],
    ['placed', 'sent'],
    ['refused', 'not_sent'],
    ['withdrawn', 'cancelled'],
  ])('records that its order is %s, without the message about it', (state, status) => {
    const check = aCheck();
    check.erase(false, now);
    check.recordOrder(anOrder(state), later);
    expect(check).toMatchObject({ ...nothing, status, failureCandidates: [] });
  });
});

describe('how an erased check ended', () => {
  it.each<[CaseState, string, CheckStatus]>([
    ['declined', 'declined', 'cancelled'],
    ['expired', 'expired', 'cancelled'],
    ['cancelled', 'cancelled', 'cancelled'],
    ['complete', 'complete', 'complete'],
  ])('%s is returned once; the check keeps only whether it was completed', (state, given, kept) => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.erase(false, now);
    expect(check.settle(false, now)).toBeNull();
    check.recordCase(aSnapshot(state, 2, { vendorScore: 'X' }), later);
    expect(check.settle(false, later)).toBe(given);
    expect(check).toMatchObject({
      status: kept,
      result: null,
      vendorScore: null,
      vendorStatus: null,
      failureReason: null,
    });
    check.recordCase(aSnapshot('in_dispute', 3), later);
    expect(check).toMatchObject({ status: kept, vendorStatus: null });
  });

  it('is its present status, when no more events will come', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.erase(false, now);
    expect(check.settle(true, later)).toBe('invited');
    expect(check).toMatchObject({ status: 'cancelled', holdsSlot: false, settledAt: later });
  });

  it('is not returned while the candidate is not anonymised', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('complete', 1, { result: 'clear' }), now);
    expect(check.settle(true, later)).toBeNull();
    expect(check.result).toBe('clear');
  });
});

describe('a check whose result is removed', () => {
  it('keeps its candidate and its status, and no later event restores the result', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('complete', 1, { result: 'clear', vendorScore: 'CLEAR' }), now);
    expect(check.removeResult(later, later)).toBe(true);
    const removed = {
      caseId: null,
      shortId: null,
      portalUrl: null,
      result: null,
      vendorScore: null,
      vendorStatus: null,
    };
    expect(check).toMatchObject({ ...removed, status: 'complete', sentTo: 'ada@example.org', resultRemovedAt: later });
    check.recordCase(aSnapshot('complete', 2, { result: 'reject', vendorScore: 'REJECT' }), later);
    check.recordCase(aSnapshot('in_dispute', 3), later);
    expect(check).toMatchObject({ ...removed, status: 'complete' });
    expect(check.removeResult(later, later)).toBe(false);
    expect(check.mustEraseCase()).toBe(true);
  });

  it('before it has ended follows its case to the end, and never records a result', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('in_progress', 1), now);
    check.removeResult(now, later);
    expect(check.mustEraseCase()).toBe(false);
    check.recordCase(aSnapshot('complete', 2, { result: 'clear', vendorScore: 'CLEAR' }), later);
    expect(check).toMatchObject({
      status: 'complete',
      result: null,
      vendorScore: null,
      vendorStatus: null,
      caseId: null,
    });
    expect(check.mustEraseCase()).toBe(true);
  });
});

function aCheck(): BackgroundCheck {
  const ids = {
    teamId: 't',
    id: 'c' as Id,
    applicationId: 'a' as Id,
    candidateId: 'p' as Id,
    jobId: 'j' as Id,
    jobStageItemId: 'i' as Id,
  };
  const more = {
    vendor: 'certn',
    packageId: 'k',
    packageName: 'Basic',
    sentTo: 'ada@example.org',
    requestedBy: 'u',
    replacesId: null,
  };
  return BackgroundCheck.request({ ...ids, ...more }, now);
}

const anOrder = (state: OrderStatus['state']): OrderStatus => ({
  ...{ state, message: 'Ada is unknown.', connectionActionRequired: false, candidates: [caseId] },
  ...{ caseId, vendor: { id: 'certn', name: 'Certn' }, environment: 'production', portalUrl },
});

const aSnapshot = (state: CaseState, revision: number, more: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  ...{ caseId, shortId, state, result: null, vendorStatus: state.toUpperCase(), vendorScore: null },
  ...{ environment: 'production', portalUrl, revision, confirmedAt: now, ...more },
});
