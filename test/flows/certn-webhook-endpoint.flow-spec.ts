import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { call } from '../support/people.js';
import { aSentCheck, type ConnectedTeam, connectedTeam, statusOf } from '../support/fixtures.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { eventually } from '../support/eventually.js';

const endpoint = '/certn/certnWebhookHandler';
const sign = (body: string | Buffer, secret: string): string => createHmac('sha256', secret).update(body).digest('hex');

/** Sends the bytes as written. `fetch` would normalise the path and the query. */
function raw(
  url: string,
  path: string,
  method = 'GET',
): Promise<{ status: number; body: string; headers: NodeJS.Dict<string | string[]> }> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, path, method }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body, headers: response.headers }));
    });
    sent.on('error', reject).end();
  });
}

describe("Certn's webhook endpoint", () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  let other: ConnectedTeam;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    team = await connectedTeam(app, sandbox);
    other = await connectedTeam(app, sandbox);
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });

  afterAll(async () => {
    await database.end();
    await app.close();
    await sandbox.stop();
  });

  const deliveries = async (): Promise<number> =>
    Number((await database.query<{ n: string }>('select count(*) as n from integrations.inbound_event')).rows[0]?.n);

  const postWebhook = (body: string | Buffer, headers: Record<string, string>) =>
    fetch(new URL(endpoint, app.url), {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });

  describe('the handshake [R-23, R-90]', () => {
    it('echoes the percent-decoded challenge as plain text and nothing else, before any team has a secret', async () => {
      const answer = await raw(app.url, `${endpoint}?challenge=a%2Fb+c~d=`);
      expect(answer.status).toBe(200);
      expect(answer.body).toBe('a/b+c~d=');
      expect(answer.headers['content-type']).toMatch(/^text\/plain/);
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
    });

    it.each([
      ['missing', ''],
      ['repeated', '?challenge=a&challenge=b'],
      ['empty', '?challenge='],
      ['too long', `?challenge=${'a'.repeat(257)}`],
      ['markup (A11)', '?challenge=%3Cscript%3Ealert(1)%3C/script%3E'],
      ['a header injection (A11)', '?challenge=a%0d%0aSet-Cookie:%20x'],
      ['broken escapes', '?challenge=%E0%A4%A'],
    ])('refuses a challenge that is %s, and does not echo it [A11]', async (_what, query) => {
      const answer = await raw(app.url, `${endpoint}${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body).not.toContain('script');
      expect(answer.headers['set-cookie']).toBeUndefined();
    });
  });

  it('has exactly one path, the same for every team [R-11, R-12]', async () => {
    expect((await raw(app.url, '/certn/certnwebhookhandler?challenge=a')).status).toBe(404);
    expect((await raw(app.url, endpoint, 'PUT')).status).toBe(405);
  });

  it('updates the status after a signed event to what Certn says now, not to what the event says [R-84, R-91, R-94]', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_paused: true } });
    await sandbox.control.act(check.caseId, 'open');
    await sandbox.control.act(check.caseId, 'start');
    const body = JSON.stringify({
      event_id: '8a6f1f3e-0000-4000-8000-000000000001',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: check.caseId,
      object_type: 'CASE',
      case_status: 'COMPLETE',
    });
    const answer = await postWebhook(body, { 'x-signature': sign(body, team.account.webhook_secret) });
    expect(answer.status).toBe(200);
    await eventually(
      'the status is started',
      () => statusOf(team, check.id),
      (status) => status === 'started',
    );
    await sandbox.control.patchAccount(team.account.id, { settings: { webhook_paused: false } });
  });

  it('answers 401 to altered, forged, missing and malformed signatures, and stores nothing [R-91, A2, A5, A7, R-92]', async () => {
    const check = await aSentCheck(team);
    const body = JSON.stringify({
      id: 'e1',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: check.caseId,
      object_type: 'CASE',
    });
    const good = sign(body, team.account.webhook_secret);
    const before = await deliveries();
    const refused: [what: string, body: string, headers: Record<string, string>][] = [
      ['a flipped byte', body.replace('CHANGED', 'CHANGEE'), { 'x-signature': good }],
      ["another team's secret", body, { 'x-signature': sign(body, other.account.webhook_secret) }],
      ['no signature', body, {}],
      ['an empty one', body, { 'x-signature': '' }],
      ['not hex', body, { 'x-signature': 'z'.repeat(64) }],
      ['odd length', body, { 'x-signature': good.slice(1) }],
      ['ten thousand characters', body, { 'x-signature': 'a'.repeat(10_000) }],
    ];
    for (const [what, bytes, headers] of refused)
      expect([what, (await postWebhook(bytes, headers)).status]).toEqual([what, 401]);
    expect(await deliveries()).toBe(before);
  });

  it('verifies the exact bytes, whatever their formatting [A1]', async () => {
    const check = await aSentCheck(team);
    const body = `{ "object_type":"CASE",\n "object_id" :"${check.caseId}", "event_type":"CASE_STATUS_CH\\u0041NGED","id":"odd" }\n`;
    expect((await postWebhook(body, { 'x-signature': sign(body, team.account.webhook_secret) })).status).toBe(200);
  });

  it('applies an event only once when it comes again [R-93, B1]', async () => {
    const check = await aSentCheck(team);
    const before = await deliveries();
    const body = JSON.stringify({
      id: 'again',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: check.caseId,
      object_type: 'CASE',
    });
    const headers = { 'x-signature': sign(body, team.account.webhook_secret) };
    const answers = await Promise.all(Array.from({ length: 20 }, () => postWebhook(body, headers)));
    expect(answers.map((answer) => answer.status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(await deliveries()).toBe(before + 1);
  });

  it('answers 200 to an unknown case and to an unreadable body, and stores nothing [R-95, A18]', async () => {
    const before = await deliveries();
    const unknown = JSON.stringify({
      id: 'x',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: '7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11',
      object_type: 'CASE',
    });
    for (const body of [unknown, 'not json', '{"__proto__":{"x":1}}', '[]', 'null']) {
      const answer = await postWebhook(body, { 'x-signature': sign(body, team.account.webhook_secret) });
      expect([body, answer.status, await answer.text()]).toEqual([body, 200, '']);
    }
    expect(await deliveries()).toBe(before);
  });

  it('answers 415 to a compressed and 413 to an oversized body, whatever the signature [A12, A13]', async () => {
    const body = JSON.stringify({ padding: 'x'.repeat(64 * 1024) });
    expect((await postWebhook(body, { 'x-signature': sign(body, team.account.webhook_secret) })).status).toBe(413);
    const zipped = gzipSync('{}');
    const answer = await postWebhook(zipped, {
      'content-encoding': 'gzip',
      'x-signature': sign(zipped, team.account.webhook_secret),
    });
    expect(answer.status).toBe(415);
  });

  it('ignores the content type and reads the bytes [A12]', async () => {
    const check = await aSentCheck(team);
    const body = JSON.stringify({
      id: 'plain',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: check.caseId,
      object_type: 'CASE',
    });
    const answer = await postWebhook(body, {
      'content-type': 'text/plain',
      'x-signature': sign(body, team.account.webhook_secret),
    });
    expect(answer.status).toBe(200);
  });

  it('answers at once while Certn does not [R-96]', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.fault({ route: 'case', kind: 'hang-before-commit', ms: 4000, times: 1 });
    const body = JSON.stringify({
      id: 'fast',
      event_type: 'CASE_STATUS_CHANGED',
      object_id: check.caseId,
      object_type: 'CASE',
    });
    const started = performance.now();
    expect((await postWebhook(body, { 'x-signature': sign(body, team.account.webhook_secret) })).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(2000);
    await sandbox.control.clearFaults();
  });

  it('reveals nothing without a signature, not even which cases exist', async () => {
    const answer = await call(app.url, 'POST', endpoint, { object_id: 'x' });
    expect(answer.status).toBe(401);
  });
});
