import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, call, type Person } from '../support/people.js';
import { aCandidate, aJob, anApplication, aStage } from '../support/fixtures.js';

interface Entry {
  id: string;
  at: string;
  action: string;
  entity: string;
  entity_id: string;
  outcome: string;
  actor: { id: string; name: string };
  from: Record<string, unknown>;
  to: Record<string, unknown>;
  ip: string;
}

let app: RunningApp;
let database: pg.Client;
beforeAll(async () => {
  app = await startApp({ env: { TRUST_PROXY_HOPS: '1' } });
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
  delete process.env['TRUST_PROXY_HOPS'];
});

const ndjson = { accept: 'application/x-ndjson' };
/** Without the creation of the team, which precedes every test. */
const log = async (admin: Person, query = ''): Promise<Entry[]> =>
  (await admin.get<Entry[]>(`/audit_log${query}`)).body.filter(({ action }) => action !== 'team.create');
const exported = async (admin: Person, query = ''): Promise<Entry[]> =>
  (await admin.get<string>(`/audit_log${query}`, ndjson)).body
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Entry)
    .filter(({ action }) => action !== 'team.create');

describe('The audit log in the database', () => {
  it.each([
    ['changed', "update platform.audit_entry set outcome = 'done'"],
    ['changed where there is nothing to change', 'update platform.audit_entry set at = now() where false'],
    ['shortened', 'delete from platform.audit_entry'],
    ['emptied', 'truncate platform.audit_entry'],
    [
      'replaced line by line',
      'insert into platform.audit_entry select * from platform.audit_entry on conflict (team_id, id) do update set ip = null',
    ],
  ])('cannot be %s by the role of the service, not even with session_replication_role', async (_, attempt) => {
    await aTeamWithEntries(1);
    const rows = async () =>
      (await database.query<{ id: string }>('select * from platform.audit_entry order by id')).rows;
    const before = await rows();
    expect(before.length).toBeGreaterThan(0);
    for (const role of ['origin', 'replica']) {
      await database.query(`set session_replication_role = '${role}'`);
      await expect(database.query(attempt)).rejects.toThrow(/The audit log is only ever added to/);
      await database.query('reset session_replication_role');
    }
    expect(await rows()).toEqual(before);
  });

  it('rolls an action back when its entry cannot be written', async () => {
    const { admin } = await aTeam(app);
    const jobId = await aJob(admin);
    await aStage(admin, jobId, 'Applied');
    const stageId = await aStage(admin, jobId, 'Phone screen');
    const candidateId = await aCandidate(admin);
    const applicationId = await anApplication(admin, candidateId, jobId);
    const another = await aCandidate(admin);
    const state = async () => [
      (await admin.get('/jobs')).body,
      (await admin.get('/candidates')).body,
      (await admin.get('/applications')).body,
      (await admin.get(`/jobs/${jobId}/stages`)).body,
      (await admin.get(`/jobs/${jobId}/permissions`)).body,
      (await admin.get('/users')).body,
    ];
    const before = await state();
    await database.query(`
      create function pg_temp.full() returns trigger language plpgsql as $$ begin raise 'full'; end $$;
      create trigger full_log before insert on platform.audit_entry execute function pg_temp.full()`);
    const person = { name: 'Grace', email: 'grace@unnoted.test', access_level: 'standard' };
    const answers = [
      await admin.post(`/jobs/${jobId}/stages`, { name: 'Onsite' }),
      await admin.patch(`/job_stages/${stageId}`, { name: 'Call' }),
      await admin.post(`/job_stages/${stageId}/items`, { type: 'interview', name: 'Call' }),
      await admin.delete(`/job_stages/${stageId}`),
      await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: admin.id, permissions: ['manage'] }]),
      await admin.post('/users', person),
      await admin.patch(`/users/${admin.id}`, { name: 'Somebody else' }),
      await admin.post('/jobs', { name: 'Another' }),
      await admin.patch(`/jobs/${jobId}`, { confidential: true }),
      await admin.post('/candidates', { first_name: 'Grace', last_name: 'Unnoted' }),
      await admin.patch(`/candidates/${candidateId}`, { email_addresses: [{ value: 'mallory@unnoted.test' }] }),
      await admin.post('/applications', { candidate_id: another, job_id: jobId }),
      await admin.patch(`/applications/${applicationId}`, { status: 'rejected' }),
      await admin.post('/imports', '{}', { 'content-type': 'application/x-ndjson' }),
    ];
    await database.query('drop trigger full_log on platform.audit_entry');
    expect(answers.map(({ status }) => status)).toEqual(Array(14).fill(500));
    expect(await state()).toEqual(before);
  });
});

