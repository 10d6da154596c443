import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

describe('a send with an Idempotency-Key', () => {
  it('gets the first response when it is repeated with the same body, whatever the check has become [B11]', async () => {
    const ready = await readyToSend(team);
    const first = await send(team.admin, ready, {}, keyed('a'));
    expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null]);
    await reaches(team, first.body.id, 'invited');
    await team.admin.patch(`/applications/${ready.applicationId}`, { status: 'rejected' });
    const again = await send(team.admin, ready, {}, keyed('a'));
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(first.body);
  });

  it('is refused when it is repeated with another body [B11]', async () => {
    const ready = await readyToSend(team);
    await send(team.admin, ready, {}, keyed('b'));
    const reused = await send(team.admin, ready, { package_id: team.packages[1]?.id }, keyed('b'));
    expect(reused).toMatchObject({ status: 422, body: { reason: 'idempotency_key_reused' } });
  });

  it('is scoped to one user and one path [B11]', async () => {
    const ready = await readyToSend(team);
    const elsewhere = await readyToSend(team);
    const colleague = await aColleague(team.admin, 'admin');
    await send(team.admin, ready, {}, keyed('c'));
    expect((await send(colleague, ready, {}, keyed('c'))).body).toMatchObject({ reason: 'check_in_progress' });
    expect((await send(team.admin, elsewhere, {}, keyed('c'))).status).toBe(201);
  });

  it('can be retried after a refusal, which is not stored [B11]', async () => {
    const ready = await readyToSend(team);
    expect((await send(team.admin, ready, { package_id: 'none' }, keyed('d'))).status).toBe(422);
    expect((await send(team.admin, ready, {}, keyed('d'))).status).toBe(201);
  });

  it('creates one check for twenty simultaneous requests with one key, and all get it [B11]', async () => {
    const email = `idem-${Date.now()}@example.org`;
    const ready = await readyToSend(team, { email });
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(team.admin, ready, {}, keyed('e'))));
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id));
    expect(ids.size).toBe(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const { status, body, headers } of others) {
      expect([status, body]).toMatchObject([409, { reason: 'idempotency_in_progress' }]);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    }
    await reaches(team, [...ids][0] ?? '', 'invited');
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
  });

  it('is told to retry while the first request is still running [B11]', async () => {
    const ready = await readyToSend(team);
    const path = `/applications/${ready.applicationId}/background_checks`;
    const name = [team.teamId, team.admin.id, path, 'f'].join('\n');
    await database.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const refused = await send(team.admin, ready, {}, keyed('f'));
    expect(refused).toMatchObject({ status: 409, body: { reason: 'idempotency_in_progress' } });
    expect(refused.headers.get('retry-after')).toBe('1');
    await database.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    expect((await send(team.admin, ready, {}, keyed('f'))).status).toBe(201);
  });

  it('expires after 24 hours', async () => {
    const ready = await readyToSend(team);
    const { id } = (await send(team.admin, ready, {}, keyed('g'))).body;
    await database.query(
      `update background_checks.idempotency_record set created_at = now() - interval '24 hours 1 second' where check_id = $1`,
      [id],
    );
    expect((await send(team.admin, ready, {}, keyed('g'))).body).toMatchObject({ reason: 'check_in_progress' });
  });

  it('has a key of at most 255 characters', async () => {
    const ready = await readyToSend(team);
    const refused = await send(team.admin, ready, {}, keyed('x'.repeat(256)));
    expect(refused).toMatchObject({
      status: 422,
      body: { errors: { headers: { 'Idempotency-Key': [expect.any(String)] } } },
    });
    expect((await send(team.admin, ready, {}, keyed('x'.repeat(255)))).status).toBe(201);
  });
});

const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key });
