import { type Evidence, gather } from './evidence.ts';
import type { Harness } from './harness.ts';

/** Returns the violations, one sentence each; none when the invariant holds. */
export type Invariant = (evidence: Evidence) => string[];

const inProgress = new Set(['requested', 'sending', 'in_doubt']);

/** Each accepted request has exactly one paid order. Refused ones have none. None is lost. */
const oneOrderEach: Invariant = ({ ledger, orders, checks, acknowledged, vendorCases }) => {
  const owners = groupBy(
    orders.filter(({ case_id }) => case_id !== null),
    ({ case_id }) => case_id ?? '',
  );
  const known = new Set([...ledger.map((line) => line.case), ...vendorCases.map(({ id }) => id)]);
  const undecided = groupBy(
    orders.filter(({ state }) => state === 'needs_decision'),
    ({ email }) => email.toLowerCase(),
  );
  const paid = groupBy(ledger, (line) => line.case);
  const [orderIds, checkIds] = [orders, checks].map((rows) => new Set(rows.map(({ id }) => id)));
  const unowned = ledger.filter((line) => !owners.has(line.case));
  const unexplained = unowned.filter((line) => !takeOne(undecided, line.email.toLowerCase()));
  return [
    ...unexplained.map((line) => `Certn was paid for ${line.case} (${line.email}), which no order owns`),
    ...[...owners].filter(([, own]) => own.length > 1).map(([id]) => `case ${id} belongs to several orders`),
    ...[...paid].filter(([, lines]) => lines.length > 1).map(([id]) => `case ${id} is in the ledger twice`),
    ...orders
      .filter(({ state, case_id }) => state === 'ordered' && !known.has(case_id ?? ''))
      .map(({ id, case_id }) => `order ${id} names case ${case_id}, which Certn does not have`),
    ...orders
      .filter(({ state, waiting_for }) => inProgress.has(state) && waiting_for === null)
      .map(({ id, state }) => `order ${id} is still ${state}`),
    ...acknowledged.filter((id) => !checkIds?.has(id)).map((id) => `check ${id} was answered 201 and is gone`),
    ...checks
      .filter(({ id, status }) => !orderIds?.has(id) && !['not_sent', 'cancelled'].includes(status))
      .map(({ id, status }) => `check ${id} is ${status} and has no order`),
  ];
};

/** A link is dated at the start of its transaction and visible at its end: tolerance for the time between. */
const linkToleranceMs = 2_000;

/** Every authentic webhook event of a known case that was answered 2xx is stored, once per event. */
const webhooksStoredOnce: Invariant = ({ handedOver, inboundEvents, cases }) => {
  const linkedAt = new Map(cases.map(({ case_id, linked_at }) => [case_id, Date.parse(linked_at)]));
  const stored = countBy(inboundEvents.flatMap(({ event_id }) => event_id ?? []));
  const owed = handedOver.filter(
    (webhookEvent) => Date.parse(webhookEvent.begun) > (linkedAt.get(webhookEvent.case) ?? Infinity) + linkToleranceMs,
  );
  return [
    ...owed
      .filter(({ event }) => !stored.has(event))
      .map(({ event }) => `webhook event ${event} was answered 200 and is lost`),
    ...[...stored]
      .filter(([, times]) => times > 1)
      .map(([event, times]) => `webhook event ${event} is stored ${times} times`),
  ];
};

/** Only authentic webhook events are stored. */
const nothingForged: Invariant = ({ inboundEvents, forged, vendorEvents, authentic }) => {
  const genuine = new Set([...vendorEvents.map(({ id }) => id), ...authentic]);
  const known = inboundEvents.flatMap(({ event_id }) => event_id ?? []);
  return [
    ...known.filter((event) => forged.includes(event)).map((event) => `the forged webhook event ${event} was stored`),
    ...known
      .filter((event) => !genuine.has(event) && !forged.includes(event))
      .map((event) => `webhook event ${event} is stored without a sender`),
  ];
};

/** Our status for each of Certn's statuses. */
const vendorStatuses: Record<string, string[]> = {
  sent: ['DRAFT', 'CASE_ORDERED'],
  undeliverable: ['INVITE_UNDELIVERABLE'],
  expired: ['APPLICANT_EXPIRED', 'EXPIRED'],
  invited: ['APPLICANT_INVITED'],
  opened: ['APPLICANT_OPENED'],
  started: ['APPLICANT_STARTED'],
  submitted: ['APPLICANT_SUBMITTED'],
  in_progress: ['IN_PROGRESS', 'PENDING_FULFILLMENT'],
  candidate_action_required: ['APPLICANT_ACTION_REQUIRED'],
  client_action_required: ['CLIENT_ACTION_REQUIRED'],
  in_dispute: ['IN_DISPUTE'],
  declined: ['APPLICANT_DECLINED'],
  cancelled: ['CANCELLED'],
  complete: ['COMPLETE'],
};
const ourStatusOf = new Map(
  Object.entries(vendorStatuses).flatMap(([ours, theirs]) => theirs.map((status) => [status, ours])),
);

