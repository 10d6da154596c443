import type { Id } from '#kernel/id';
import { CheckStatusChanged } from '../contract.js';
import { BackgroundCheck } from './background-check.js';
import type { CaseState } from './case-outcome.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';

const [now, later, latest] = [14, 15, 16].map((hour) => new Date(`2026-10-01T${hour}:00:00.000Z`)) as [
  Date,
  Date,
  Date,
];

const ids = {
  id: 'check' as Id,
  applicationId: 'application' as Id,
  candidateId: 'candidate' as Id,
  jobId: 'job' as Id,
  jobStageItemId: 'item' as Id,
};

function aCheck(): BackgroundCheck {
  const order = { vendor: 'trustfolk', packageId: 'package', packageName: 'Basic', sentTo: 'ada@example.org' };
  const check = BackgroundCheck.request(
    { ...ids, ...order, teamId: 'team', requestedBy: 'user', replacesId: null },
    now,
  );
  check.releaseEvents();
  check.releaseHistory();
  return check;
}

const aSnapshot = (state: CaseState, revision: number, more: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  caseId: 'case',
  shortId: 'C-1',
  state,
  result: null,
  vendorStatus: state.toUpperCase(),
  vendorScore: null,
  environment: 'production',
  portalUrl: 'https://trustfolk.example.org',
  revision,
  confirmedAt: now,
  ...more,
});

const anOrder = (order: Partial<OrderStatus>): OrderStatus => ({
  state: 'waiting',
  vendor: { id: 'trustfolk', name: 'Trustfolk' },
  message: null,
  connectionActionRequired: false,
  candidates: [],
  caseId: null,
  environment: 'production',
  portalUrl: 'https://trustfolk.example.org',
  ...order,
});

/** A check that is invited, and whose vendor never confirmed a cancellation. */
function anUncancelled(): BackgroundCheck {
  const check = aCheck();
  check.recordCase(aSnapshot('invited', 1), now);
  check.requestCancel('user', now);
  check.giveUpCancelling('Trustfolk', 8, later);
  check.releaseEvents();
  return check;
}

describe('a check that follows its case', () => {
  it('writes in its history that the vendor changed it', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('complete', 1, { result: 'clear' }), now);
    expect(check.releaseHistory()).toMatchObject([
      { kind: 'status_changed', source: 'vendor', by: null },
      { kind: 'result_changed', source: 'vendor', by: null },
    ]);
  });

  it('takes each revision once: the same one with other words changes nothing', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 3), now);
    check.recordCase(aSnapshot('complete', 3, { result: 'clear' }), later);
    expect(check).toMatchObject({ status: 'invited', result: null, vendorStatus: 'INVITED' });
  });

  it('does not move its time of confirmation backwards, nor by an older revision', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 3, { confirmedAt: later }), later);
    check.recordCase(aSnapshot('opened', 4, { confirmedAt: now }), later);
    check.recordCase(aSnapshot('invited', 2, { confirmedAt: latest }), later);
    expect(check).toMatchObject({ status: 'opened', confirmedAt: later });
  });

  it('that was never sent takes nothing from a case', () => {
    const check = aCheck();
    check.recordOrder(anOrder({ state: 'refused', message: 'No.' }), now);
    check.recordCase(aSnapshot('invited', 1), later);
    expect(check).toMatchObject({ status: 'not_sent', caseId: null, vendorStatus: null, confirmedAt: null });
  });

  it('writes who decided about its order', () => {
    const check = aCheck();
    check.noteDecision('admin', later);
    expect(check.releaseHistory()).toMatchObject([{ kind: 'decided', source: 'user', by: 'admin', at: later }]);
  });
});

describe('a check whose cancellation the vendor never confirmed', () => {
  it('asks a person to act, once', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.requestCancel('user', now);
    check.releaseEvents();
    check.giveUpCancelling('Trustfolk', 8, later);
    expect(check).toMatchObject({ status: 'invited', failureReason: 'cancel_unconfirmed', cancelRequestedAt: null });
    expect(check.failureMessage).toMatch(/^Trustfolk .* after 8 requests/);
    expect(check.releaseEvents()).toEqual([new CheckStatusChanged('team', 'check')]);
  });

  it('says so while its case moves on', () => {
    const check = anUncancelled();
    const { failureMessage } = check;
    check.recordCase(aSnapshot('in_progress', 2), latest);
    expect(check).toMatchObject({
      status: 'in_progress',
      failureReason: 'cancel_unconfirmed',
      failureMessage,
      failureCandidates: [],
    });
  });

  it.each(['cancelled', 'complete'] as const)('no longer says so once its case is %s', (state) => {
    const check = anUncancelled();
    check.recordCase(aSnapshot(state, 2), latest);
    expect(check).toMatchObject({ status: state, failureReason: null, failureMessage: null });
  });

  it('no longer says so once a person requests it again', () => {
    const check = anUncancelled();
    check.requestCancel('admin', latest);
    expect(check).toMatchObject({ failureReason: null, failureMessage: null, cancelRequestedAt: latest });
  });

  it('is the only failure that a request to cancel takes away', () => {
    const check = aCheck();
    check.recordOrder(anOrder({ state: 'needs_decision', candidates: ['one', 'two'] }), now);
    check.requestCancel('user', later);
    expect(check).toMatchObject({ failureReason: 'needs_decision', failureCandidates: ['one', 'two'] });
    check.recordCase(aSnapshot('invited', 1), latest);
    expect(check).toMatchObject({ failureReason: null, failureMessage: null, failureCandidates: [] });
  });
});

describe('a check that lost its words', () => {
  it('by its candidate’s erasure follows the status of the case without its ids', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('invited', 1), now);
    check.erase(false, now);
    check.recordCase(aSnapshot('in_progress', 2, { environment: 'sandbox' }), later);
    expect(check).toMatchObject({ vendorStatus: 'IN_PROGRESS', environment: 'sandbox', caseRevision: 2 });
    expect(check).toMatchObject({ caseId: null, shortId: null, portalUrl: null, failureCandidates: [] });
  });

  it('by the rule for results follows the status of the case without its score', () => {
    const check = aCheck();
    check.recordCase(aSnapshot('in_progress', 1), now);
    check.removeResult(now, now);
    check.recordCase(aSnapshot('in_dispute', 2, { vendorScore: 'REJECT', result: 'reject' }), later);
    expect(check).toMatchObject({ status: 'in_dispute', vendorStatus: 'IN_DISPUTE', vendorScore: null, result: null });
  });
});
