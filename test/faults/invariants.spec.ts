import type { Evidence } from './evidence.ts';
import { discrepanciesOn } from './invariants.ts';

const begun = '2026-11-23T10:00:10.000Z';

/** One check that went its way, as the judge finds it when all is well. */
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
  deliveries: [{ event_id: 'event-1', case_id: 'case-1' }],
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
  tellingJobs: [],
  canaries: ['@canary.example', 'Zebedee'],
});

const tampered = (tamper: (evidence: Evidence) => void): string[] => {
  const evidence = sound();
  tamper(evidence);
  return discrepanciesOn(evidence);
};
const first = <T>([one]: T[]): T => one as T;

describe('the judge', () => {
  it('finds nothing when all is well', () => {
    expect(discrepanciesOn(sound())).toEqual([]);
  });

  const line = (id: string): Evidence['ledger'][0] => ({ ...first(sound().ledger), case: id });

  it.each<[invariant: string, what: string, tamper: (evidence: Evidence) => void]>([
    ['I1', 'a second paid order', (e) => e.ledger.push(line('case-2'))],
    ['I1', 'one case paid twice', (e) => e.ledger.push(line('case-1'))],
    ['I1', 'two orders for one case', (e) => e.orders.push({ ...first(e.orders), id: 'check-2' })],
    ['I1', 'an order without its case at Certn', (e) => ((e.ledger = []), (e.vendorCases = []))],
    ['I1', 'an order left in doubt', (e) => (first(e.orders).state = 'in_doubt')],
    ['I1', 'an acknowledged check that is gone', (e) => e.acknowledged.push('check-2')],
    ['I1', 'a check that was never ordered', (e) => (e.orders = [])],
    [
      'I1',
      'more paid orders than undecided ones',
      (e) => {
        Object.assign(first(e.orders), { state: 'needs_decision', case_id: null });
        e.ledger.push(line('case-2'));
      },
    ],
    ['I2', 'a lost notice', (e) => (e.deliveries = [])],
    ['I2', 'a notice stored twice', (e) => e.deliveries.push(first(e.deliveries))],
    ['I3', 'a forged notice stored', (e) => e.deliveries.push({ event_id: 'event-forged', case_id: 'case-1' })],
    ['I3', 'a notice that nobody sent', (e) => e.deliveries.push({ event_id: 'event-9', case_id: 'case-1' })],
    ['I4', 'a gap in the history', (e) => e.history.splice(1, 1)],
    ['I4', 'a jump in the history', (e) => ((e.history[2] as Evidence['history'][0]).from = 'opened')],
    ['I4', 'a status that is not Certn’s', (e) => (first(e.vendorCases).overall_status = 'CANCELLED')],
    ['I4', 'a status that its history does not tell', (e) => (first(e.checks).status = 'cancelled')],
    ['I4', 'a score that is not Certn’s', (e) => (first(e.vendorCases).overall_score = 'REVIEW')],
    ['I5', 'a check that did not hear of its case', (e) => (first(e.checks).case_id = null)],
    ['I5', 'a refusal that nobody heard of', (e) => (first(e.orders).state = 'rejected')],
    ['I5', 'a reading that nobody heard of', (e) => (first(e.cases).revision = 3)],
    [
      'I5',
      'an effect that came twice',
      (e) => e.history.push({ check_id: 'check-1', revision: 5, kind: 'result_changed', from: 'clear', to: 'clear' }),
    ],
    ['I5', 'a parked job', (e) => e.jobs.deadLetters.push('{}')],
    ['I6', 'a transaction left open', (e) => e.connections.openTransactions.push('begin')],
    ['I6', 'a job of the dead', (e) => e.jobs.overdue.push('job')],
    ['I6', 'growing connections', (e) => (e.connections.count = 57)],
    ['I7', 'an address in the log', (e) => e.logLines.push('{"msg":"p1@canary.example"}')],
    ['I7', 'a name in an error', (e) => e.errorBodies.push('{"message":"Zebedee"}')],
    ['I7', 'a name in a job', (e) => e.tellingJobs.push('integrations.order-due {"name":"Zebedee"}')],
    [
      'I8',
      'a finished check that came to life',
      (e) =>
        e.history.push({ check_id: 'check-1', revision: 5, kind: 'status_changed', from: 'complete', to: 'opened' }),
    ],
  ])('%s: sees %s', (invariant, _what, tamper) => {
    expect(tampered(tamper).map((finding) => finding.slice(0, 2))).toContain(invariant);
  });

  it('a refusal, a decision asked for with its one paid order, and an order that waits for the key are in order [I1]', () => {
    const person = { case_id: null, email: 'p2@canary.example', waiting_for: null };
    const check = { case_id: null, case_revision: 0, revision: 2, failure_reason: null };
    const findings = tampered((e) => {
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
    expect(findings).toEqual([]);
  });

  it('Certn may reopen a case [I8]', () => {
    const findings = tampered((e) => {
      e.history.push({ check_id: 'check-1', revision: 5, kind: 'status_changed', from: 'complete', to: 'in_dispute' });
      Object.assign(first(e.checks), { status: 'in_dispute', revision: 5 });
      Object.assign(first(e.vendorCases), { overall_status: 'IN_DISPUTE' });
      e.vendorEvents.push({ ...first(e.vendorEvents), id: 'event-2', case_status: 'IN_DISPUTE' });
    });
    expect(findings).toEqual([]);
  });
});