/** Histories have no gaps, each line starts where the last ended, and the last line is Certn's current state. */
const historiesTrue: Invariant = ({ checks, history, cases, vendorCases }) => {
  const linesOf = groupBy(history, ({ check_id }) => check_id);
  const ofOrder = new Map(cases.map((one) => [one.order_id, one]));
  const atCertn = new Map(vendorCases.map((one) => [one.id, one]));
  return checks.flatMap((check) => {
    const lines = linesOf.get(check.id) ?? [];
    const moves = lines.filter(({ kind }) => kind === 'requested' || kind === 'status_changed');
    const ours = ofOrder.get(check.id);
    const theirs = ours && atCertn.get(ours.case_id);
    const expected = theirs && ourStatusOf.get(theirs.overall_status);
    return [
      ...lines
        .filter(({ revision }, i) => revision !== i + 1)
        .map(({ revision }) => `the history of check ${check.id} has a gap before revision ${revision}`),
      ...(check.revision === lines.length
        ? []
        : [`check ${check.id} counts ${check.revision} of ${lines.length} lines`]),
      ...moves
        .filter(({ from }, i) => i > 0 && from !== moves[i - 1]?.to)
        .map(({ from, to }) => `check ${check.id} went from ${from} to ${to}, and was not in ${from}`),
      ...(moves.at(-1)?.to === check.status
        ? []
        : [`check ${check.id} is ${check.status}, its history ends differently`]),
      ...(ours && !theirs ? [`check ${check.id} follows case ${ours.case_id}, which Certn does not have`] : []),
      ...(expected && expected !== check.status
        ? [`check ${check.id} is ${check.status}, Certn says ${theirs.overall_status}`]
        : []),
      ...(ours && theirs && theirs.overall_score !== ours.vendor_score
        ? [`case ${ours.case_id} has the score ${theirs.overall_score} at Certn, ${ours.vendor_score} here`]
        : []),
    ];
  });
};

/** Every change reached its check and had its effect once. */
const effectsOnce: Invariant = ({ orders, checks, cases, history, jobs }) => {
  const checkOf = new Map(checks.map((check) => [check.id, check]));
  const seen = countBy(
    history.map(({ check_id, kind, from, to, revision }) => `${check_id} ${revision} ${kind} ${from} ${to}`),
  );
  const linesOf = groupBy(history, ({ check_id }) => check_id);
  const twice = [...linesOf].filter(([, lines]) =>
    lines.some((line, i) => line.kind.endsWith('_changed') && isRepeated(line, lines[i - 1])),
  );
  return [
    ...orders
      .filter(({ id, state, case_id }) => state === 'ordered' && checkOf.get(id)?.case_id !== case_id)
      .map(({ id }) => `order ${id} was placed and did not reach its check`),
    ...orders
      .filter(({ id, state }) => state === 'rejected' && checkOf.get(id)?.status !== 'not_sent')
      .map(({ id }) => `order ${id} was refused and its check is ${checkOf.get(id)?.status}`),
    ...orders
      .filter(
        ({ id, state }) => state === 'withdrawn' && !['not_sent', 'cancelled'].includes(checkOf.get(id)?.status ?? ''),
      )
      .map(({ id }) => `order ${id} was withdrawn and its check is ${checkOf.get(id)?.status}`),
    ...orders
      .filter(({ id, state }) => state === 'needs_decision' && checkOf.get(id)?.status !== 'needs_decision')
      .map(({ id }) => `order ${id} needs a decision and its check is ${checkOf.get(id)?.status}`),
    ...cases
      .filter(({ order_id, revision }) => checkOf.get(order_id)?.case_revision !== revision)
      .map(({ order_id }) => `the case of check ${order_id} changed and the change did not reach the check`),
    ...[...seen].filter(([, times]) => times > 1).map(([line]) => `the history repeats a line: ${line}`),
    ...twice.map(([id]) => `check ${id} has the same effect twice in a row`),
    ...jobs.deadLetters.map((what) => `there is a dead letter: ${what}`),
  ];
};

function isRepeated(line: { kind: string; to: string | null }, last: typeof line | undefined): boolean {
  return line.kind === last?.kind && line.to === last.to;
}

/** No open transaction, no active job of a dead worker, no surplus connection. */
const nothingLeaks: Invariant = ({ connections, jobs }) => [
  ...connections.openTransactions.map((query) => `a transaction stays open: ${query}`),
  ...jobs.overdue.map((job) => `a job stays active: ${job}`),
  ...(connections.count > connections.allowed
    ? [`${connections.count} connections are open, ${connections.allowed} are allowed`]
    : []),
];