describe('Reading the audit log', () => {
  it('filters by entity, id, person, action and time, newest first, page by page', async () => {
    const { admin, userIds } = await aTeamWithEntries(3);
    const all = await log(admin);
    expect(all.map(({ entity_id }) => entity_id)).toEqual([...userIds].reverse());
    expect(await log(admin, `?entity=user&entity_id=${userIds[1]}&actor_id=${admin.id}&action=user.create`)).toEqual([
      all[1],
    ]);
    for (const nothing of ['entity=job', `actor_id=${userIds[0]}`, 'action=user.update', 'entity_id=nonsense']) {
      expect(await log(admin, `?${nothing}`)).toEqual([]);
    }
    const at = all[1]?.at ?? '';
    expect((await log(admin, `?created_after=${at}`)).map(({ id }) => id)).toEqual([all[0]?.id, all[1]?.id]);
    expect((await log(admin, `?created_before=${at}`)).map(({ id }) => id)).toEqual([all[2]?.id]);
    const second = await admin.get<Entry[]>('/audit_log?per_page=1&page=2');
    expect([second.body, second.headers.get('x-total-count')]).toEqual([[all[1]], '4']);
  });

  it('shows people by their current names', async () => {
    const { admin } = await aTeamWithEntries(1);
    await admin.patch(`/users/${admin.id}`, { name: 'Ada, formerly Augusta' });
    expect((await log(admin)).map(({ actor }) => actor.name)).toEqual(Array(2).fill('Ada, formerly Augusta'));
  });

  it('exports every matching entry as NDJSON, without a limit, in the same order and shape', async () => {
    const { admin, userIds } = await aTeamWithEntries(2);
    await manyEntries(admin, 1_203);
    const answer = await admin.get<string>('/audit_log', ndjson);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const lines = await exported(admin);
    expect(lines).toHaveLength(1_205);
    const pages = [await log(admin, '?per_page=500'), await log(admin, '?per_page=500&page=2')];
    expect(lines.slice(0, 1_000)).toEqual(pages.flat());
    expect(new Set(lines.map(({ id }) => id)).size).toBe(1_205);
    expect((await exported(admin, '?entity=user')).map(({ entity_id }) => entity_id)).toEqual([...userIds].reverse());
    expect(await exported(admin, '?entity=nothing')).toEqual([]);
  });

  it('is for admins of the team only, in both formats', async () => {
    const { admin } = await aTeamWithEntries(2);
    const { admin: stranger } = await aTeam(app);
    expect([await log(stranger), await exported(stranger)]).toEqual([[], []]);
    for (const level of ['restricted', 'limited', 'standard'] as const) {
      const person = await aColleague(admin, level);
      expect((await person.get('/audit_log')).status).toBe(403);
      expect((await person.get('/audit_log', ndjson)).status).toBe(403);
    }
  });
});

