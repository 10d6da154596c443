import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aConnection, auditOf, certn, connectionsOf, type Refusal, type Shown, shown } from '../support/connection.js';
import { aColleague, aTeam } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { anAccount } from '../support/fixtures.js';

const dayMs = 24 * 3600 * 1000;

describe('connecting Certn', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const env = { CERTN_BASE_URL: sandbox.url, WEBHOOK_PUBLIC_URL: 'https://webhooks.gem.com' };
    app = await startApp({ env });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });

  afterAll(async () => {
    await database.end();
    await app.close();
    await sandbox.stop();
  });

  afterEach(() => sandbox.control.clearFaults());

  describe('before anything is saved', () => {
    it('shows every field, as null or false', async () => {
      const { admin } = await aTeam(app);
      const answer = await admin.get<Shown>(certn);
      expect(answer.status).toBe(200);
      expect(answer.body).toEqual({
        vendor: 'certn',
        name: 'Certn',
        category: 'background_check',
        capabilities: ['listByTime', 'eventsFeed', 'handshake', 'cancellation', 'reportDownload'],
        regions: [
          { id: 'ca', label: 'Canada' },
          { id: 'uk', label: 'United Kingdom' },
          { id: 'au', label: 'Australia' },
        ],
        environments: ['production', 'sandbox'],
        state: 'not_connected',
        region: null,
        environment: null,
        api_key: { saved: false, last4: null, saved_at: null, saved_by: null, expires_at: null },
        webhook_secret_key: { saved: false, last4: null, saved_at: null, previous_accepted_until: null },
        webhook_url: 'https://webhooks.gem.com/certn/certnWebhookHandler',
        health: {
          last_event_at: null,
          last_call_at: null,
          last_error: null,
          rejected_signatures_24h: 0,
          webhooks: { state: 'waiting', since: null, likely_cause: null, refused_events: 0 },
          webhooks_silent_since: null,
          paused_until: null,
          parked_jobs: 0,
          budget: { used_today: 0, per_day: 1_000_000, sweep_interval_seconds: null },
        },
        setup_steps: expect.any(Array) as string[],
      });
    });

    it('shows steps that follow the current menu and name the older one [R-10, R-13, R-14]', async () => {
      const { admin } = await aTeam(app);
      const { setup_steps: steps } = await shown(admin);
      const text = steps.join('\n');
      for (const words of ['Settings > Integrations > API Keys', 'Team Settings > API Keys > Add API Key']) {
        expect(text).toContain(words);
      }
      for (const words of ['Settings > Integrations > Webhooks', 'General', 'Webhook Secret > Generate New']) {
        expect(text).toContain(words);
      }
      for (const words of ['bottom of the main sidebar', 'Admin settings > Integrations', '"Save & close"']) {
        expect(text).toContain(words);
      }
    });

    it('shows every team the same webhook address, ready to paste [R-11, R-12]', async () => {
      const [one, other] = [await aTeam(app), await aTeam(app)];
      const { webhook_url: url, setup_steps: steps } = await shown(one.admin);
      expect(url).toBe('https://webhooks.gem.com/certn/certnWebhookHandler');
      expect(steps.join('\n')).toContain(url);
      expect((await shown(other.admin)).webhook_url).toBe(url);
    });

    it('has nothing to test, and switching off changes nothing [R-22]', async () => {
      const { admin } = await aTeam(app);
      const tried = await admin.post<Refusal>(`${certn}/test`);
      expect(tried.status).toBe(409);
      expect(tried.body.reason).toBe('integration_not_enabled');
      expect((await admin.delete(certn)).status).toBe(204);
      expect((await shown(admin)).state).toBe('not_connected');
    });
  });

  it.each(['standard', 'limited', 'restricted'] as const)(
    'a %s user can neither see, save, test nor switch off the connection [R-05, R-06]',
    async (level) => {
      const { admin, account } = await aConnection(app, sandbox);
      const person = await aColleague(admin, level);
      const body = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
      const answers = [
        await person.get(certn),
        await person.put(certn, body),
        await person.put(certn, { nonsense: true }),
        await person.post(`${certn}/test`),
        await person.delete(certn),
      ];
      expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403, 403]);
      expect((await shown(admin)).state).toBe('enabled');
    },
  );

  describe('saving the first time', () => {
    it('trims pasted values, applies the defaults, and shows saved secrets by their last characters [R-17, R-20]', async () => {
      const { admin } = await aTeam(app);
      const account = await anAccount(sandbox);
      const pasted = { api_key: ` ${account.api_key}\n`, webhook_secret_key: `\t${account.webhook_secret} ` };
      const saved = await admin.put<Shown>(certn, pasted);
      expect(saved.status).toBe(200);
      expect(saved.body).toMatchObject({ state: 'enabled', region: 'ca', environment: 'production' });
      const { api_key: key, webhook_secret_key: secret } = saved.body;
      expect(key).toMatchObject({ saved: true, last4: account.api_key?.slice(-4), saved_by: { id: admin.id } });
      expect(typeof key.saved_by?.name).toBe('string');
      expect(Date.parse(key.expires_at ?? '') - Date.parse(key.saved_at ?? '')).toBe(365 * dayMs);
      expect(secret).toMatchObject({ saved: true, last4: account.webhook_secret.slice(-4) });
      expect(await shown(admin)).toEqual(saved.body);
      expect(saved.body.health.budget.used_today).toBeGreaterThan(0);
      expect(await auditOf(admin)).toEqual(['integration.connect done']);
    });

    it.each([
      ['api_key', { webhook_secret_key: 'whsec-12345678' }],
      ['webhook_secret_key', { api_key: 'key-12345678' }],
      ['api_key', { api_key: '  ', webhook_secret_key: 'whsec-12345678' }],
    ])('is refused without %s, and the error names that field [R-18]', async (field, body) => {
      const { admin } = await aTeam(app);
      const refused = await admin.put<Refusal>(certn, body);
      expect(refused.status).toBe(422);
      expect(Object.keys(refused.body.errors.json ?? {})).toEqual([field]);
      expect((await shown(admin)).state).toBe('not_connected');
    });

    it.each([
      ['region', { region: 'us' }],
      ['environment', { environment: 'test' }],
      ['api_key', { api_key: 7 }],
      ['api_key', { api_key: null }],
      ['webhook_secret_key', { webhook_secret_key: 'a\0b' }],
      ['surprise', { surprise: 1 }],
    ])('refuses a wrong %s with the name of the field, without its value', async (field, body) => {
      const { admin } = await aTeam(app);
      const refused = await admin.put<Refusal>(certn, body);
      expect(refused.status).toBe(422);
      expect(refused.body.errors.json).toHaveProperty(field);
    });

    it('refuses a key that Certn refuses, names every possible cause, and stores nothing [R-04]', async () => {
      const { teamId, admin } = await aTeam(app);
      const body = { api_key: 'key-of-another-account', webhook_secret_key: 'whsec-12345678', region: 'uk' };
      const refused = await admin.put<Refusal>(certn, body);
      expect(refused.status).toBe(422);
      expect(refused.body.reason).toBe('api_key_rejected');
      expect(refused.body.errors.json?.['api_key']).toHaveLength(1);
      for (const cause of ['United Kingdom', 'sandbox key', 'expired', 'old-generation key', 'Admin access']) {
        expect(refused.body.message).toContain(cause);
      }
      expect(await connectionsOf(database, teamId)).toEqual([]);
      expect(await auditOf(admin)).toEqual(['integration.connect refused']);
    });

    it.each([
      ['no connection', { kind: 'reset-before' }, 503, 'vendor_unreachable'],
      ['429', { kind: 'throttle', retry_after: 7 }, 503, 'vendor_unreachable'],
      ['500', { kind: 'status', status: 500 }, 502, 'vendor_error'],
      ['an HTML page', { kind: 'html-200' }, 502, 'vendor_error'],
      ['half an answer', { kind: 'truncated-json' }, 502, 'vendor_error'],
      ['a redirect', { kind: 'redirect' }, 502, 'vendor_error'],
      ['401', { kind: 'status', status: 401 }, 422, 'api_key_rejected'],
      ['403', { kind: 'status', status: 403 }, 422, 'api_key_rejected'],
    ])('stores nothing when Certn answers with %s', async (_what, fault, status, reason) => {
      const { teamId, admin } = await aTeam(app);
      const account = await anAccount(sandbox);
      await sandbox.control.fault({ ...fault, account: account.id, times: null });
      const body = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
      const refused = await admin.put<Refusal>(certn, body);
      expect([refused.status, refused.body.reason]).toEqual([status, reason]);
      expect(refused.headers.has('retry-after')).toBe(status === 503);
      if (fault.kind === 'throttle') expect(refused.headers.get('retry-after')).toBe('7');
      expect(await connectionsOf(database, teamId)).toEqual([]);
    });

    it('creates one connection from many simultaneous requests [R-21]', async () => {
      const { teamId, admin } = await aTeam(app);
      const account = await anAccount(sandbox);
      const body = { api_key: account.api_key, webhook_secret_key: account.webhook_secret };
      const answers = await Promise.all(Array.from({ length: 3 }, () => admin.put(certn, body)));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(await connectionsOf(database, teamId)).toHaveLength(1);
    });
  });
});
