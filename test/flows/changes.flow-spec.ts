import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import {
  aCandidate,
  aJob,
  anApplication,
  aSentCheck,
  aStage,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
} from '../support/fixtures.js';
import { type Change, differences, KeptCopy, type Read, theLists } from '../support/kept-copy.js';
import { aMachine } from '../support/machines.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

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

const reading =
  (person: Person): Read =>
  async <T>(path: string) => {
    const answer = await person.get<T>(path);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  };

async function aCopy(person: Person): Promise<KeptCopy> {
  const copy = new KeptCopy(reading(person));
  await copy.begin();
  return copy;
}

const named = (changes: Change[]): string[] =>
  changes.map(({ type, id, deleted }) => `${type}/${id}${deleted ? '!' : ''}`);
/** The copy, with what came meanwhile, is what the lists say. Webhook events about checks still arrive. */
const isComplete = (copy: KeptCopy, person: Person): Promise<unknown> =>
  eventually(
    'the copy is complete',
    async () => {
      await copy.follow();
      return differences(copy.things, await theLists(reading(person)));
    },
    ({ length }) => length === 0,
  );
const refusal = async (person: Pick<Person, 'get'>, query: string): Promise<[number, unknown]> => {
  const { status, body } = await person.get<{ reason: string }>(`/changes?${query}`);
  return [status, body.reason];
};

