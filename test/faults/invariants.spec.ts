import type { Evidence } from './evidence.ts';
import { violationsIn } from './invariants.ts';

const begun = '2026-11-23T10:00:10.000Z';

/** Evidence of one check without a violation. */
const sound = (): Evidence => ({
  ledger: [{ time: '', account: 'a', case: 'case-1', package: null, email: 'p1@canary.example', request: 'r' }],
  orders: [{ id: 'check-1', state: 'ordered', case_id: 'case-1', email: 'p1@canary.example', waiting_for: null }],
  checks: [
    { id: 'check-1', status: 'complete', case_id: 'case-1', case_revision: 2, revision: 4, failure_reason: null },
  ],
  history: [
    { check_id: 'check-1', revision: 1, kind: 'requested', from: null, to: 'requested' },
    { check_id: 'check-1', revision: 2, kind: 'status_changed', from: 'requested', to: 'sent' },
    { check_id: 'check-1', revision: 3, kind: 'status_changed', from: 'sent', to: 'complete' },
    { check_id: 'check-1', revision: 4, kind: 'result_changed', from: null, to: 'clear' },
  ],
  cases: [
    {
      order_id: 'check-1',
      case_id: 'case-1',
      vendor_status: 'COMPLETE',
      vendor_score: 'CLEAR',
      revision: 2,
      linked_at: '2026-11-23T10:00:00.000Z',
    },
  ],
  inboundEvents: [{ event_id: 'event-1', case_id: 'case-1' }],
  vendorCases: [{ id: 'case-1', overall_status: 'COMPLETE', overall_score: 'CLEAR' } as Evidence['vendorCases'][0]],
  vendorEvents: [{ id: 'event-1', case: 'case-1', case_status: 'COMPLETE' } as Evidence['vendorEvents'][0]],
  acknowledged: ['check-1'],
  handedOver: [{ event: 'event-1', case: 'case-1', begun }],
  authentic: [],
  forged: ['event-forged'],
  jobs: { deadLetters: [], overdue: [], waiting: [] },
  connections: { openTransactions: [], count: 10, allowed: 56 },
  logLines: ['{"msg":"an attempt at an order ended"}'],
  errorBodies: ['{"code":503}'],
  disclosingJobs: [],
  canaries: ['@canary.example', 'Zebedee'],
});

const tampered = (tamper: (evidence: Evidence) => void): string[] => {
  const evidence = sound();
  tamper(evidence);
  return violationsIn(evidence);
};
const first = <T>([one]: T[]): T => one as T;

