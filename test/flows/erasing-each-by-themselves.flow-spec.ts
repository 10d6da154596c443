import { createHash } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';
import { backdateCandidate, retentionRunIsDue, ruleSince } from '../support/privacy.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { aCandidate, aJob, anApplication } from '../support/fixtures.js';

let app: RunningApp;
let admin: Person;
let teamId: string;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  ({ admin, teamId } = await aTeam(app));
});
afterAll(() => app?.close());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function imported(externalId: string): Promise<{ id: string; status: string }> {
  const line = { type: 'candidate', external_id: externalId, first_name: 'Ada', last_name: 'Example' };
  const answer = await admin.post<string>('/imports', JSON.stringify(line), { 'content-type': 'application/x-ndjson' });
  return JSON.parse(answer.body.trim()) as { id: string; status: string };
}

const isAnonymised = async (id: string): Promise<boolean> =>
  (await admin.get<{ anonymised_at: string | null }>(`/candidates/${id}`)).body.anonymised_at !== null;

/** Rejected so long ago that the rule applies. */
async function due(): Promise<string> {
  const id = await aCandidate(admin);
  const applicationId = await anApplication(admin, id, await aJob(admin));
  await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
  await backdateCandidate(app, id, '7 months');
  return id;
}

async function ruleOfSixMonths(): Promise<void> {
  await admin.put('/retention_rule', { months: 6 });
  await ruleSince(app, teamId, '8 days');
}

describe('erased external ids', () => {
  it('never collide with live ones: an id that looks like an erased one is accepted', async () => {
    const { id } = await imported('hr-1');
    const lookalike = await imported(`erased:${sha256('hr-1')}`);
    const other = await imported(sha256('hr-1'));
    for (const each of [id, lookalike.id, other.id]) {
      expect((await admin.post(`/candidates/${each}/anonymise`)).status).toBe(204);
      expect(await isAnonymised(each)).toBe(true);
    }
    for (const externalId of ['hr-1', `erased:${sha256('hr-1')}`, sha256('hr-1')])
      expect(await imported(externalId)).toMatchObject({ status: 'failed' });
  });

  it('apply to one team only: another team can import the same id', async () => {
    const { id } = await imported('hr-2');
    await admin.post(`/candidates/${id}/anonymise`);
    ({ admin, teamId } = await aTeam(app));
    expect(await imported('hr-2')).toMatchObject({ status: 'created' });
  });
});

describe('a retention run in which one candidate cannot be anonymised', () => {
  /** The database refuses every change of that candidate. */
  const stuck = (id: string): Promise<unknown> =>
    withDatabase(app, (db) =>
      db.query(`
        create or replace function public.stuck() returns trigger language plpgsql as $$ begin raise 'stuck'; end $$;
        create trigger stuck_${id.replaceAll('-', '_')} before update on hiring.candidate for each row
        when (new.id = '${id}' and new.anonymised_at is not null) execute function public.stuck()`),
    );
  const free = (id: string): Promise<unknown> =>
    withDatabase(app, (db) => db.query(`drop trigger stuck_${id.replaceAll('-', '_')} on hiring.candidate`));

  interface Failure {
    id: string;
    name: string;
    tries: number;
    first_failed_at: string;
    next_try_at: string;
  }
  const failures = async (): Promise<Failure[]> => (await admin.get<Failure[]>('/retention_rule/failures')).body;

  it('anonymises all others, reports the one, retries it, and then clears the failure', async () => {
    await ruleOfSixMonths();
    const first = await due();
    await backdateCandidate(app, first, '2 months');
    const [second, third] = [await due(), await due()];
    await stuck(first);
    await retentionRunIsDue(app, teamId);
    for (const id of [second, third])
      await eventually('the others are anonymised', () => isAnonymised(id), Boolean, 20_000);
    const [failure, ...more] = await eventually('the failure is shown', failures, ({ length }) => length > 0, 20_000);
    expect(more).toEqual([]);
    expect(failure).toMatchObject({ id: first, name: 'Ada Example', tries: 1 });
    expect(Date.parse(failure?.next_try_at ?? '')).toBeGreaterThan(Date.now());
    expect(await isAnonymised(first)).toBe(false);

    const dueAgain = `update hiring.erasure_failure set next_try_at = now() - interval '1 second' where candidate_id = $1`;
    await withDatabase(app, (db) => db.query(dueAgain, [first]));
    await retentionRunIsDue(app, teamId);
    await eventually('it is tried again', failures, ([again]) => again?.tries === 2, 20_000);

    await free(first);
    await withDatabase(app, (db) => db.query(dueAgain, [first]));
    await retentionRunIsDue(app, teamId);
    await eventually('it is anonymised', () => isAnonymised(first), Boolean, 20_000);
    expect(await failures()).toEqual([]);
  }, 90_000);

  it('is repeated for that candidate alone when its retry is due', async () => {
    await ruleOfSixMonths();
    const id = await due();
    await stuck(id);
    await retentionRunIsDue(app, teamId);
    const [failure] = await eventually('the failure is shown', failures, ({ length }) => length > 0, 20_000);
    const next = await withDatabase(app, (db) =>
      db.query<{ due_at: Date }>('select due_at from hiring.retention_rule where team_id = $1', [teamId]),
    );
    expect(next.rows[0]?.due_at.toISOString()).toBe(failure?.next_try_at);
    await free(id);
  }, 60_000);
});