describe('the changes feed', () => {
  it('begins now, and shows each thing once, at its last change, as the single read does', async () => {
    const { admin } = team;
    const before = await aJob(admin);
    const copy = await aCopy(admin);
    expect(copy.things.has(`job/${before}`)).toBe(true);
    expect(await copy.follow()).toEqual([]);

    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    const changes = await copy.follow();
    const paths = {
      job: '/jobs',
      candidate: '/candidates',
      application: '/applications',
      background_check: '/background_checks',
    };
    const ids = {
      job: check.jobId,
      candidate: check.candidateId,
      application: check.applicationId,
      background_check: check.id,
    };
    expect(named(changes).sort()).toEqual(
      Object.entries(ids)
        .map(([type, id]) => `${type}/${id}`)
        .sort(),
    );
    expect(changes.find(({ id }) => id === check.id)).toMatchObject({ data: { result: 'reject' } });
    for (const { type, id, revision, data } of changes) {
      const single = (await admin.get(`${paths[type as keyof typeof paths]}/${id}`)).body;
      expect(Object.keys(data ?? {})).toEqual(Object.keys(single));
      expect(differences(new Map([[id, data ?? {}]]), new Map([[id, single]]))).toEqual([]);
      expect(revision).toBeGreaterThan(0);
    }
    await isComplete(copy, admin);
  });

  it('tells of moves, and of the names that applications show', async () => {
    const { admin } = team;
    const jobId = await aJob(admin);
    const [first, second] = [await aStage(admin, jobId, 'First'), await aStage(admin, jobId, 'Second')];
    const candidateId = await aCandidate(admin);
    const applicationId = await anApplication(admin, candidateId, jobId);
    const copy = await aCopy(admin);
    const revisions: number[] = [];
    const acts: [() => Promise<unknown>, string[]][] = [
      [() => admin.patch(`/applications/${applicationId}`, { stage_id: second }), []],
      [() => admin.patch(`/job_stages/${second}`, { name: 'Third' }), []],
      [() => admin.patch(`/candidates/${candidateId}`, { last_name: 'Lovelace' }), [`candidate/${candidateId}`]],
      [() => admin.patch(`/jobs/${jobId}`, { name: 'Beekeeper' }), [`job/${jobId}`]],
      [() => admin.delete(`/job_stages/${first}`), []],
      [() => admin.patch(`/applications/${applicationId}`, { status: 'rejected' }), []],
    ];
    for (const [act, also] of acts) {
      await act();
      const changes = await copy.follow();
      const expected = act === acts[4]?.[0] ? [] : [...also, `application/${applicationId}`];
      expect(named(changes).sort()).toEqual(expected.sort());
      revisions.push(...changes.filter(({ type }) => type === 'application').map(({ revision }) => revision ?? 0));
    }
    expect(copy.things.get(`application/${applicationId}`)).toMatchObject({
      candidate: { last_name: 'Lovelace' },
      job: { name: 'Beekeeper' },
      current_stage: { name: 'Third' },
      status: 'rejected',
    });
    // A name is no change of the application itself.
    expect(revisions).toEqual([1, 1, 1, 1, 2].map((steps) => (revisions[0] ?? 0) + steps - 1));
    await isComplete(copy, admin);
  });

  it('keeps nothing of an anonymised candidate, and a copy loses what it knew', async () => {
    const { admin } = team;
    const candidateId = await aCandidate(admin, 'ottoline@example.org');
    const jobId = await aJob(admin);
    const applicationId = await anApplication(admin, candidateId, jobId);
    const copy = await aCopy(admin);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    await admin.post(`/candidates/${candidateId}/anonymise`);
    await copy.follow();
    expect(JSON.stringify([...copy.things])).not.toContain('ottoline');
    expect(copy.things.get(`candidate/${candidateId}`)).toMatchObject({ anonymised_at: expect.any(String) });
    await isComplete(copy, admin);
  });

  it('tells what writers other than this release do: triggers of the tables note it', async () => {
    const { admin } = team;
    const jobId = await aJob(admin);
    const copy = await aCopy(admin);
    await database.query(`update hiring.job set name = 'By another release' where id = $1`, [jobId]);
    expect((await copy.follow())[0]).toMatchObject({ id: jobId, data: { name: 'By another release' } });
    await database.query('delete from hiring.job_permission where job_id = $1', [jobId]);
    await database.query('delete from hiring.job where id = $1', [jobId]);
    expect(await copy.follow()).toMatchObject([{ id: jobId, type: 'job', deleted: true, revision: null, data: null }]);
  });

  it('follows the types that it was asked for, and refuses those that the cursor passed over', async () => {
    const { admin } = team;
    const { body } = await admin.get<{ cursor: string }>('/changes?types=job,candidate');
    const jobId = await aJob(admin);
    await anApplication(admin, await aCandidate(admin), jobId);
    const of = async (query: string): Promise<string[]> => {
      const answer = await admin.get<{ changes: Change[] }>(`/changes?after=${body.cursor}${query}`);
      return answer.body.changes.map(({ type }) => type);
    };
    expect(await of('')).toEqual(['job', 'candidate']);
    expect(await of('&types=job')).toEqual(['job']);
    expect(await of('&types=job&types=candidate&limit=1')).toEqual(['job']);
    expect(await refusal(admin, `after=${body.cursor}&types=job,application`)).toEqual([422, 'invalid_request']);
  });

  it.each(['types=nonsense', 'types=', 'limit=0', 'limit=501', 'limit=x', 'page=2', `after=${'x'.repeat(501)}`])(
    'refuses %s',
    async (query) => {
      expect(await refusal(team.admin, query)).toEqual([422, 'invalid_request']);
    },
  );

  it('knows no cursor of another team, and none that was made up', async () => {
    const stranger = (await aTeam(app)).admin;
    const { body } = await stranger.get<{ cursor: string }>('/changes');
    for (const cursor of [body.cursor, 'bm93', '', '1', encodeURIComponent('💥')])
      expect(await refusal(team.admin, `after=${cursor}`)).toEqual([422, 'invalid_cursor']);
  });
});

