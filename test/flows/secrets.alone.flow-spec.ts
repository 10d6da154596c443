import { createHash } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { everyRow } from '../support/every-row.js';
import { captureOutput } from '../support/log-capture.js';
import { aKeyOf, aServiceAccount } from '../support/machines.js';
import { aTeam, call } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { anAccount } from '../support/fixtures.js';

const certn = '/integrations/certn';

describe('the secrets of a connection', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let output: ReturnType<typeof captureOutput>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    output = captureOutput();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, LOG_LEVEL: 'trace' } });
  });

  afterAll(async () => {
    await app.close();
    output.stop();
    await sandbox.stop();
  });

  it('are in no response, no log line and no row, however a save ends [R-19]', async () => {
    const { teamId, admin } = await aTeam(app);
    const account = await anAccount(sandbox);
    const rotated = await sandbox.control.patchAccount(account.id, { add_key: true });
    const keys = rotated.api_keys.map(({ key }) => key);
    const secrets = [...keys, account.webhook_secret, 'second-webhook-secret', 'a-key-that-is-refused', 'not a key'];
    const save = (body: Record<string, unknown>) => admin.put(certn, body);

    const answers = [
      await save({ api_key: 'a-key-that-is-refused', webhook_secret_key: account.webhook_secret }),
      await save({ api_key: 'not a key', webhook_secret_key: account.webhook_secret }),
      await save({ api_key: keys[0], webhook_secret_key: account.webhook_secret, unknown: keys[1] }),
      await save({ api_key: keys[0], webhook_secret_key: account.webhook_secret }),
      await save({ api_key: keys[1], webhook_secret_key: 'second-webhook-secret' }),
      await save({ region: 'uk' }),
      await admin.put(certn, `{"api_key": "${keys[0]}",`, { 'content-type': 'application/json' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422, 200, 200, 200, 400]);
    for (const key of keys) await sandbox.control.patchAccount(account.id, { revoke_key: key });
    answers.push(await save({}), await admin.post(`${certn}/test`), await admin.get(certn));
    answers.push(
      await admin.get('/integrations/certn/packages'),
      await admin.get('/audit_log'),
      await admin.delete(certn),
    );

    const text = answers.map(({ body, headers }) => JSON.stringify([body, [...headers]])).join('\n');
    const rows = await everyRow(app.databaseUrl);
    // The searched places are those that would hold them.
    expect(output.text()).toContain('/ats/v0/integrations/:vendor');
    expect(rows).toContain(teamId);
    for (const secret of secrets) {
      expect(text).not.toContain(secret);
      expect(rows).not.toContain(secret);
      expect(output.text()).not.toContain(secret);
    }
  });

  it('hide the last characters of a webhook secret that is too short [R-19]', async () => {
    const { admin } = await aTeam(app);
    const account = await anAccount(sandbox);
    const saved = await admin.put<{ webhook_secret_key: unknown }>(certn, {
      api_key: account.api_key,
      webhook_secret_key: 'short',
    });
    expect(saved.body.webhook_secret_key).toMatchObject({ saved: true, last4: '' });
  });

  it('are not contained in the account key, which still identifies accounts [R-19]', async () => {
    const { teamId, admin } = await aTeam(app);
    const account = await anAccount(sandbox);
    await admin.put(certn, { api_key: account.api_key, webhook_secret_key: account.webhook_secret });
    const fingerprint = createHash('sha256')
      .update(account.api_key ?? '')
      .digest('hex')
      .slice(0, 16);
    const rows = await everyRow(app.databaseUrl);
    expect(rows).toContain(`${sandbox.url}#${fingerprint}`);
    expect(rows).toContain(teamId);
  });

  it('and the keys of service accounts are in no log line, no row and no answer but the one that made them', async () => {
    const { admin } = await aTeam(app);
    const account = await aServiceAccount(admin);
    const { key } = await aKeyOf(admin, account);
    const headers = { 'x-api-key': key };
    const ask = (method: string, path: string, body?: string, more: Record<string, string> = {}) =>
      call(app.url, method, path, body, { ...headers, ...more });
    const answers = [
      await ask('GET', '/ats/v0/jobs'),
      await ask('POST', '/ats/v0/jobs', '{"name": ', { 'content-type': 'application/json' }),
      await ask('GET', '/ats/v0/users'),
      await ask('GET', '/ats/v0/jobs', undefined, { 'x-api-key': `${key}x` }),
      await ask('GET', '/ats/v0/jobs', undefined, admin.credential),
      await admin.get(`/service_accounts/${account}`),
      await admin.get('/audit_log'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 400, 403, 401, 400, 200, 200]);
    const text = JSON.stringify(answers.map(({ body, headers: sent }) => [body, [...sent]]));
    const rows = await everyRow(app.databaseUrl);
    expect(rows).toContain(account);
    expect(output.text()).toContain('/ats/v0/jobs');
    for (const place of [text, rows, output.text()]) expect(place.includes(key.slice(4, 30))).toBe(false);
  });
});
