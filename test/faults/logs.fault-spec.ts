import { randomUUID } from 'node:crypto';
import { ask, Caller } from './caller.ts';
import { handOver, head, postWebhook, webhookOf, onTheWire, sign } from './webhook-requests.ts';
import { gather } from './evidence.ts';
import { checkInvariants } from './invariants.ts';
import { webhookPath } from './signed-webhooks.ts';
import { type Harness, startHarness } from './harness.ts';
import { canaryDomain, type HarnessTeam } from './harness-team.ts';

/** Marked, so that it is found wherever it comes out: a person, a line of log to be, and a terminal's orders. */
const person = 'Quirinus Oddname quirinus@oddname.example +15550199';
const evil = `${person}\r\n{"level":60,"msg":"forged line"}\u001b[2J\u001b[31m\u0000\u2028`;
const marks = /quirinus|oddname|5550199|forged line/i;

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  // Everything that the service would say to anybody.
  harness = await startHarness({ env: { LOG_LEVEL: 'trace' } });
  team = await harness.team();
}, 120_000);
afterAll(() => harness?.close(), 60_000);
afterEach(async () => void (await checkInvariants(harness)), 60_000);

let turn = 0;
const door = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';

/** Both replicas speak one JSON object a line, each in its own name, and of nobody. */
function nothingIsTold(): void {
  for (const replica of harness.replicas) {
    const lines = replica.lines();
    expect(lines.length).toBeGreaterThan(20);
    for (const line of lines) {
      expect(JSON.parse(line)).toMatchObject({ pid: replica.pid, level: expect.any(Number) as number });
      expect(line).not.toMatch(marks);
      expect(line).not.toMatch(/[\u0000-\u001f\u2028]|\\u001b|\\u0000/);
    }
  }
}

it('what notices hold is in no log line, whoever signed them [A20]', async () => {
  const { caseId } = await team.invited();
  const bodies = ['id', 'event_type', 'object_id', 'object_type', 'case_status', 'created', evil].map((field) =>
    webhookOf(caseId, { [field]: evil }),
  );
  for (const body of [...bodies, evil, `"${evil}"`, JSON.stringify({ [evil]: evil })]) {
    expect((await handOver(team, body, { to: door(), owed: false })).status).toBe(200);
    expect([200, 401]).toContain((await postWebhook(door(), body, { 'x-signature': sign(body, evil) })).status);
  }
  nothingIsTold();
}, 60_000);

it('what headers, addresses and queries hold is in no log line [A20]', async () => {
  const inAddress = encodeURIComponent(evil);
  const plain = person.replaceAll(/[ @+]/g, '-');
  const names = [
    'User-Agent',
    'Referer',
    'X-Request-Id',
    'X-Forwarded-For',
    'X-Signature',
    'Cookie',
    'Idempotency-Key',
    'Last-Event-ID',
  ];
  const headers = [...names, 'Authorization'].map((name) => `${name}: ${plain} \u001b[31m`);
  const targets = [
    webhookPath,
    `${webhookPath}?challenge=${inAddress}`,
    `${webhookPath}/${plain}`,
    `/ats/v0/candidates?search=${inAddress}&email=${plain}`,
    `/ats/v0/candidates/${plain}`,
    `/ats/v0/candidates/${inAddress}`,
    `/ats/v0/${plain}/${inAddress}?x=${plain}`,
    `/${plain}\u001b[31m`,
    `/ats/v0/%E0%A4%A${plain}`,
  ];
  for (const target of targets) {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      await onTheWire(door(), head([...headers, 'Content-Length: 0', 'Connection: close'], method, target), 2_000);
    }
    const path = target.replace('/ats/v0', '');
    const answer = await team.admin
      .at(door())
      .call<unknown>('GET', encodeURI(path), undefined, { 'x-forwarded-for': plain });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
  await onTheWire(door(), `${plain} ${evil} HTTP/9.9\r\n\r\n`, 2_000);
  nothingIsTold();
}, 60_000);

it('what records, imports and refused bodies hold is in no log line [A20]', async () => {
  const { admin } = team;
  const at = (): Caller => admin.at(door());
  const clean = evil.replaceAll('\u0000', '');
  await at().must('POST', '/jobs', { name: clean, requisition_id: clean });
  const email_addresses = [{ value: 'quirinus@oddname.example', is_primary: true }];
  const candidate = { first_name: clean, last_name: clean, email_addresses, phone_numbers: [{ value: '+15550199' }] };
  await at().must('POST', '/candidates', candidate);
  const user = { name: clean, email: `quirinus-${randomUUID()}@oddname.example`, access_level: 'standard' };
  const { id } = await at().must<{ id: string }>('POST', '/users', user);
  const colleague = await Caller.signIn(door(), id);
  for (const path of ['/candidates', '/jobs', '/users']) {
    await colleague.post(path, { ...user, ...candidate, [clean]: clean });
    await at().post(path, evil, { 'content-type': 'application/json' });
    await at().post(path, { name: evil, first_name: evil, last_name: evil, email: evil, access_level: evil });
    await at().post(path, evil, { 'content-type': `text/${person.split(' ', 1)[0]}` });
  }
  const lines = [
    evil,
    '{}',
    { type: evil },
    { type: 'candidate', external_id: clean, first_name: 5 },
    { type: 'job', external_id: evil },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  await at().call('POST', '/imports', `${text}\n${person}`, { 'content-type': 'application/x-ndjson' });
  await ask('POST', `${door()}/dev/sign-in`, { body: { user_id: evil } });
  nothingIsTold();
}, 60_000);

it('what Certn says is in no log line, whether it takes an order, refuses it or talks nonsense [A20]', async () => {
  const body = { type: 'validation_error', errors: [{ code: evil, attr: evil, detail: evil }] };
  const faults: [string, Record<string, unknown>, string][] = [
    ['status', { status: 400, body }, 'not_sent'],
    ['status', { status: 422, body: `<html>${person}</html>` }, 'not_sent'],
    ['status-after-commit', { status: 500, body: { detail: evil } }, 'invited'],
    ['html-200', {}, 'invited'],
  ];
  for (const [kind, more, status] of faults) {
    await team.fault(kind, more);
    await team.reaches(await team.sendSurely(await team.applicant()), status, 45_000);
  }
  const { id, caseId } = await team.invited();
  await team.fault('status', { status: 500, body: { detail: evil } }, 'case');
  await harness.certn.control.act(caseId, 'open');
  await team.reaches(id, 'opened', 45_000);
  await harness.certn.control.patchAccount(team.account.id, {
    settings: { report_url_override: `https://10.0.0.1/${person}` },
  });
  await harness.certn.control.act(caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
  await team.reaches(id, 'complete');
  expect((await team.admin.at(door()).get(`/background_checks/${id}/results`)).status).toBe(502);
  nothingIsTold();
}, 120_000);

it('what a job holds of anybody is seen, waiting or done; without it the queue tells of nobody [I7]', async () => {
  expect((await gather(harness)).tellingJobs).toEqual([]);
  const kept = `insert into queue.job (name, data, output) select name, $1::jsonb, $2::jsonb from queue.queue limit 1 returning id`;
  for (const [data, output] of [
    [`{"to":"p@${canaryDomain}"}`, null],
    [null, `{"error":"${team.account.webhook_secret}"}`],
  ]) {
    const [job] = await harness.rows<{ id: string }>(kept, [data, output]);
    expect((await gather(harness)).tellingJobs).toHaveLength(1);
    await harness.rows('delete from queue.job where id = $1', [job?.id]);
  }
}, 60_000);
