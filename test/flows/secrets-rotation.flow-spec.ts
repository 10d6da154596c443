import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { rotate } from '../../src/commands/secrets-rotate.js';
import { type RunningApp, startApp } from '../support/app.js';
import { signIn } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, connectedTeam } from '../support/fixtures.js';

const key = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const older = key('older');
const newer = key('newer');

interface Entry {
  actor: unknown;
  to: unknown;
}

describe('changing the key that seals secrets', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  let endpointUrl: string;
  const event_types = ['webhook_endpoint.disabled'];

  beforeAll(async () => {
    sandbox = await startSandbox();
    const env = { CERTN_BASE_URL: sandbox.url, CREDENTIALS_KEYS: older };
    app = await startApp({ env });
    team = await connectedTeam(app, sandbox);
    // A previous webhook secret that is still valid is sealed too.
    await team.admin.put('/integrations/certn', { webhook_secret_key: 'the second one' });
    // So are the two secrets of a webhook endpoint.
    const { body } = await team.admin.post<{ id: string }>('/webhook_endpoints', {
      url: 'http://127.0.0.1:9/',
      event_types,
    });
    endpointUrl = `/webhook_endpoints/${body.id}`;
    await team.admin.post(`${endpointUrl}/rotate_secret`);
  });
  afterAll(async () => {
    await app.close();
    await sandbox.stop();
  });

  const rotating = async (keys: string): Promise<{ done: boolean; text: string }> => {
    const { done, lines } = await rotate({ DATABASE_URL: app.databaseUrl, CREDENTIALS_KEYS: keys });
    return { done, text: lines.join('\n') };
  };

  async function sealedWith(): Promise<string[]> {
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ kid: string }>(`
      select split_part(sealed, '.', 1) as kid from integrations.connection
      cross join lateral (values (api_key ->> 'sealed'), (webhook_secret ->> 'sealed'), (previous_webhook_secret)) v (sealed)
      union all select split_part(sealed, '.', 1) from webhook_endpoints.endpoint
      cross join lateral (values (secret), (previous_secret)) w (sealed)`);
    await database.end();
    return rows.map(({ kid }) => kid);
  }

  it('changes nothing without the older key, and names the missing one', async () => {
    expect(await rotating(newer)).toEqual({ done: false, text: expect.stringContaining('the key "older"') });
    expect(await sealedWith()).toEqual(['older', 'older', 'older', 'older', 'older']);
  });

  it('reseals everything; a second run finds nothing to do', async () => {
    expect(await rotating(`${newer},${older}`)).toEqual({ done: true, text: expect.stringMatching(/^5 secrets/) });
    expect(await sealedWith()).toEqual(['newer', 'newer', 'newer', 'newer', 'newer']);
    expect(await rotating(`${newer},${older}`)).toEqual({ done: true, text: expect.stringMatching(/^0 secrets/) });
    const { body } = await team.admin.get<Entry[]>('/audit_log?action=secrets.rotate');
    expect(body.map(({ actor, to }) => [actor, to])).toEqual([
      [null, { command: 'secrets:rotate', key: 'newer', resealed: 2, unopened: 0 }],
      [null, { command: 'secrets:rotate', key: 'newer', resealed: 3, unopened: 0 }],
      [null, { command: 'secrets:rotate', key: 'newer', resealed: 0, unopened: 2 }],
      [null, { command: 'secrets:rotate', key: 'newer', resealed: 0, unopened: 3 }],
    ]);
  });

  it('leaves a service that needs only the newer key', async () => {
    const env = { CERTN_BASE_URL: sandbox.url, CREDENTIALS_KEYS: newer };
    const restarted = await startApp({ env, databaseUrl: app.databaseUrl });
    const admin = await signIn(restarted.url, team.admin.id);
    expect((await admin.get('/integrations/certn/packages?refresh=true')).status).toBe(200);
    const rotated = await admin.post(`${endpointUrl}/rotate_secret`);
    expect(rotated.status).toBe(200);
    await restarted.close();
  });
});
