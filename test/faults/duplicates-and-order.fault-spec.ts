import { randomUUID } from 'node:crypto';
import { type Answer, Caller, untilServed } from './caller.ts';
import { webhookOf } from './signed-webhooks.ts';
import { postSignedWebhook } from './webhook-requests.ts';
import { checkInvariants } from './invariants.ts';
import { report } from './measures.ts';
import { type Harness, startHarness } from './harness.ts';
import type { Applicant, HarnessTeam, SentCheck } from './harness-team.ts';

interface HistoryLine {
  kind: string;
  to: string | null;
}

interface Placed {
  id: string;
  caseId: string;
}

let harness: Harness;
let team: HarnessTeam;
let repeated: Placed;
let outdated: Placed;
let checks: Placed[];

beforeAll(async () => {
  // Without sweeps only webhook events announce changes: other reads would hide their effect.
  harness = await startHarness({ env: { SWEEP_SECONDS: '86400' } });
  team = await harness.team({ auto_deliver_ms: null });
  await harness.certn.control.enableWebhook(team.account.id, team.webhook, false);
  [repeated, outdated, ...checks] = (await placedChecks(122)) as [Placed, Placed, ...Placed[]];
}, 240_000);
afterAll(() => harness?.close(), 60_000);
afterEach(async () => void (await checkInvariants(harness)), 60_000);

let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';
const deliver = (body: string): Promise<{ status: number }> => postSignedWebhook(team, body, { to: nextUrl() });

/** Checks with a case at Certn whose candidates are not invited yet. */
async function placedChecks(count: number): Promise<Placed[]> {
  await eachOf(await team.applicants(count), (applicant) => team.sendSurely(applicant));
  const found = await harness.until(
    'all are placed',
    () => team.admin.must<SentCheck[]>('GET', '/background_checks?status=sent&per_page=500'),
    (sent) => sent.length === count,
    120_000,
  );
  return found.map(({ id, vendor }) => ({ id, caseId: vendor.case_id ?? '' }));
}

const historyOf = (checkId: string): Promise<HistoryLine[]> =>
  team.admin.must<HistoryLine[]>('GET', `/background_checks/${checkId}/history`);
const statusesOf = async (checkId: string): Promise<string[]> =>
  (await historyOf(checkId)).filter(({ kind }) => kind === 'status_changed').map(({ to }) => to ?? '');
const inboundEventsOf = (caseId: string): Promise<{ event_id: string; outcome: string | null }[]> =>
  harness.rows('select event_id, outcome from integrations.inbound_event where case_id = $1 order by id', [caseId]);
async function outcomesOf(caseId: string): Promise<(string | null)[]> {
  const open = (all: { outcome: string | null }[]): boolean => all.some(({ outcome }) => outcome === null);
  const all = await harness.until(
    'all inbound events are processed',
    () => inboundEventsOf(caseId),
    (rows) => !open(rows),
  );
  return all.map(({ outcome }) => outcome);
}

it('one event sent a hundred times in a row is stored once and has one effect [B1]', async () => {
  const { id, caseId } = repeated;
  const before = await historyOf(id);
  await harness.certn.control.act(caseId, 'deliver');
  const body = webhookOf(caseId);
  for (let i = 0; i < 100; i += 1) expect((await deliver(body)).status).toBe(200);
  await team.reaches(id, 'invited');
  for (let i = 0; i < 20; i += 1) expect((await deliver(body)).status).toBe(200);
  expect(await inboundEventsOf(caseId)).toHaveLength(1);
  expect(await historyOf(id)).toHaveLength(before.length + 1);
}, 60_000);

it('an event older than the known state is accepted and changes nothing [B5]', async () => {
  const { id, caseId } = outdated;
  for (const move of ['deliver', 'open', 'start']) await harness.certn.control.act(caseId, move);
  await deliver(webhookOf(caseId, { case_status: 'APPLICANT_STARTED' }));
  await team.reaches(id, 'started');
  await outcomesOf(caseId);
  const before = await historyOf(id);
  for (const case_status of ['APPLICANT_OPENED', 'APPLICANT_INVITED', 'CASE_ORDERED']) {
    const created = '2020-01-01T00:00:00Z';
    expect((await deliver(webhookOf(caseId, { case_status, created }))).status).toBe(200);
    expect((await outcomesOf(caseId)).at(-1)).toBe('unchanged');
  }
  expect(await historyOf(id)).toEqual(before);
}, 60_000);

const moves = ['deliver', 'open', 'start', 'submit', 'complete'] as const;
const inOrder = ['sent', 'invited', 'opened', 'started', 'submitted', 'complete'];

