import { type RunningApp, startApp } from '../support/app.js';
import { aTeam } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { anAccount } from '../support/fixtures.js';

const certn = '/integrations/certn';
const inKeyField = 'This is a webhook secret key. Enter the API key here.';
const inSecretField = 'This is an API key. Enter the webhook secret key here.';

interface Refusal {
  reason: string;
  errors: { json?: Record<string, string[]> };
}

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('a secret in the wrong field', () => {
  it.each([
    ['swapped', true, true, { api_key: [inKeyField], webhook_secret_key: [inSecretField] }],
    ['the webhook secret in both', true, false, { api_key: [inKeyField], webhook_secret_key: [inSecretField] }],
    ['the API key in both', false, true, { webhook_secret_key: [inSecretField] }],
  ])('is refused by its format before any call to Certn: %s', async (_what, secretAsKey, keyAsSecret, errors) => {
    const { admin } = await aTeam(app);
    const account = await anAccount(sandbox);
    const { api_key: key, webhook_secret: secret } = account;
    await sandbox.control.clearRequests();
    const body = { api_key: secretAsKey ? secret : key, webhook_secret_key: keyAsSecret ? key : secret };
    const refused = await admin.put<Refusal>(certn, body);
    expect(refused).toMatchObject({ status: 422, body: { reason: 'wrong_secret', errors: { json: errors } } });
    expect(Object.keys(refused.body.errors.json ?? {})).toEqual(Object.keys(errors));
    expect(await sandbox.control.requests()).toEqual([]);
    expect((await admin.get<{ state: string }>(certn)).body.state).toBe('not_connected');
  });

  it('is refused also for a single API key in the field of the webhook secret; the saved ones stay', async () => {
    const { admin } = await aTeam(app);
    const { api_key, webhook_secret } = await anAccount(sandbox);
    await admin.put(certn, { api_key, webhook_secret_key: webhook_secret });
    const refused = await admin.put<Refusal>(certn, { webhook_secret_key: (await anAccount(sandbox)).api_key });
    expect(refused).toMatchObject({ status: 422, body: { errors: { json: { webhook_secret_key: [inSecretField] } } } });
    const { body } = await admin.get<{ webhook_secret_key: { last4: string } }>(certn);
    expect(body.webhook_secret_key.last4).toBe(webhook_secret.slice(-4));
  });
});
