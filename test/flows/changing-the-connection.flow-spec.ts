import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aConnection, auditOf, certn, connectionsOf, type Refusal, type Shown, shown } from '../support/connection.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { anAccount, connect } from '../support/fixtures.js';
import { tagOf } from '../support/versioned-things.js';

const dayMs = 24 * 3600 * 1000;

describe('changing the connection to Certn', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });

  afterAll(async () => {
    await database.end();
    await app.close();
    await sandbox.stop();
  });

  afterEach(() => sandbox.control.clearFaults());

  describe('saving again', () => {
    it('with the same values changes nothing that is shown [R-21]', async () => {
      const { teamId, admin, account } = await aConnection(app, sandbox);
      const before = await shown(admin);
      await connect(admin, account);
      const after = await shown(admin);
      expect(after.api_key).toEqual(before.api_key);
      expect(after.webhook_secret_key).toEqual(before.webhook_secret_key);
      expect(await connectionsOf(database, teamId)).toHaveLength(1);
    });

    it('under a condition: one of two who read the same saves, and a stale one asks nobody at Certn', async () => {
      const { admin, account } = await aConnection(app, sandbox);
      const stale = { 'if-match': tagOf(await admin.get(certn)) };
      const secrets = ['one-secret-1111', 'another-secret-2222'];
      const saves = () => secrets.map((webhook_secret_key) => admin.put<Refusal>(certn, { webhook_secret_key }, stale));
      const answers = await Promise.all(saves());
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
      await sandbox.control.clearRequests();
      for (const { status, body } of await Promise.all(saves()))
        expect([status, body.reason]).toEqual([412, 'changed_meanwhile']);
      expect((await admin.delete(certn, stale)).status).toBe(412);
      expect(await sandbox.control.requests({ account: account.id })).toEqual([]);
      expect((await shown(admin)).state).toBe('enabled');
    });

    it('under a condition: what calls change by themselves is no new version', async () => {
      const { admin } = await aConnection(app, sandbox);
      const before = await admin.get<Shown>(certn);
      await admin.post(`${certn}/test`);
      const after = await admin.get<Shown>(certn);
      const versionOf = (answer: typeof before) => tagOf(answer).split('.')[0];
      expect(tagOf(after)).not.toBe(tagOf(before));
      expect(versionOf(after)).toBe(versionOf(before));
      expect((await admin.delete(certn, { 'if-match': tagOf(before) })).status).toBe(204);
    });

    it('a new webhook secret keeps the previous one valid for 24 hours', async () => {
      const { teamId, admin } = await aConnection(app, sandbox);
      const saved = await admin.put<Shown>(certn, { webhook_secret_key: 'another-secret-9f3a' });
      expect(saved.status).toBe(200);
      expect(saved.body.webhook_secret_key.last4).toBe('9f3a');
      const until = Date.parse(saved.body.webhook_secret_key.previous_accepted_until ?? '');
      expect(Math.abs(until - Date.now() - dayMs)).toBeLessThan(60_000);
      expect(await connectionsOf(database, teamId)).toHaveLength(1);
      expect(await auditOf(admin)).toEqual(['integration.connect done', 'integration.rotate done']);
    });

    it('a new key of an account without cases keeps the connection and its budget', async () => {
      const { teamId, admin, account } = await aConnection(app, sandbox);
      const before = await connectionsOf(database, teamId);
      const rotated = await sandbox.control.patchAccount(account.id, { rotate_key: true });
      const saved = await admin.put<Shown>(certn, { api_key: rotated.api_key });
      expect(saved.body.api_key.last4).toBe(rotated.api_key?.slice(-4));
      expect(await connectionsOf(database, teamId)).toEqual(before);
    });

    it("a new key that reads the old key's case keeps the connection; one that cannot opens another connection", async () => {
      const { teamId, admin, account } = await aConnection(app, sandbox);
      const [first] = await connectionsOf(database, teamId);
      const placed = await sandbox.control.createPortalCase({ account: account.id, email_address: 'ada@example.org' });
      await database.query(
        `insert into integrations.vendor_case
           (team_id, order_id, connection_id, case_id, state, vendor_status, revision, confirmed_at)
         values ($1, $2, $2, $3, 'ordered', 'CASE_ORDERED', 1, now())`,
        [teamId, first?.id, placed.id],
      );
      const rotated = await sandbox.control.patchAccount(account.id, { rotate_key: true });
      expect((await admin.put(certn, { api_key: rotated.api_key })).status).toBe(200);
      expect(await connectionsOf(database, teamId)).toEqual([first]);
      const foreign = await anAccount(sandbox);
      expect((await admin.put(certn, { api_key: foreign.api_key })).status).toBe(200);
      const [kept, opened, ...more] = await connectionsOf(database, teamId);
      expect(more).toEqual([]);
      expect(kept).toEqual({ ...first, current: false });
      expect(opened?.current).toBe(true);
      expect(opened?.account_key).not.toBe(first?.account_key);
    });

    it('another region opens another connection with the saved secrets', async () => {
      const { teamId, admin, account } = await aConnection(app, sandbox);
      const saved = await admin.put<Shown>(certn, { region: 'uk', environment: 'sandbox' });
      expect(saved.body).toMatchObject({ state: 'enabled', region: 'uk', environment: 'sandbox' });
      expect(saved.body.api_key.last4).toBe(account.api_key?.slice(-4));
      expect((await connectionsOf(database, teamId)).map(({ current }) => current)).toEqual([false, true]);
      // Its secrets can be decrypted in the new row.
      expect((await admin.post<{ ok: boolean }>(`${certn}/test`)).body.ok).toBe(true);
      expect((await shown(admin)).region).toBe('uk');
    });

    it('a change that is refused leaves everything as it was', async () => {
      const { admin } = await aConnection(app, sandbox);
      const before = await shown(admin);
      const refused = await admin.put<Refusal>(certn, { api_key: 'a-wrong-key', webhook_secret_key: 'another-secret' });
      expect(refused.body.reason).toBe('api_key_rejected');
      const { health: _was, ...kept } = before;
      expect(await shown(admin)).toMatchObject(kept);
    });
  });

  describe('switching off and repairing', () => {
    it('disables the connection once, and saving again without values enables it', async () => {
      const { admin } = await aConnection(app, sandbox);
      expect((await admin.delete(certn)).status).toBe(204);
      expect((await admin.delete(certn)).status).toBe(204);
      const off = await shown(admin);
      expect(off).toMatchObject({ state: 'disabled', api_key: { saved: true } });
      const on = await admin.put<Shown>(certn, {});
      expect(on.body).toMatchObject({ state: 'enabled', api_key: off.api_key });
      const lines = ['integration.connect done', 'integration.disable done', 'integration.connect done'];
      expect(await auditOf(admin)).toEqual(lines);
    });

    it('tests the parts one by one', async () => {
      const { admin } = await aConnection(app, sandbox);
      const tried = await admin.post<{ ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }>(
        `${certn}/test`,
      );
      expect(tried.status).toBe(200);
      expect(tried.body.ok).toBe(true);
      expect(tried.body.checks.map(({ name, ok }) => [name, ok])).toEqual([
        ['api_key', true],
        ['packages', true],
        ['webhook', true],
      ]);
      expect(tried.body.checks[1]?.detail).toContain('2 of 2 packages');
    });

    it('reports a key that was revoked at Certn and requires action until a valid one is saved', async () => {
      const { admin, account } = await aConnection(app, sandbox);
      const rotated = await sandbox.control.patchAccount(account.id, { rotate_key: true });
      const tried = await admin.post<{ ok: boolean; checks: { name: string; ok: boolean; detail: string }[] }>(
        `${certn}/test`,
      );
      expect(tried.body.ok).toBe(false);
      expect(tried.body.checks[0]).toMatchObject({ name: 'api_key', ok: false });
      expect(tried.body.checks[0]?.detail).toContain('rejected the API key');
      expect(await shown(admin)).toMatchObject({
        state: 'action_required',
        health: { last_error: { reason: 'key_refused' } },
      });
      expect((await admin.put<Shown>(certn, { api_key: rotated.api_key })).body.state).toBe('enabled');
    });

    it('shows a fault of Certn in the health and requires no action', async () => {
      const { admin, account } = await aConnection(app, sandbox);
      await sandbox.control.fault({ kind: 'html-200', account: account.id, times: null });
      const tried = await admin.post<{ ok: boolean }>(`${certn}/test`);
      expect(tried.body.ok).toBe(false);
      expect(await shown(admin)).toMatchObject({ state: 'enabled', health: { last_error: { reason: 'nonsense' } } });
    });
  });
});
