import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { backdateCandidate, proofsOf, retentionRunIsDue, ruleSince } from '../support/privacy.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { aCandidate, aJob, anApplication } from '../support/fixtures.js';
import { waitingStatements } from '../support/waiting-statements.js';

interface Due {
  id: string;
  name: string;
  due_on: string;
}

let app: RunningApp;
let admin: Person;
let teamId: string;
let jobId: string;

beforeAll(async () => {
  app = await startApp();
});
beforeEach(async () => {
  ({ admin, teamId } = await aTeam(app));
  jobId = await aJob(admin);
});
afterAll(() => app?.close());

const rule = '/retention_rule';
const dayMs = 24 * 3600 * 1000;

/** A candidate whose applications have these statuses. */
async function applied(...statuses: ('active' | 'rejected' | 'hired')[]): Promise<string> {
  const candidateId = await aCandidate(admin);
  for (const status of statuses) {
    const id = await anApplication(admin, candidateId, await aJob(admin));
    if (status !== 'active') await admin.patch(`/applications/${id}`, { status });
  }
  return candidateId;
}

/** The daily run of a six-month rule is due now. It is done when the candidate who became due last is anonymised. */
async function theRunIsDone(): Promise<void> {
  const bait = await applied('rejected');
  await backdateCandidate(app, bait, '6 months 1 hour');
  await retentionRunIsDue(app, teamId);
  await eventually('the retention run is done', () => isAnonymised(bait), Boolean, 20_000);
}

const isAnonymised = async (id: string): Promise<boolean> =>
  (await admin.get<{ anonymised_at: string | null }>(`/candidates/${id}`)).body.anonymised_at !== null;
const preview = async (): Promise<Due[]> => (await admin.get<Due[]>(`${rule}/due`)).body;
const previewed = async (): Promise<string[]> => (await preview()).map(({ id }) => id);