/** No personal data and no secret in any log line, error or job. */
const nothingDisclosed: Invariant = ({ logLines, errorBodies, disclosingJobs, canaries }) => {
  const canaryIn = (text: string): string | undefined =>
    canaries.find((canary) => canary !== '' && text.includes(canary));
  const disclosed = (where: string, texts: string[]): string[] =>
    texts
      .filter((text) => canaryIn(text) !== undefined)
      .map((text) => `${where} contains a canary: ${text.slice(0, 300)}`);
  const all = [
    ...disclosed('a log line', logLines),
    ...disclosed('an error', errorBodies),
    ...disclosed('a job', disclosingJobs),
  ];
  return all.slice(0, 5);
};

const terminal = new Set(['not_sent', 'undeliverable', 'expired', 'declined', 'cancelled', 'complete']);

/** A check leaves a terminal status only when Certn reopened its case. */
const terminalStays: Invariant = ({ history, cases, vendorEvents }) => {
  const caseOf = new Map(cases.map(({ order_id, case_id }) => [order_id, case_id]));
  const eventsOf = groupBy(vendorEvents, (event) => event.case);
  return history
    .filter(({ kind, from, to }) => kind === 'status_changed' && terminal.has(from ?? '') && !terminal.has(to ?? ''))
    .filter(({ check_id }) => !wasReopened(eventsOf.get(caseOf.get(check_id) ?? '') ?? []))
    .map(
      ({ check_id, from, to }) => `check ${check_id} was ${from} and became ${to}, but Certn did not reopen the case`,
    );
};

function wasReopened(events: { case_status: string }[]): boolean {
  const over = events.map(({ case_status }) => terminal.has(ourStatusOf.get(case_status) ?? ''));
  return over.some((one, i) => !one && over.slice(0, i).includes(true));
}

/** The promises I1 to I8 of docs/reliability.md. */
export const invariants: Record<string, Invariant> = {
  I1: oneOrderEach,
  I2: webhooksStoredOnce,
  I3: nothingForged,
  I4: historiesTrue,
  I5: effectsOnce,
  I6: nothingLeaks,
  I7: nothingDisclosed,
  I8: terminalStays,
};

/** All violations, each with the name of its invariant. */
export function violationsIn(evidence: Evidence): string[] {
  return Object.entries(invariants).flatMap(([name, check]) => check(evidence).map((what) => `${name}: ${what}`));
}

/**
 * Checks the invariants once all work in progress has ended and every planned job of an order has run. Throws the violations, one
 * line each, or an error when the work does not end within `withinMs`.
 */
export async function checkInvariants(harness: Harness, withinMs = 45_000): Promise<Evidence> {
  const end = Date.now() + withinMs;
  for (let sound = 0; ;) {
    const evidence = await gather(harness);
    const violations = violationsIn(evidence);
    if (violations.length === 0 && (await nothingPlanned(harness))) sound += 1;
    else sound = 0;
    // Two sound checks in a row: the last job may have ended after the evidence was gathered.
    if (sound === 2) return evidence;
    if (Date.now() > end)
      throw new Error(`Violations of invariants:\n${violations.slice(0, 30).join('\n') || 'jobs that do not end'}`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

/**
 * Makes planned jobs of orders due now, so that a second sending would show. True when there are none, planned or running. It never
 * waits for a row that the service has locked: both change several rows at a time, and in different orders. An order that waits
 * for the resends of the next hour keeps its job.
 */
async function nothingPlanned(harness: Harness): Promise<boolean> {
  const [{ left } = { left: -1 }] = await harness.rows<{ left: number }>(`
    with job as (
      select name, id, state from queue.job
      where (name like 'integrations.order%' or name like 'background-checks.check-requested%')
        and state in ('created', 'retry', 'active')
        and not exists (select from integrations.order o where o.id::text = data->>'orderId' and o.waiting_for is not null)),
    unlocked as (
      select name, id from queue.job where (name, id) in (select name, id from job where state <> 'active')
      for update skip locked),
    hastened as (
      update queue.job set start_after = least(start_after, now()) where (name, id) in (select name, id from unlocked))
    select count(*)::int as left from job`);
  return left === 0;
}

function groupBy<T>(list: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  return Map.groupBy(list, keyOf);
}

function countBy(list: readonly string[]): Map<string, number> {
  return new Map([...Map.groupBy(list, (item) => item)].map(([item, all]) => [item, all.length]));
}

/** Removes one item from a group. `false` when the group is empty. */
function takeOne<T>(groups: Map<string, T[]>, key: string): boolean {
  return groups.get(key)?.pop() !== undefined;
}