describe('the invariant checker', () => {
  it('reports nothing when the evidence is sound', () => {
    expect(violationsIn(sound())).toEqual([]);
  });

  const line = (id: string): Evidence['ledger'][0] => ({ ...first(sound().ledger), case: id });

  it.each<[what: string, invariant: string, tamper: (evidence: Evidence) => void]>([
    ['a second paid order', 'I1', (e) => e.ledger.push(line('case-2'))],
    ['one case paid twice', 'I1', (e) => e.ledger.push(line('case-1'))],
    ['two orders for one case', 'I1', (e) => e.orders.push({ ...first(e.orders), id: 'check-2' })],
    ['an order without its case at Certn', 'I1', (e) => ((e.ledger = []), (e.vendorCases = []))],
    ['an order with an unknown outcome', 'I1', (e) => (first(e.orders).state = 'in_doubt')],
    ['an acknowledged check that is gone', 'I1', (e) => e.acknowledged.push('check-2')],
    ['a check that was never ordered', 'I1', (e) => (e.orders = [])],
    [
      'more paid orders than undecided ones',
      'I1',
      (e) => {
        Object.assign(first(e.orders), { state: 'needs_decision', case_id: null });
        e.ledger.push(line('case-2'));
      },
    ],
    ['a lost webhook event', 'I2', (e) => (e.inboundEvents = [])],
    ['a webhook event stored twice', 'I2', (e) => e.inboundEvents.push(first(e.inboundEvents))],
    [
      'a forged webhook event that is stored',
      'I3',
      (e) => e.inboundEvents.push({ event_id: 'event-forged', case_id: 'case-1' }),
    ],
    ['a stored event without a sender', 'I3', (e) => e.inboundEvents.push({ event_id: 'event-9', case_id: 'case-1' })],
    ['a gap in the history', 'I4', (e) => e.history.splice(1, 1)],
    ['a jump in the history', 'I4', (e) => ((e.history[2] as Evidence['history'][0]).from = 'opened')],
    ['a status that is not Certn’s', 'I4', (e) => (first(e.vendorCases).overall_status = 'CANCELLED')],
    ['a status that differs from its history', 'I4', (e) => (first(e.checks).status = 'cancelled')],
    ['a score that is not Certn’s', 'I4', (e) => (first(e.vendorCases).overall_score = 'REVIEW')],
    ['a check without its case', 'I5', (e) => (first(e.checks).case_id = null)],
    ['a refusal that did not reach its check', 'I5', (e) => (first(e.orders).state = 'rejected')],
    ['a case change that did not reach its check', 'I5', (e) => (first(e.cases).revision = 3)],
    [
      'an effect that happened twice',
      'I5',
      (e) => e.history.push({ check_id: 'check-1', revision: 5, kind: 'result_changed', from: 'clear', to: 'clear' }),
    ],
    ['a dead letter', 'I5', (e) => e.jobs.deadLetters.push('{}')],
    ['a transaction left open', 'I6', (e) => e.connections.openTransactions.push('begin')],
    ['an active job of a dead worker', 'I6', (e) => e.jobs.overdue.push('job')],
    ['too many connections', 'I6', (e) => (e.connections.count = 57)],
    ['an address in the log', 'I7', (e) => e.logLines.push('{"msg":"p1@canary.example"}')],
    ['a name in an error', 'I7', (e) => e.errorBodies.push('{"message":"Zebedee"}')],
    ['a name in a job', 'I7', (e) => e.disclosingJobs.push('integrations.order-due {"name":"Zebedee"}')],
    [
      'a terminal check that became active again',
      'I8',
      (e) =>
        e.history.push({ check_id: 'check-1', revision: 5, kind: 'status_changed', from: 'complete', to: 'opened' }),
    ],
  ])('detects %s [%s]', (_what, invariant, tamper) => {
    expect(tampered(tamper).map((violation) => violation.slice(0, 2))).toContain(invariant);
  });

  it('accepts a refusal, a required decision with its one paid order, and an order that waits for the key [I1]', () => {
    const person = { case_id: null, email: 'p2@canary.example', waiting_for: null };
    const check = { case_id: null, case_revision: 0, revision: 2, failure_reason: null };
    const violations = tampered((e) => {
      e.orders.push({ ...person, id: 'check-2', state: 'needs_decision' });
      e.checks.push({ ...check, id: 'check-2', status: 'needs_decision' });
      e.ledger.push({ ...line('case-2'), email: 'p2@canary.example' });
      e.orders.push({ ...person, id: 'check-3', state: 'rejected' });
      e.checks.push({ ...check, id: 'check-3', status: 'not_sent' });
      e.orders.push({ ...person, id: 'check-4', state: 'requested', waiting_for: 'connection_attention' });
      for (const [id, to] of [
        ['check-2', 'needs_decision'],
        ['check-3', 'not_sent'],
      ] as const) {
        e.history.push({ check_id: id, revision: 1, kind: 'requested', from: null, to: 'requested' });
        e.history.push({ check_id: id, revision: 2, kind: 'status_changed', from: 'requested', to });
      }
    });
    expect(violations).toEqual([]);
  });

  it('accepts a case that Certn reopens [I8]', () => {
    const violations = tampered((e) => {
      e.history.push({ check_id: 'check-1', revision: 5, kind: 'status_changed', from: 'complete', to: 'in_dispute' });
      Object.assign(first(e.checks), { status: 'in_dispute', revision: 5 });
      Object.assign(first(e.vendorCases), { overall_status: 'IN_DISPUTE' });
      e.vendorEvents.push({ ...first(e.vendorEvents), id: 'event-2', case_status: 'IN_DISPUTE' });
    });
    expect(violations).toEqual([]);
  });
});
