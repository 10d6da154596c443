import { type RunningApp, startApp } from '../support/app.js';
import { act, historyOf, shown } from '../support/checks.js';
import { certn } from '../support/connection.js';
import { rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { aColleague } from '../support/people.js';
import {
  anonymise,
  anIdentifiableCandidate,
  proofsOf,
  sendTo,
  type IdentifiableCandidate,
} from '../support/privacy.js';
import { checkEndedAgo, resultRunIsDue, resultRuleSince } from '../support/privacy.js';
import { progressOf, taskIsDue, withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

const rule = '/result_retention_rule';
const dayMs = 24 * 3600 * 1000;

interface Due {
  id: string;
  candidate_id: string;
  candidate_name: string;
  package: string;
  due_on: string;
}

interface Completed {
  person: IdentifiableCandidate;
  id: string;
  caseId: string;
  shortId: string;
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;

beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({
    env: { CERTN_BASE_URL: sandbox.url, SWEEP_SECONDS: '3600', ORDER_VISIBILITY_LAG_SECONDS: '1' },
  });
});
beforeEach(async () => {
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

/** A check that completed that many months ago. */
async function completed(ago = '7 months', score = 'REVIEW'): Promise<Completed> {
  const person = await anIdentifiableCandidate(team);
  const id = await sendTo(team, person);
  const invited = await reaches(team, id, 'invited');
  const caseId = invited.vendor.case_id ?? '';
  await completes(team, caseId, score);
  await eventually(
    'it has a result',
    () => shown(team, id),
    ({ result }) => result !== null,
  );
  await checkEndedAgo(app, id, ago);
  return { person, id, caseId, shortId: (await sandbox.control.case(caseId)).short_id };
}

async function ruleOfSixMonths(): Promise<void> {
  await team.admin.put(rule, { months: 6 });
  await resultRuleSince(app, team.teamId, '8 days');
}

const due = async (): Promise<Due[]> => (await team.admin.get<Due[]>(`${rule}/due`)).body;
const dueIds = async (): Promise<string[]> => (await due()).map(({ id }) => id);
const removedAt = async (id: string): Promise<string | null> => (await shown(team, id)).result_removed_at;

async function isRemoved(id: string): Promise<void> {
  await eventually(
    'the result is removed',
    () => removedAt(id),
    (at) => at !== null,
    20_000,
  );
}

async function theRunRemoves({ id }: Completed): Promise<void> {
  await resultRunIsDue(app, team.teamId);
  await isRemoved(id);
}

const gone = {
  status: 'complete',
  result: null,
  result_label: null,
  results_url: null,
  vendor: { case_id: null, short_id: null, status: null, score: null, portal_url: null },
  available_actions: [],
};

describe('the rule about results', () => {
  it('is off until an admin sets it, is for admins only, and every change is audited', async () => {
    expect((await team.admin.get(rule)).body).toEqual({ months: null });
    expect((await team.admin.put(rule, { months: 6 })).body).toEqual({ months: 6 });
    expect((await team.admin.put(rule, { months: null })).body).toEqual({ months: null });
    expect((await team.admin.put(rule, { months: 0 })).status).toBe(422);
    const audit = await team.admin.get<{ action: string; from: object; to: object }[]>(
      `/audit_log?entity_id=${team.teamId}&action=result_retention_rule.update`,
    );
    expect(audit.body.map(({ action, from, to }) => [action, from, to])).toEqual([
      ['result_retention_rule.update', { months: 6 }, { months: null }],
      ['result_retention_rule.update', { months: null }, { months: 6 }],
    ]);
    const standard = await aColleague(team.admin, 'standard');
    for (const path of [rule, `${rule}/due`, `${rule}/failures`, '/removed_results'])
      expect((await standard.get(path)).status).toBe(403);
    expect((await standard.put(rule, { months: 1 })).status).toBe(403);
  });

  it('removes only results that are old enough, also of hired people; the candidate stays', async () => {
    await ruleOfSixMonths();
    const hired = await completed();
    await team.admin.patch(`/applications/${hired.person.applicationId}`, { status: 'hired' });
    const held = await completed();
    await team.admin.put(`/candidates/${held.person.candidateId}/legal_hold`, { held: true });
    const young = await completed('5 months');
    const soon = await completed('6 months');
    await checkEndedAgo(app, soon.id, '-5 days');
    expect((await dueIds()).sort()).toEqual([hired.id, soon.id].sort());
    expect((await due())[0]).toMatchObject({
      ...{ id: hired.id, candidate_id: hired.person.candidateId, package: 'Basic', status: 'complete' },
      candidate_name: `${hired.person.identifyingValues[0]} ${hired.person.identifyingValues[1]}`,
    });
    await theRunRemoves(hired);
    for (const { id } of [held, young, soon]) expect(await removedAt(id)).toBeNull();
    expect(await shown(team, hired.id)).toMatchObject({ ...gone, sent_to: hired.person.email });
    expect((await team.admin.get(`/candidates/${hired.person.candidateId}`)).body).toMatchObject({
      anonymised_at: null,
    });
    const { status, body } = await team.admin.get<{ reason: string; message: string }>(
      `/background_checks/${hired.id}/results`,
    );
    expect([status, body.reason]).toEqual([409, 'result_removed']);
    expect(body.message).toMatch(
      /^The result of this check was removed on \d+ \w+ \d{4} by your team's retention rule\.$/,
    );
    const proofs = await team.admin.get<object[]>('/removed_results');
    expect(proofs.body).toMatchObject([{ id: hired.id, package: 'Basic', removed_at: await removedAt(hired.id) }]);
    const audit = await team.admin.get<object[]>(
      `/audit_log?entity_id=${hired.id}&action=background_check.remove_result`,
    );
    expect(audit.body).toMatchObject([{ outcome: 'done', actor: null, to: {} }]);
  }, 90_000);

  it('removes result and case from the whole database and from its statistics', async () => {
    await ruleOfSixMonths();
    const { id, caseId, shortId, ...more } = await completed();
    expect((await team.admin.get(`/background_checks/${id}/results`)).status).toBe(200);
    await theRunRemoves({ id, caseId, shortId, ...more });
    await eventually(
      'nothing leads to the case',
      () => rowsWith(app.databaseUrl, [caseId, shortId]),
      (rows) => rows.length === 0,
      20_000,
    );
    const rows = await rowsWith(app.databaseUrl, [id]);
    expect(rows.filter((row) => /review/i.test(row))).toEqual([]);
    const lines = (await historyOf(team, id)).filter(({ kind }) => kind === 'result_changed');
    expect(lines.map(({ from, to }) => [from, to])).toEqual([[null, null]]);
  }, 60_000);

  it('is final: no webhook, refresh, sweep or daily reconciliation brings a result back', async () => {
    await ruleOfSixMonths();
    const completedCheck = await completed();
    await theRunRemoves(completedCheck);
    const { id, caseId, shortId } = completedCheck;
    const before = (await sandbox.control.deliveries({ account: team.account.id })).length;
    await sandbox.control.act(caseId, 'set', { status: 'IN_DISPUTE' });
    const deliveries = await eventually(
      'Certn announces the dispute',
      () => sandbox.control.deliveries({ account: team.account.id }),
      ({ length }) => length > before,
    );
    expect(deliveries.at(-1)?.status ?? 200).toBe(200);
    await sandbox.control.act(caseId, 'set', { status: 'COMPLETE' });
    expect((await act(team.admin, id, 'refresh')).status).toBe(200);
    for (const kind of ['feed', 'sweep', 'comparison'] as const) {
      await taskIsDue(app, team.teamId, kind);
      await eventually(
        `the ${kind} was made`,
        () =>
          withDatabase(app, (db) =>
            db.query('select 1 from integrations.scheduled_task where team_id = $1 and kind = $2 and due_at > now()', [
              team.teamId,
              kind,
            ]),
          ),
        ({ rowCount }) => (rowCount ?? 0) > 0,
        20_000,
      );
      await progressOf(app, team.teamId, kind);
    }
    expect(await shown(team, id)).toMatchObject(gone);
    expect((await team.admin.get<object[]>(`${certn}/discrepancies`)).body).toEqual([]);
    expect(await rowsWith(app.databaseUrl, [caseId, shortId])).toEqual([]);
  }, 90_000);

  it('waits a week before it removes anything: after it was set, after it became stricter, after a hold', async () => {
    const { id, person } = await completed('2 years');
    await team.admin.put(rule, { months: 6 });
    const [first] = await due();
    expect(first?.id).toBe(id);
    expect(Date.parse(first?.due_on ?? '') - Date.now()).toBeGreaterThan(6.9 * dayMs);
    await resultRuleSince(app, team.teamId, '8 days');
    for (const held of [true, false]) await team.admin.put(`/candidates/${person.candidateId}/legal_hold`, { held });
    const [second] = await due();
    expect(Date.parse(second?.due_on ?? '') - Date.now()).toBeGreaterThan(6.9 * dayMs);
  });

  it('waits for a case that became active again before we knew, and shows it', async () => {
    await ruleOfSixMonths();
    const { id, caseId } = await completed();
    const other = await completed();
    const alive = `update integrations.vendor_case set state = $2 where order_id = $1`;
    await withDatabase(app, (db) => db.query(alive, [id, 'in_dispute']));
    await theRunRemoves(other);
    expect(await removedAt(id)).toBeNull();
    const failures = await team.admin.get<object[]>(`${rule}/failures`);
    expect(failures.body).toMatchObject([{ id, tries: 1, package: 'Basic' }]);
    expect((await sandbox.control.case(caseId)).overall_status).toBe('COMPLETE');
    await withDatabase(app, (db) => db.query(alive, [id, 'complete']));
    await withDatabase(app, (db) =>
      db.query(
        `update background_checks.removal_failure set next_try_at = now() - interval '1 second' where check_id = $1`,
        [id],
      ),
    );
    await resultRunIsDue(app, team.teamId);
    await isRemoved(id);
    expect((await team.admin.get<object[]>(`${rule}/failures`)).body).toEqual([]);
  }, 60_000);

  it('does not block anonymising; the proof then counts a completed check', async () => {
    await ruleOfSixMonths();
    const { id, person, ...more } = await completed();
    await theRunRemoves({ id, person, ...more });
    await anonymise(team, person);
    const [proof] = await eventually(
      'the check is counted',
      () => proofsOf(team, person.candidateId),
      ([first]) => (first?.checks.length ?? 0) > 0,
    );
    expect(proof?.checks).toEqual([{ package: 'Basic', outcome: 'complete', count: 1 }]);
    expect((await team.admin.get<object[]>('/removed_results')).body).toEqual([]);
  }, 60_000);
});