describe('the retention rule', () => {
  it('is off until an admin sets it, and every change is audited', async () => {
    expect((await admin.get(rule)).body).toEqual({ months: null });
    expect((await admin.put(rule, { months: 12 })).body).toEqual({ months: 12 });
    expect((await admin.put(rule, { months: 12 })).status).toBe(200);
    expect((await admin.put(rule, { months: null })).body).toEqual({ months: null });
    const audit = await admin.get<{ action: string; from: object; to: object }[]>(
      `/audit_log?action=retention_rule.update&entity_id=${teamId}`,
    );
    expect(audit.body.map(({ action, from, to }) => [action, from, to]).reverse()).toEqual([
      ['retention_rule.update', { months: null }, { months: 12 }],
      ['retention_rule.update', { months: 12 }, { months: null }],
    ]);
  });

  it.each([[0], [121], [1.5], ['6'], [undefined], [true]])('refuses %j months', async (months) => {
    expect((await admin.put(rule, { months })).status).toBe(422);
  });

  it('is for admins only', async () => {
    const standard = await aColleague(admin, 'standard');
    for (const answer of [
      await standard.get(rule),
      await standard.put(rule, { months: 1 }),
      await standard.get(`${rule}/due`),
      await standard.get('/erasures'),
    ])
      expect(answer.status).toBe(403);
  });

  it('anonymises only candidates who were rejected long enough ago', async () => {
    await admin.put(rule, { months: 6 });
    await ruleSince(app, teamId, '8 days');
    const candidates = {
      rejected: await applied('rejected'),
      rejectedTwice: await applied('rejected', 'rejected'),
      neverApplied: await applied(),
      held: await applied('rejected'),
      hired: await applied('hired'),
      hiredOnce: await applied('rejected', 'hired'),
      open: await applied('active'),
      openAgain: await applied('rejected', 'active'),
    };
    for (const id of Object.values(candidates)) await backdateCandidate(app, id, '7 months');
    const { rejected, rejectedTwice, neverApplied, ...others } = candidates;
    await admin.put(`/candidates/${others.held}/legal_hold`, { held: true });
    const soon = await applied('rejected');
    await backdateCandidate(app, soon, '6 months');
    await backdateCandidate(app, soon, '-5 days');
    const later = await applied('rejected');
    await backdateCandidate(app, later, '5 months');

    expect((await previewed()).sort()).toEqual([rejected, rejectedTwice, neverApplied, soon].sort());
    const [, , , last] = await preview();
    expect(last).toMatchObject({ id: soon, name: 'Ada Example' });
    expect(Math.abs(Date.parse(last?.due_on ?? '') - Date.now() - 5 * dayMs)).toBeLessThan(2 * dayMs);

    await theRunIsDone();
    for (const id of [rejected, rejectedTwice, neverApplied]) expect([id, await isAnonymised(id)]).toEqual([id, true]);
    for (const id of [...Object.values(others), soon, later]) expect([id, await isAnonymised(id)]).toEqual([id, false]);
    expect(await previewed()).toEqual([soon]);
    expect(await proofsOf({ admin }, rejected)).toMatchObject([{ by: null, checks: [] }]);
    const audit = await admin.get<object[]>(`/audit_log?action=candidate.anonymise&entity_id=${rejected}`);
    expect(audit.body).toMatchObject([{ action: 'candidate.anonymise', outcome: 'done', actor: null, ip: null }]);
  });

  it.each([
    ['held', 'update hiring.candidate set legal_hold = true where id = $1'],
    ['hired', `update hiring.application set status = 'hired' where candidate_id = $1`],
    ['considered again', `update hiring.application set status = 'active' where candidate_id = $1`],
  ])('does not anonymise a candidate who is %s at the moment of the retention run', async (_what, happens) => {
    await admin.put(rule, { months: 6 });
    await ruleSince(app, teamId, '8 days');
    const id = await applied('rejected');
    await backdateCandidate(app, id, '7 months');
    await withDatabase(app, async (db) => {
      await db.query('begin');
      await db.query(happens, [id]);
      const made = theRunIsDone();
      await eventually(
        'the retention run reaches them',
        () => withDatabase(app, (other) => waitingStatements(other, 'hiring%for ')),
        (statements) => statements > 0,
        20_000,
      );
      await db.query('commit');
      await made;
    });
    expect(await isAnonymised(id)).toBe(false);
  });

  it('anonymises a candidate only after a week in the preview', async () => {
    const id = await applied('rejected');
    await backdateCandidate(app, id, '2 years');
    await admin.put(rule, { months: 24 });
    await ruleSince(app, teamId, '6 days');
    await admin.put(rule, { months: 12 });
    const [first] = await preview();
    expect(Date.parse(first?.due_on ?? '') - Date.now()).toBeGreaterThan(6.9 * dayMs);
    // With a longer retention, a candidate who is due was in the preview all the time.
    await ruleSince(app, teamId, '8 days');
    await admin.put(rule, { months: 18 });
    const [second] = await preview();
    expect(Date.parse(second?.due_on ?? '')).toBeLessThan(Date.now());
  });

  it('also gives a week after a legal hold is lifted', async () => {
    await admin.put(rule, { months: 6 });
    await ruleSince(app, teamId, '8 days');
    const id = await applied('rejected');
    await backdateCandidate(app, id, '7 months');
    for (const held of [true, false]) await admin.put(`/candidates/${id}/legal_hold`, { held });
    await theRunIsDone();
    expect(await isAnonymised(id)).toBe(false);
    const [due] = await preview();
    expect(due?.id).toBe(id);
    expect(Date.parse(due?.due_on ?? '') - Date.now()).toBeGreaterThan(6.9 * dayMs);
  });

  it('counts from the last time an application was closed', async () => {
    await admin.put(rule, { months: 6 });
    const id = await aCandidate(admin);
    const applicationId = await anApplication(admin, id, jobId);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    await backdateCandidate(app, id, '7 months');
    expect(await previewed()).toEqual([id]);
    await admin.patch(`/applications/${applicationId}`, { status: 'active' });
    expect(await previewed()).toEqual([]);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    expect(await previewed()).toEqual([]);
  });

  it('stops at once when an admin switches it off', async () => {
    await admin.put(rule, { months: 6 });
    const id = await applied('rejected');
    await backdateCandidate(app, id, '7 months');
    expect(await previewed()).toEqual([id]);
    await admin.put(rule, { months: null });
    expect(await previewed()).toEqual([]);
  });

  it('shows its preview page by page, the next due first', async () => {
    await admin.put(rule, { months: 1 });
    await ruleSince(app, teamId, '8 days');
    const ids = [await applied('rejected'), await applied('rejected'), await applied('rejected')];
    for (const [nth, id] of ids.entries()) await backdateCandidate(app, id, `${12 - nth} months`);
    const page = await admin.get<Due[]>(`${rule}/due?per_page=2&page=2`);
    expect(page.body.map(({ id }) => id)).toEqual([ids[2]]);
    expect(page.headers.get('x-total-count')).toBe('3');
  });
});
