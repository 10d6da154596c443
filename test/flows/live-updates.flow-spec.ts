import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { startIdentityProvider } from '../support/identity-provider.js';
import { aColleague, Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aJob,
  aSentCheck,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  send,
} from '../support/fixtures.js';
import { UpdateListener } from '../support/update-listener.js';

let app: RunningApp;
let replica: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let database: pg.Client;
const listeners: UpdateListener[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  replica = await startApp({ databaseUrl: app.databaseUrl, env: { CERTN_BASE_URL: sandbox.url, ROLE: 'api' } });
  team = await connectedTeam(app, sandbox);
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterEach(() => listeners.splice(0).forEach((listener) => listener.close()));
afterAll(async () => {
  await database?.end();
  await replica?.close();
  await app?.close();
  await sandbox?.stop();
});

const isReset = (events: string[]): boolean => events.join() === 'reset';

/** The same user at the other replica. */
const atReplica = (person: Person): Person => new Person(replica.url, person.id, person.token);

async function listen(person: Person, lastEventId?: string): Promise<UpdateListener> {
  const listener = await UpdateListener.start(person, lastEventId);
  listeners.push(listener);
  return listener;
}

describe('live updates', () => {
  it('send every change of a check, as far as the listener may see it [R-84]', async () => {
    const listener = await listen(team.admin);
    expect(listener.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(listener.response.headers.get('cache-control')).toBe('no-store');
    const ready = await readyToSend(team);
    const { id } = (await send(team.admin, ready)).body;
    await listener.hears(id, 'requested');
    await listener.hears(id, 'invited');
    expect(listener.updates.every(({ event }) => event === 'background_check.status_changed')).toBe(true);
    const read = await team.admin.get(`/background_checks/${id}`);
    expect(listener.about(id).at(-1)).toEqual(read.body);
  });

  it('reach listeners at another replica, at once [R-84]', async () => {
    const listener = await listen(atReplica(team.admin));
    const check = await aSentCheck(team);
    await sandbox.control.act(check.caseId, 'open');
    await listener.hears(check.id, 'opened', 2_500);
  });

  it('send a reset when the connection that carries the changes was lost, and continue after it [D10]', async () => {
    const check = await aSentCheck(team);
    const listener = await listen(atReplica(team.admin));
    const killed = await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'notifications'
         and datname = current_database()`,
    );
    expect(killed.rowCount).toBeGreaterThan(0);
    await eventually('it gets a reset', async () => listener.updates.map(({ event }) => event), isReset);
    await sandbox.control.act(check.caseId, 'open');
    await listener.hears(check.id, 'opened');
  });

  it('resume after an interruption from the last event that was read', async () => {
    const check = await aSentCheck(team);
    const first = await listen(team.admin);
    await sandbox.control.act(check.caseId, 'open');
    await first.hears(check.id, 'opened');
    first.close();
    await sandbox.control.act(check.caseId, 'start');
    await reaches(team, check.id, 'started');
    const second = await listen(team.admin, first.lastEventId);
    await second.hears(check.id, 'started');
    expect(second.updates.some(({ event }) => event === 'reset')).toBe(false);
    const elsewhere = await listen(atReplica(team.admin), second.lastEventId);
    await eventually('it gets a reset', async () => elsewhere.updates.map(({ event }) => event), isReset);
  });

  it('resume from the greeting when nothing happened, and send a reset for an invalid id', async () => {
    const quiet = await listen(team.admin);
    quiet.close();
    const check = await aSentCheck(team);
    const resumed = await listen(team.admin, quiet.lastEventId);
    await resumed.hears(check.id, 'invited');
    for (const nonsense of ['nonsense', '9223372036854775807', '-1']) {
      const listener = await listen(team.admin, nonsense);
      await eventually('it gets a reset', async () => listener.updates.map(({ event }) => event), isReset);
    }
  });

  it('include late commits: a transaction that began before the stream is still sent', async () => {
    const early = await aSentCheck(team);
    const late = await aSentCheck(team);
    await database.query('begin');
    await database.query(`update background_checks.background_check set status = 'submitted' where id = $1`, [late.id]);
    await database.query(`select pg_notify('background_check_saved', $1)`, [`${team.teamId}/${late.id}`]);
    const listener = await listen(team.admin);
    await sandbox.control.act(early.caseId, 'open');
    await listener.hears(early.id, 'opened');
    // The state before may be sent again. Uncommitted changes are never sent.
    expect(listener.about(late.id).map(({ status }) => status)).not.toContain('submitted');
    const resumed = await listen(team.admin, listener.lastEventId);
    await database.query('commit');
    await listener.hears(late.id, 'submitted');
    await resumed.hears(late.id, 'submitted');
  });

  it('omit jobs that the listener does not see, and results that they may not see [R-07]', async () => {
    const jobId = await aJob(team.admin, { confidential: true });
    const standard = await aColleague(team.admin, 'standard');
    const outsider = await listen(standard);
    const admin = await listen(team.admin);
    const hidden = await send(team.admin, await readyToSend(team, { jobId }));
    await admin.hears(hidden.body.id, 'invited');
    const open = await aSentCheck(team);
    await outsider.hears(open.id, 'invited');
    expect(outsider.about(hidden.body.id)).toEqual([]);
    await completes(team, open.caseId, 'REJECT');
    const heard = await outsider.hears(open.id, 'complete');
    expect(heard.at(-1)).toMatchObject({ result: null, results_url: null, vendor: { score: null } });
    expect((await admin.hears(open.id, 'complete')).at(-1)).toMatchObject({ result: 'reject' });
  });

  it('apply the rights at the time of sending: a grant counts at the next change', async () => {
    const limited = await aColleague(team.admin, 'limited');
    const listener = await listen(limited);
    const check = await aSentCheck(team);
    const granted = [{ user_id: limited.id, permissions: ['view_results'] }];
    await team.admin.put(`/jobs/${check.jobId}/permissions`, granted);
    await sandbox.control.act(check.caseId, 'open');
    await listener.hears(check.id, 'opened');
    expect(listener.about(check.id).map(({ status }) => status)).not.toContain('requested');
    await team.admin.put(`/jobs/${check.jobId}/permissions`, []);
    const witness = await listen(team.admin);
    await sandbox.control.act(check.caseId, 'start');
    await witness.hears(check.id, 'started');
    await sandbox.control.act(check.caseId, 'submit');
    await witness.hears(check.id, 'submitted');
    const heard = listener.about(check.id).map(({ status }) => status);
    expect(heard.filter((status) => status === 'started' || status === 'submitted')).toEqual([]);
  });

  it("never send a candidate's own checks", async () => {
    const check = await aSentCheck(team);
    const themself = await aColleague(team.admin, 'admin', { linked_candidate_ids: [check.candidateId] });
    const listener = await listen(themself);
    const witness = await listen(team.admin);
    await sandbox.control.act(check.caseId, 'open');
    await witness.hears(check.id, 'opened');
    const other = await aSentCheck(team);
    await listener.hears(other.id, 'invited');
    expect(listener.about(check.id)).toEqual([]);
  });

  it('end when the listener is disabled [F5]', async () => {
    const colleague = await aColleague(team.admin, 'standard');
    const listener = await listen(colleague);
    await team.admin.patch(`/users/${colleague.id}`, { disabled: true });
    const { id } = await aSentCheck(team);
    await eventually('the stream ends', async () => listener.ended, Boolean);
    // Checks of earlier tests may have changed while the listener was still enabled.
    expect(listener.updates.filter(({ data }) => data.id === id)).toEqual([]);
  });

  it('end when the token expires, and not before', async () => {
    const provider = await startIdentityProvider();
    const elsewhere = await startApp({
      databaseUrl: app.databaseUrl,
      env: { CERTN_BASE_URL: sandbox.url, ...provider.env },
    });
    const { email } = (await team.admin.get<{ email: string }>('/me')).body;
    const now = Math.floor(Date.now() / 1000);
    const [expires, later] = [now + 4, now + 600];
    const as = async (until: number): Promise<Person> =>
      new Person(elsewhere.url, team.admin.id, await provider.tokenFor(email, until));
    const listener = await listen(await as(expires));
    const other = await listen(await as(later));
    const check = await aSentCheck(team);
    await listener.hears(check.id, 'invited');
    expect(listener.ended).toBe(false);
    await eventually('the stream ends', async () => listener.ended, Boolean, 6_000);
    expect(Date.now()).toBeGreaterThanOrEqual(expires * 1000 - 20);
    await sandbox.control.act(check.caseId, 'open');
    await other.hears(check.id, 'opened');
    expect(listener.about(check.id).map(({ status }) => status)).not.toContain('opened');
    await elsewhere.close();
    provider.close();
  });

  it('require a valid token', async () => {
    const unauthenticated = new Person(app.url, 'no-user', 'a.b.c');
    expect((await UpdateListener.start(unauthenticated)).response.status).toBe(401);
  });

  it('do not delay a shutdown [P14]', async () => {
    const leaving = await startApp({ databaseUrl: app.databaseUrl, env: { CERTN_BASE_URL: sandbox.url, ROLE: 'api' } });
    const listener = await listen(new Person(leaving.url, team.admin.id, team.admin.token));
    const begun = performance.now();
    await leaving.close();
    expect(performance.now() - begun).toBeLessThan(4_000);
    await eventually('the stream ends', async () => listener.ended, Boolean);
  });
});
