import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { type Audited, auditedRoutes } from '../support/audited-routes.js';
import { describedOperations } from '../support/described-routes.js';
import { rowsWith } from '../support/every-row.js';
import { aColleague, type Answer, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aJob, connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

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

/** Every POST with an Idempotency-Key that openapi.json describes. */
const repeatable = describedOperations()
  .filter(({ method, parameters }) => method === 'post' && parameters.some(({ name }) => name === 'Idempotency-Key'))
  .map(({ path }) => `POST ${path}`);

/** Secrets that only the first answer shows. A repeat has null in their place. */
const withoutSecrets = (answer: object): object =>
  Object.fromEntries(Object.entries(answer).map(([name, value]) => [name, /^(key|secret)$/.test(name) ? null : value]));

describe('Every POST that makes something', () => {
  interface Entry {
    action: string;
    outcome: string;
    entity_id: string;
  }
  const asked = (route: string): Extract<Audited, { leaves: string[] }> => {
    const audited = auditedRoutes[route];
    if (!audited || !('ask' in audited)) throw new Error(`${route} has no request in audited-routes.ts.`);
    return audited;
  };
  const done = async (admin: Person): Promise<string[]> => {
    const { body } = await admin.get<Entry[]>('/audit_log?per_page=500');
    return body.filter(({ outcome }) => outcome === 'done').map(({ action, entity_id: of }) => `${action} ${of}`);
  };

  it.each(repeatable)('makes it once for two requests at once and a third one later: %s', async (route) => {
    const { leaves, ask } = asked(route);
    const { path, body = {} } = await ask({ team, admin: team.admin, ready: await readyToSend(team) });
    const post = (sent: unknown): Promise<Answer<{ id: string; reason?: string }>> =>
      team.admin.post(path, sent, keyed(`once ${route}`));
    const before = new Set(await done(team.admin));
    const atOnce = await Promise.all([post(body), post(body)]);
    const made = atOnce.filter(({ status }) => status === 201);
    expect(new Set(made.map((answer) => answer.body.id)).size).toBe(1);
    for (const other of atOnce.filter(({ status }) => status !== 201))
      expect([other.status, other.body.reason]).toEqual([409, 'idempotency_in_progress']);

    const again = await post(body);
    expect([again.status, again.headers.get('idempotent-replayed')]).toEqual([201, 'true']);
    expect(again.body).toEqual(withoutSecrets(made[0]?.body ?? {}));
    // The fields in another order are the same body.
    expect((await post(Object.fromEntries(Object.entries(body as object).reverse()))).body).toEqual(again.body);
    const refused = await post(otherBody(body as Record<string, unknown>));
    expect([refused.status, refused.body.reason]).toEqual([422, 'idempotency_key_reused']);
    const fresh = (await done(team.admin)).filter((entry) => !before.has(entry));
    expect(fresh.filter((entry) => leaves.some((action) => entry.startsWith(`${action} `)))).toHaveLength(
      leaves.length,
    );
  });
});

describe('What a request with an Idempotency-Key made', () => {
  const candidate = { first_name: 'Philomena', last_name: 'Quartermaine' };
  const create = (key: string, sent: object = candidate, person = team.admin) =>
    person.post<{ id: string; first_name: string }>('/candidates', sent, keyed(key));

  it('is repeated as it is now', async () => {
    const { id } = (await create('now')).body;
    await team.admin.patch(`/candidates/${id}`, { first_name: 'Wilhelmina' });
    expect((await create('now')).body).toMatchObject({ id, first_name: 'Wilhelmina' });
  });

  it('is what all repeats get, however many come at once', async () => {
    const { id } = (await create('many')).body;
    const repeats = await Promise.all(Array.from({ length: 20 }, () => create('many')));
    expect(new Set(repeats.map(({ status, body }) => `${status} ${body.id}`))).toEqual(new Set([`201 ${id}`]));
  });

  it('is not stored: neither the key nor the body leaves a word', async () => {
    const { id } = (await create('Quartermaine of the other system', { ...candidate, last_name: 'Vavasour' })).body;
    await team.admin.patch(`/candidates/${id}`, { last_name: 'Smith' });
    expect(await rowsWith(app.databaseUrl, ['Quartermaine of', 'Vavasour'])).toEqual([]);
  });

  it('does not come back to life: the repeat of a request for somebody who was anonymised gets what is left', async () => {
    const { id } = (await create('anonymised')).body;
    expect((await team.admin.post(`/candidates/${id}/anonymise`)).status).toBe(204);
    const again = await create('anonymised');
    expect([again.status, again.body]).toMatchObject([201, { id, first_name: 'Anonymised' }]);
  });

  it('is apart for each user and each path', async () => {
    const colleague = await aColleague(team.admin, 'standard');
    const [own, others] = [await create('apart'), await create('apart', candidate, colleague)];
    expect([others.status, others.headers.get('idempotent-replayed')]).toEqual([201, null]);
    expect(others.body.id).not.toBe(own.body.id);
    expect((await team.admin.post('/jobs', { name: 'Pilot' }, keyed('apart'))).status).toBe(201);
  });

  it('is not shown to someone who does not see it any more', async () => {
    const colleague = await aColleague(team.admin, 'standard');
    const job = { name: 'Codebreaker', confidential: true };
    const { body } = await colleague.post<{ id: string }>('/jobs', job, keyed('mine'));
    expect((await colleague.post('/jobs', job, keyed('mine'))).body).toMatchObject({ id: body.id });
    await team.admin.put(`/jobs/${body.id}/permissions`, []);
    expect((await colleague.post('/jobs', job, keyed('mine'))).status).toBe(404);
  });

  it('is made by a later request when the first was refused', async () => {
    expect((await create('later', { first_name: 'Philomena' })).status).toBe(422);
    const made = await create('later');
    expect([made.status, made.headers.get('idempotent-replayed')]).toEqual([201, null]);
  });

  it('is made anew after 24 hours', async () => {
    const { id } = (await create('old')).body;
    await database.query(
      `update platform.request_key set created_at = now() - interval '24 hours 1 second' where made_id = $1`,
      [id],
    );
    const fresh = await create('old', { ...candidate, last_name: 'Another' });
    expect([fresh.status, fresh.body.id === id]).toEqual([201, false]);
    expect((await create('old')).body).toMatchObject({ reason: 'idempotency_key_reused' });
  });

  it('has to wait for the first request', async () => {
    const name = [team.teamId, team.admin.id, '/ats/v0/candidates', 'held'].join('\n');
    await database.query('select pg_advisory_lock(hashtextextended($1, 0))', [name]);
    const refused = await create('held');
    expect([refused.status, refused.body]).toMatchObject([409, { reason: 'idempotency_in_progress' }]);
    await database.query('select pg_advisory_unlock(hashtextextended($1, 0))', [name]);
    expect((await create('held')).status).toBe(201);
  });

  it('counts its key without a slash at the end of the path, or a query', async () => {
    const jobId = await aJob(team.admin);
    const stage = (path: string) => team.admin.post<{ id: string }>(path, { name: 'Call' }, keyed('slash'));
    const { id } = (await stage(`/jobs/${jobId}/stages`)).body;
    expect((await stage(`/jobs/${jobId}/stages/`)).body.id).toBe(id);
  });

  it('is refused for a body that is no object, or deep beyond use', async () => {
    const deep = `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`;
    for (const body of ['[]', deep]) {
      const json = { 'content-type': 'application/json', ...keyed('odd') };
      expect((await team.admin.post('/candidates', body, json)).status).toBe(422);
    }
    expect((await create('odd')).status).toBe(201);
  });
});

/** A body that differs in the first of its texts. */
function otherBody(body: Record<string, unknown>): Record<string, unknown> {
  const [field, value] = Object.entries(body).find(([, one]) => typeof one === 'string') ?? ['', ''];
  return { ...body, [field]: /^[0-9a-f-]{36}$/.test(String(value)) ? randomUUID() : `x${String(value)}` };
}

const keyed = (key: string): Record<string, string> => ({ 'idempotency-key': key });