it('five events in each of their 120 orders end in the same state, and no history goes backwards [B4]', async () => {
  const orders = permutations([0, 1, 2, 3, 4]);
  expect(orders).toHaveLength(120);
  await eachOf(orders, async (order, nth) => {
    const { caseId = '' } = checks[nth] ?? {};
    let made = 0;
    for (const event of order) {
      // Certn announces only changes that have happened. Only the delay differs.
      for (; made <= event; made += 1) await harness.certn.control.act(caseId, moves[made] ?? '');
      expect((await deliver(webhookOf(caseId, { case_status: `after ${moves[event]}` }))).status).toBe(200);
    }
  });
  await allReach((check) => check.status === 'complete' && check.result === 'clear');
  await eachOf(checks, async ({ id }, nth) => {
    const places = (await statusesOf(id)).map((status) => inOrder.indexOf(status));
    expect([orders[nth], places]).toEqual([orders[nth], [...places].sort((a, b) => a - b)]);
    expect(places).not.toContain(-1);
  });
}, 180_000);

it('200 users who request the same check at once create one check and one order at Certn [B10]', async () => {
  const applicant = await team.applicant();
  const people = await eachOf(Array.from({ length: 200 }), async (_, nth) => {
    const email = `b10-${nth}-${randomUUID()}@canary.example`;
    const user = { name: `Person ${nth}`, email, access_level: 'admin' };
    const { id } = await team.admin.must<{ id: string }>('POST', '/users', user);
    return Caller.signIn(nextUrl(), id);
  });
  const answers = await Promise.all(people.map((person) => requestOnce(person, applicant)));
  const [first, ...more] = answers.filter(({ status }) => status === 201).map(({ body }) => body.id);
  expect(more).toEqual([]);
  const refused = answers.filter(({ status }) => status !== 201);
  expect(refused).toHaveLength(199);
  for (const { status, body } of refused) {
    expect([status, body]).toMatchObject([
      409,
      { reason: 'check_in_progress', errors: { json: { background_check_id: [first] } } },
    ]);
  }
  await harness.until(
    'it is placed',
    () => team.check(first ?? ''),
    ({ vendor }) => vendor.case_id !== null,
  );
  expect(await harness.certn.control.ledger({ email: applicant.email })).toHaveLength(1);
}, 60_000);

/** Repeats the request only while the service is too busy, with the same key, so it counts as one. */
async function requestOnce(person: Caller, applicant: Applicant): Promise<Answer<SentCheck>> {
  const key = { 'idempotency-key': randomUUID() };
  return untilServed(() => team.send(applicant, key, person));
}

it('a thousand webhook events for a hundred cases cost at most two reads per case [B9]', async () => {
  const hundred = checks.slice(0, 100);
  // A quarter of these calls is less than one read of each case. Beyond it, reads of one case are ten seconds apart.
  await restartWith({ CERTN_REQUESTS_PER_MINUTE: '300' });
  await harness.certn.control.clearRequests();
  const begun = performance.now();
  for (let repeat = 0; repeat < 10; repeat += 1) {
    await eachOf(hundred, async ({ caseId }, nth) => {
      if (repeat === nth % 5) await harness.certn.control.act(caseId, 'dispute');
      if (repeat === 9) await harness.certn.control.act(caseId, 'complete', { score: 'REVIEW' });
      expect((await deliver(webhookOf(caseId))).status).toBe(200);
    });
  }
  const sentMs = performance.now() - begun;
  const ids = new Set(hundred.map(({ id }) => id));
  await allReach(({ id, status, result }) => !ids.has(id) || (status === 'complete' && result === 'review'));
  const requests = await harness.certn.control.requests({ account: team.account.id });
  const reads = hundred.map(({ caseId }) => requests.filter(({ path }) => path.includes(caseId)).length);
  report('B9', { 'events sent within ms': sentMs, 'most reads of a case': Math.max(...reads) });
  // Every ten seconds of sending allow one more read.
  expect(Math.max(...reads)).toBeLessThanOrEqual(1 + Math.ceil(sentMs / 10_000));
}, 180_000);

/** Waits until the list shows all of B4's checks in the expected state. */
async function allReach(expected: (check: SentCheck) => boolean): Promise<void> {
  const wanted = new Set(checks.map(({ id }) => id));
  const list = (): Promise<SentCheck[]> => team.admin.must<SentCheck[]>('GET', '/background_checks?per_page=500');
  const others = (all: SentCheck[]): number => all.filter((check) => wanted.has(check.id) && !expected(check)).length;
  await harness.until(
    'every check has the expected state',
    async () => others(await list()),
    (n) => n === 0,
    120_000,
  );
}

/** Restarts both replicas with these settings and an unused budget. */
async function restartWith(env: Record<string, string>): Promise<void> {
  for (const replica of harness.replicas) {
    replica.env = env;
    await replica.stop();
    await replica.start();
  }
  await harness.rows('delete from integrations.vendor_budget');
}

/** Runs `work` on each item, ten at a time. Results are in the order of the list. */
async function eachOf<T, R>(list: readonly T[], work: (item: T, nth: number) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let nth = next++; nth < list.length; nth = next++) answers[nth] = await work(list[nth] as T, nth);
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  return answers;
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