describe('the changes feed of a caller who does not see everything', () => {
  const grant = (jobId: string, person: Person, permissions: string[] | null) =>
    team.admin.put(`/jobs/${jobId}/permissions`, permissions === null ? [] : [{ user_id: person.id, permissions }]);

  it('takes away what they lose sight of, and brings it back with what they may then see', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'CLEAR');
    await reaches(team, check.id, 'complete');
    const person = await aColleague(team.admin, 'standard');
    const copy = await aCopy(person);
    const all = [
      ...[`job/${check.jobId}`, `candidate/${check.candidateId}`],
      ...[`application/${check.applicationId}`, `background_check/${check.id}`],
    ];
    await team.admin.patch(`/jobs/${check.jobId}`, { confidential: true });
    const lost = await copy.follow();
    expect(named(lost).sort()).toEqual(all.map((one) => `${one}!`).sort());
    expect(lost[0]).toEqual({ ...lost[0], revision: null, data: null });
    await isComplete(copy, person);

    await grant(check.jobId, person, ['view_results']);
    expect(named(await copy.follow()).sort()).toEqual(all.sort());
    expect(copy.things.get(`background_check/${check.id}`)).toMatchObject({ result: 'clear' });
    await grant(check.jobId, person, []);
    await copy.follow();
    expect(copy.things.get(`background_check/${check.id}`)).toMatchObject({ result: null });
    await grant(check.jobId, person, null);
    expect(named(await copy.follow(1)).sort()).toEqual(all.map((one) => `${one}!`).sort());
    await isComplete(copy, person);
  });

  it('does not name what they never saw', async () => {
    const person = await aColleague(team.admin, 'limited');
    const standard = await aColleague(team.admin, 'standard');
    const copies = [await aCopy(person), await aCopy(standard)];
    const jobId = await aJob(team.admin, { confidential: true });
    const candidateId = await aCandidate(team.admin);
    const applicationId = await anApplication(team.admin, candidateId, jobId);
    await team.admin.patch(`/jobs/${jobId}`, { name: 'Hidden' });
    await team.admin.patch(`/candidates/${candidateId}`, { first_name: 'Hidden' });
    await team.admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    const [limited = [], seen = []] = [await copies[0]?.follow(), await copies[1]?.follow()];
    expect(limited).toEqual([]);
    // Until they applied, the candidate was visible to those who may create candidates.
    expect(named(seen)).toEqual([`candidate/${candidateId}!`]);
    for (const [nth, one] of [person, standard].entries()) await isComplete(copies[nth] as KeptCopy, one);
  });

  it('says nothing of checks about themselves, not even to an admin, and starts anew when they become theirs', async () => {
    const check = await aSentCheck(team);
    const themself = await aColleague(team.admin, 'admin', { linked_candidate_ids: [check.candidateId] });
    const other = await aColleague(team.admin, 'admin');
    const [own, theirs] = [await aCopy(themself), await aCopy(other)];
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened');
    await grant(check.jobId, other, ['view_results']);
    await grant(check.jobId, other, null);
    const about = (changes: Change[]): Change[] => changes.filter(({ type }) => type === 'background_check');
    expect(about(await own.follow())).toEqual([]);
    expect(about(await theirs.follow())).toMatchObject([{ id: check.id, data: { status: 'opened' } }]);
    await isComplete(own, themself);
    await team.admin.patch(`/users/${other.id}`, { linked_candidate_ids: [check.candidateId] });
    expect(await refusal(other, `after=${theirs.cursor}`)).toEqual([410, 'cursor_expired']);
    await theirs.begin();
    await isComplete(theirs, other);
  });

  it('follows what the scopes of a service account open, and starts anew when they change', async () => {
    const machine = await aMachine(team.admin, { scopes: ['jobs:read', 'applications:read'] });
    const { cursor } = (await machine.get<{ cursor: string }>('/changes')).body;
    const jobId = await aJob(team.admin);
    const applicationId = await anApplication(team.admin, await aCandidate(team.admin), jobId);
    const { body } = await machine.get<{ changes: Change[] }>(`/changes?after=${cursor}`);
    expect(named(body.changes).sort()).toEqual([`application/${applicationId}`, `job/${jobId}`]);
    expect(await refusal(machine, 'types=candidate,job')).toEqual([403, 'scope_missing']);
    await team.admin.patch(`/service_accounts/${machine.id}`, { scopes: ['jobs:read'] });
    expect(await refusal(machine, `after=${cursor}`)).toEqual([410, 'cursor_expired']);
  });

  it('starts anew when the access level changes', async () => {
    const person = await aColleague(team.admin, 'standard');
    const copy = await aCopy(person);
    await team.admin.patch(`/users/${person.id}`, { access_level: 'limited' });
    expect(await refusal(person, `after=${copy.cursor}`)).toEqual([410, 'cursor_expired']);
    await copy.begin();
    await isComplete(copy, person);
  });

  it('delivers the loss of a thing that changes again while a client reads page by page', async () => {
    const jobId = await aJob(team.admin);
    const person = await aColleague(team.admin, 'standard');
    const copy = await aCopy(person);
    await team.admin.patch(`/jobs/${jobId}`, { confidential: true });
    // Numbers the loss. Others follow, and then the job itself once more: pages end behind the loss before they reach it.
    await reading(person)(`/changes?after=${copy.cursor}`);
    for (let nth = 0; nth < 3; nth += 1) await aJob(team.admin);
    await team.admin.patch(`/jobs/${jobId}`, { name: 'Moved to the end' });
    expect(await copy.follow(1)).toHaveLength(4);
    expect(copy.things.has(`job/${jobId}`)).toBe(false);
    await isComplete(copy, person);
  });
});
