import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, type ReadyToSend } from '../support/fixtures.js';
import { UpdateListener } from '../support/update-listener.js';

type SentCheck = ReadyToSend & { id: string; caseId: string };

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let check: SentCheck;
let database: pg.Client;
const listeners: UpdateListener[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
beforeEach(async () => {
  check = await aSentCheck(team);
});
afterEach(() => listeners.splice(0).forEach((listener) => listener.close()));
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

const grant = (person: Person, permissions: string[] | null) =>
  team.admin.put(`/jobs/${check.jobId}/permissions`, permissions === null ? [] : [{ user_id: person.id, permissions }]);

describe('A revoked right', () => {
  it.each<[string, 'limited' | 'standard' | 'admin', (person: Person) => Promise<unknown>]>([
    ['a permission', 'limited', (person) => grant(person, null)],
    ['the level', 'standard', (person) => team.admin.patch(`/users/${person.id}`, { access_level: 'restricted' })],
    ['being admin', 'admin', (person) => team.admin.patch(`/users/${person.id}`, { access_level: 'limited' })],
    [
      'the job becomes confidential',
      'standard',
      () => team.admin.patch(`/jobs/${check.jobId}`, { confidential: true }),
    ],
    [
      'the check becomes their own',
      'admin',
      (person) => team.admin.patch(`/users/${person.id}`, { linked_candidate_ids: [check.candidateId] }),
    ],
  ])('does not apply at the next request, nor on an open stream: %s', async (_, level, take) => {
    const person = await aColleague(team.admin, level);
    if (level === 'limited') await grant(person, ['view_results']);
    const listener = await listen(person);
    const witness = await listen(team.admin);
    await sandbox.control.act(check.caseId, 'open');
    await listener.hears(check.id, 'opened');
    expect((await person.get(`/background_checks/${check.id}`)).status).toBe(200);

    await take(person);
    expect((await person.get(`/background_checks/${check.id}`)).status).toBe(404);
    expect((await person.get<object[]>(`/background_checks?job_id=${check.jobId}`)).body).toEqual([]);
    await sandbox.control.act(check.caseId, 'start');
    await witness.hears(check.id, 'started');
    await sandbox.control.act(check.caseId, 'submit');
    await witness.hears(check.id, 'submitted');
    const heard = listener.about(check.id).map(({ status }) => status);
    expect(heard.filter((status) => status === 'started' || status === 'submitted')).toEqual([]);
    expect(listener.ended).toBe(false);
  });

  it('applies also to results alone: updates of the check continue without its result', async () => {
    const person = await aColleague(team.admin, 'limited');
    await grant(person, ['view_results']);
    const listener = await listen(person);
    await finishes('CLEAR');
    expect((await listener.hears(check.id, 'complete')).at(-1)).toMatchObject({ result: 'clear' });
    await grant(person, []);
    expect((await person.get(`/background_checks/${check.id}`)).body).toMatchObject({ result: null });
    expect((await person.get(`/background_checks/${check.id}/results`)).status).toBe(403);
    await database.query(
      `select pg_notify('background_check_saved', team_id || '/' || id) from background_checks.background_check`,
    );
    const heard = await eventually(
      'the change arrives',
      async () => listener.about(check.id),
      (updates) => updates.at(-1)?.status === 'complete' && updates.at(-1)?.result === null,
    );
    expect(heard.at(-1)).toMatchObject({ result: null, results_url: null });
  });
});

describe('A disabled user [F5]', () => {
  it('is refused at the next request, with a token that was valid a moment ago', async () => {
    const person = await aColleague(team.admin, 'admin');
    const paths = ['/me', '/jobs', `/background_checks/${check.id}`, '/audit_log', '/updates'];
    expect((await person.get('/me')).status).toBe(200);
    await team.admin.patch(`/users/${person.id}`, { disabled: true });
    for (const path of paths) expect([path, (await person.get(path)).status]).toEqual([path, 401]);
    expect((await person.post(`/background_checks/${check.id}/cancel`)).status).toBe(401);
    expect((await team.admin.get(`/background_checks/${check.id}`)).body).toMatchObject({ cancel_requested_at: null });
    await team.admin.patch(`/users/${person.id}`, { disabled: false });
    expect((await person.get('/me')).status).toBe(200);
  });
});

describe('Opening a result [F10]', () => {
  it('always records who, when, on what and from where, and never the result itself', async () => {
    await finishes('REJECT');
    await eventually(
      'the check is complete',
      async () => (await team.admin.get(`/background_checks/${check.id}`)).body,
      ({ status }) => status === 'complete',
    );
    const path = `/background_checks/${check.id}/results`;
    expect((await team.admin.get(path)).status).toBe(200);
    const log = await team.admin.get<object[]>(`/audit_log?action=background_check.open_results&entity_id=${check.id}`);
    expect(log.body).toEqual([
      {
        id: expect.any(String) as string,
        at: expect.stringMatching(/Z$/) as string,
        actor: { id: team.admin.id, name: expect.any(String) as string, kind: 'user' },
        action: 'background_check.open_results',
        entity: 'background_check',
        entity_id: check.id,
        outcome: 'done',
        from: {},
        to: {},
        withheld: false,
        ip: '127.0.0.1',
      },
    ]);
    await database.query(`
      create function pg_temp.full() returns trigger language plpgsql as $$ begin raise 'full'; end $$;
      create trigger full_log before insert on platform.audit_entry execute function pg_temp.full()`);
    const unnoted = await team.admin.get<object>(path);
    await database.query('drop trigger full_log on platform.audit_entry');
    expect([unnoted.status, unnoted.headers.get('content-type')]).toEqual([500, expect.stringContaining('json')]);
  });
});

async function listen(person: Person): Promise<UpdateListener> {
  const listener = await UpdateListener.start(person);
  listeners.push(listener);
  return listener;
}

async function finishes(score: string): Promise<void> {
  for (const action of ['open', 'start', 'submit', 'progress']) await sandbox.control.act(check.caseId, action);
  await sandbox.control.act(check.caseId, 'complete', { score });
}
