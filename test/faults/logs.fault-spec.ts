import { randomUUID } from 'node:crypto';
import { ask, Caller } from './caller.ts';
import { postSignedWebhook, postWebhook } from './webhook-requests.ts';
import { requestHead, sendRaw } from './raw-requests.ts';
import { gather } from './evidence.ts';
import { checkInvariants } from './invariants.ts';
import { sign, webhookOf, webhookPath } from './signed-webhooks.ts';
import { type Harness, startHarness } from './harness.ts';
import { canaryDomain, type HarnessTeam } from './harness-team.ts';

/** Marked text that is easy to find in the log: personal data, a forged log line, terminal control codes. */
const person = 'Quirinus Oddname quirinus@oddname.example +15550199';
const evil = `${person}\r\n{"level":60,"msg":"forged line"}\u001b[2J\u001b[31m\u0000\u2028`;
const marks = /quirinus|oddname|5550199|forged line/i;

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  // The most detailed log level.
  harness = await startHarness({ env: { LOG_LEVEL: 'trace' } });
  team = await harness.team();
}, 120_000);
afterAll(() => harness?.close(), 60_000);
afterEach(async () => void (await checkInvariants(harness)), 60_000);

let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';

/** Each line of both replicas' logs is a JSON object with the replica's pid and without marked text. */
function expectCleanLogs(): void {
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

it('no log line contains the content of webhook events, authentic or forged [A20]', async () => {
  const { caseId } = await team.invited();
  const bodies = ['id', 'event_type', 'object_id', 'object_type', 'case_status', 'created', evil].map((field) =>
    webhookOf(caseId, { [field]: evil }),
  );
  for (const body of [...bodies, evil, `"${evil}"`, JSON.stringify({ [evil]: evil })]) {
    expect((await postSignedWebhook(team, body, { to: nextUrl(), owed: false })).status).toBe(200);
    expect([200, 401]).toContain((await postWebhook(nextUrl(), body, { 'x-signature': sign(body, evil) })).status);
  }
  expectCleanLogs();
}, 60_000);

it('no log line contains the content of headers, paths and queries [A20]', async () => {
  const encoded = encodeURIComponent(evil);
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
    `${webhookPath}?challenge=${encoded}`,
    `${webhookPath}/${plain}`,
    `/ats/v0/candidates?search=${encoded}&email=${plain}`,
    `/ats/v0/candidates/${plain}`,
    `/ats/v0/candidates/${encoded}`,
    `/ats/v0/${plain}/${encoded}?x=${plain}`,
    `/${plain}\u001b[31m`,
    `/ats/v0/%E0%A4%A${plain}`,
  ];
  for (const target of targets) {
    for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS']) {
      await sendRaw(
        nextUrl(),
        requestHead([...headers, 'Content-Length: 0', 'Connection: close'], method, target),
        2_000,
      );
    }
    const path = target.replace('/ats/v0', '');
    const answer = await team.admin
      .at(nextUrl())
      .call<unknown>('GET', encodeURI(path), undefined, { 'x-forwarded-for': plain });
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
  await sendRaw(nextUrl(), `${plain} ${evil} HTTP/9.9\r\n\r\n`, 2_000);
  expectCleanLogs();
}, 60_000);

it('no log line contains the content of records, imports and refused bodies [A20]', async () => {
  const { admin } = team;
  const at = (): Caller => admin.at(nextUrl());
  const clean = evil.replaceAll('\u0000', '');
  await at().must('POST', '/jobs', { name: clean, requisition_id: clean });
  const email_addresses = [{ value: 'quirinus@oddname.example', is_primary: true }];
  const candidate = { first_name: clean, last_name: clean, email_addresses, phone_numbers: [{ value: '+15550199' }] };
  await at().must('POST', '/candidates', candidate);
  const user = { name: clean, email: `quirinus-${randomUUID()}@oddname.example`, access_level: 'standard' };
  const { id } = await at().must<{ id: string }>('POST', '/users', user);
  const colleague = await Caller.signIn(nextUrl(), id);
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
  await ask('POST', `${nextUrl()}/dev/sign-in`, { body: { user_id: evil } });
  expectCleanLogs();
}, 60_000);

it('no log line contains the content of Certn’s answers: accepted, refused or invalid [A20]', async () => {
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
  expect((await team.admin.at(nextUrl()).get(`/background_checks/${id}/results`)).status).toBe(502);
  expectCleanLogs();
}, 120_000);

it('the queue contains no canary, and the check finds one in a job’s data or output [I7]', async () => {
  expect((await gather(harness)).disclosingJobs).toEqual([]);
  const kept = `insert into queue.job (name, data, output) select name, $1::jsonb, $2::jsonb from queue.queue limit 1 returning id`;
  for (const [data, output] of [
    [`{"to":"p@${canaryDomain}"}`, null],
    [null, `{"error":"${team.account.webhook_secret}"}`],
  ]) {
    const [job] = await harness.rows<{ id: string }>(kept, [data, output]);
    expect((await gather(harness)).disclosingJobs).toHaveLength(1);
    await harness.rows('delete from queue.job where id = $1', [job?.id]);
  }
}, 60_000);