describe('Refused attempts', () => {
  it('leave an entry with the action, the entity, the address and the refusal', async () => {
    const { admin } = await aTeam(app);
    const jobId = await aJob(admin);
    const stageId = await aStage(admin, jobId, 'Phone screen');
    const limited = await aColleague(admin, 'limited');
    await admin.put(`/jobs/${jobId}/permissions`, [{ user_id: limited.id, permissions: ['view_results'] }]);
    await limited.post(`/jobs/${jobId}/stages`, { name: 'x' });
    await limited.patch(`/job_stages/${stageId}`, { name: 'x' });
    await limited.delete(`/job_stages/${stageId}`);
    await limited.post(`/job_stages/${stageId}/items`, { type: 'interview', name: 'x' });
    await limited.put(`/jobs/${jobId}/permissions`, []);
    await limited.post('/users', {});
    await limited.patch(`/users/${admin.id}`, { access_level: 'limited' });
    await limited.put('/integrations/certn', { api_key: 'secret-of-mine' });
    await limited.delete('/integrations/certn');
    await limited.get('/audit_log');
    const candidateId = await aCandidate(admin);
    await limited.post('/applications', { candidate_id: candidateId, job_id: jobId });
    const refused = (await log(admin, `?actor_id=${limited.id}`)).reverse();
    expect(refused.map(({ action, entity, entity_id }) => [action, entity, entity_id])).toEqual([
      ['stage.create', 'job', jobId],
      ['stage.update', 'stage', stageId],
      ['stage.delete', 'stage', stageId],
      ['item.create', 'stage', stageId],
      ['permissions.replace', 'job', jobId],
      ['user.create', 'team', expect.any(String)],
      ['user.update', 'user', admin.id],
      ['integration.connect', 'team', expect.any(String)],
      ['integration.disable', 'team', expect.any(String)],
      ['access.attempt', 'team', expect.any(String)],
      ['access.attempt', 'job', jobId],
    ]);
    expect(new Set(refused.map(({ outcome }) => outcome))).toEqual(new Set(['refused']));
    expect(refused[0]?.to).toEqual({ reason: 'not_allowed', method: 'POST', route: '/ats/v0/jobs/:id/stages' });
    expect(JSON.stringify(refused)).not.toContain('secret-of-mine');
  });

  it('with an id of another team leave an entry in the team that tried it, and none in the other [F1]', async () => {
    const { admin } = await aTeam(app);
    const { admin: stranger } = await aTeam(app);
    const jobId = await aJob(admin);
    const before = await log(admin);
    await stranger.get(`/jobs/${jobId}`);
    await stranger.get('/jobs/malformed');
    expect(await log(stranger)).toMatchObject([
      { action: 'access.attempt', entity: 'job', entity_id: jobId, outcome: 'refused', to: { reason: 'not_found' } },
    ]);
    expect(await log(admin)).toEqual(before);
  });
});

describe('The client address [F6]', () => {
  it('is the one that the trusted proxy reports, never one that the client wrote before it', async () => {
    const { admin } = await aTeam(app);
    const from = async (forwarded: string): Promise<string | undefined> => {
      const headers = { authorization: `Bearer ${admin.token}`, 'x-forwarded-for': forwarded };
      await call(app.url, 'PATCH', `/ats/v0/users/${admin.id}`, { name: 'Ada' }, headers);
      return (await log(admin))[0]?.ip;
    };
    expect(await from('203.0.113.7')).toBe('203.0.113.7');
    expect(await from('198.51.100.1, 203.0.113.7')).toBe('203.0.113.7');
  });

  it('is that of the connection where no proxy is trusted', async () => {
    const env = { TRUST_PROXY_HOPS: '0', ROLE: 'api' };
    const direct = await startApp({ databaseUrl: app.databaseUrl, env });
    const { admin } = await aTeam(direct);
    const headers = { authorization: `Bearer ${admin.token}`, 'x-forwarded-for': '203.0.113.7' };
    await call(direct.url, 'PATCH', `/ats/v0/users/${admin.id}`, { name: 'Ada' }, headers);
    expect((await log(admin))[0]?.ip).toBe('127.0.0.1');
    await direct.close();
  });
});

async function aTeamWithEntries(count: number): Promise<{ admin: Person; userIds: string[] }> {
  const { admin } = await aTeam(app);
  const userIds: string[] = [];
  for (let i = 0; i < count; i += 1) userIds.push((await aColleague(admin, 'limited')).id);
  return { admin, userIds };
}

/** Entries with the same time, as a busy transaction writes them. Only their ids differ. */
async function manyEntries(admin: Person, count: number): Promise<void> {
  await database.query(
    `insert into platform.audit_entry (team_id, id, at, actor_id, action, entity, entity_id, outcome, before, after)
     select u.team_id, gen_random_uuid(), now(), u.id, 'stage.create', 'stage', n::text, 'done', '{}', '{}'
     from access.user_account u, generate_series(1, $2::int) n where u.id = $1`,
    [admin.id, count],
  );
}
