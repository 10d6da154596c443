import type { Id } from '#kernel/id';
import { CheckStatusChanged, resendableStatuses } from '../contract.js';
import { BackgroundCheck } from './background-check.js';
import { checkStatuses } from './check-status.js';
import { mustBeResendable } from './resending-rules.js';
import type { OrderStatus } from './order-status.js';

const now = new Date('2026-10-01T14:00:00.000Z');
const later = new Date('2026-10-01T15:00:00.000Z');

describe('resending a check', () => {
  it.each(checkStatuses)('is for checks that ended without a result: %s', (status) => {
    const attempt = (): void => mustBeResendable({ status, replacedById: null });
    if (resendableStatuses.some((one) => one === status)) expect(attempt).not.toThrow();
    else expect(attempt).toThrow(expect.objectContaining({ kind: 'conflict', reason: 'not_resendable' }));
  });

  it('is done once, and is a history entry, not a change of status', () => {
    const check = aRefusedCheck();
    check.replaceBy('successor', 'ada', later);
    expect(check).toMatchObject({
      status: 'not_sent',
      replacedById: 'successor',
      updatedAt: later,
      statusChangedAt: now,
    });
    expect(check.releaseHistory()).toMatchObject([{ revision: 3, kind: 'resent', by: 'ada', source: 'user' }]);
    expect(check.releaseEvents()).toEqual([]);
    expect(() => check.replaceBy('another', 'ada', later)).toThrow(
      expect.objectContaining({ reason: 'already_replaced', errors: { json: { background_check_id: ['successor'] } } }),
    );
    expect(check.replacedById).toBe('successor');
  });

  it('refused because of its status, does not name a successor', () => {
    const revived = { status: 'started', replacedById: 'successor' } as const;
    expect(() => mustBeResendable(revived)).toThrow(expect.objectContaining({ reason: 'not_resendable' }));
  });

  it('the new check knows which one it replaces', () => {
    expect(aCheck('old').replacesId).toBe('old');
    expect(aCheck().replacesId).toBeNull();
  });
});

describe('a check that needs a decision', () => {
  it('names the cases that fit for as long as it needs one [E10]', () => {
    const check = aCheck();
    check.recordOrder(undecided('a', 'b'), now);
    expect(check).toMatchObject({ status: 'needs_decision', failureCandidates: ['a', 'b'] });
    check.recordOrder(anOrder({ state: 'placed', caseId: 'a' }), later);
    expect(check).toMatchObject({ status: 'sent', caseId: 'a', failureReason: null, failureCandidates: [] });
  });

  it('publishes an event when other cases fit, and none when the same are named again [E10]', () => {
    const check = aCheck();
    check.recordOrder(undecided('a', 'b'), now);
    check.releaseEvents();
    check.recordOrder(undecided('a', 'b'), later);
    expect([check.releaseEvents(), check.updatedAt]).toEqual([[], now]);
    check.recordOrder(undecided('a', 'b', 'c'), later);
    expect([check.releaseEvents(), check.updatedAt]).toEqual([[new CheckStatusChanged('team', 'check')], later]);
  });

  it('keeps who decided, between the entries before and after the decision', () => {
    const check = aCheck();
    check.recordOrder(undecided(), now);
    check.noteDecision('ada', now);
    check.recordOrder(anOrder({}), later);
    const lines = check.releaseHistory().map(({ revision, kind, to, by }) => [revision, kind, to, by]);
    expect(lines).toEqual([
      [1, 'requested', 'requested', 'ada'],
      [2, 'status_changed', 'needs_decision', null],
      [3, 'decided', null, 'ada'],
      [4, 'status_changed', 'requested', null],
    ]);
  });

  it('that was to be cancelled ends as cancelled when the vendor has no case [B12]', () => {
    const check = aCheck();
    check.recordOrder(undecided(), now);
    check.requestCancel('ada', now);
    expect(check.status).toBe('needs_decision');
    check.recordOrder(anOrder({ state: 'withdrawn' }), later);
    expect(check).toMatchObject({ status: 'cancelled', failureReason: 'withdrawn', holdsSlot: false });
  });
});

function aCheck(replacesId: string | null = null): BackgroundCheck {
  return BackgroundCheck.request(
    {
      ...{
        teamId: 'team',
        id: 'check' as Id,
        applicationId: 'application' as Id,
        candidateId: 'candidate' as Id,
        jobId: 'job' as Id,
      },
      ...{
        jobStageItemId: 'item' as Id,
        vendor: 'certn',
        packageId: 'package',
        packageName: 'Basic',
        sentTo: 'grace@example.org',
      },
      ...{ requestedBy: 'ada', replacesId },
    },
    now,
  );
}

function aRefusedCheck(): BackgroundCheck {
  const check = aCheck();
  check.recordOrder(anOrder({ state: 'refused', message: 'No.' }), now);
  check.releaseHistory();
  check.releaseEvents();
  return check;
}

const undecided = (...candidates: string[]): OrderStatus => anOrder({ state: 'needs_decision', candidates });

const anOrder = (order: Partial<OrderStatus>): OrderStatus => ({
  state: 'waiting',
  message: null,
  connectionActionRequired: false,
  candidates: [],
  caseId: null,
  environment: 'production',
  vendor: { id: 'certn', name: 'Certn' },
  portalUrl: 'https://client.certn.co/ca',
  ...order,
});
