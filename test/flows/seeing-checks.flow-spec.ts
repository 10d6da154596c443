import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aCertnItem,
  aJob,
  aSentCheck,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  type ReadyToSend,
  send,
} from '../support/fixtures.js';

interface FullCheck {
  id: string;
  status: string;
  result: string | null;
  results_url: string | null;
  available_actions: string[];
}

interface PlanItem {
  id: string;
  type: string;
  display_name: string;
  deleted_at: string | null;
  package: { id: string; name: string; available: boolean } | null;
  can_send: boolean;
  cannot_send_reason: string | null;
  background_checks: FullCheck[];
}

interface PlanStage {
  name: string;
  is_current: boolean;
  deleted_at: string | null;
  items: PlanItem[];
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
let complete: { id: string; caseId: string } & ReadyToSend;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  complete = await aSentCheck(team);
  await completes(team, complete.caseId, 'REJECT');
  await reaches(team, complete.id, 'complete');
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const list = async (person: Person, query = ''): Promise<FullCheck[]> =>
  (await person.get<FullCheck[]>(`/background_checks${query}`)).body;
const ids = async (person: Person, query = ''): Promise<string[]> => (await list(person, query)).map(({ id }) => id);

async function plan(person: Person, applicationId: string): Promise<PlanStage[]> {
  const answer = await person.get<PlanStage[]>(`/applications/${applicationId}/interview_plan`);
  expect(answer.status).toBe(200);
  return answer.body;
}
const itemOf = (stages: PlanStage[], itemId: string): PlanItem | undefined =>
  stages.flatMap(({ items }) => items).find(({ id }) => id === itemId);

describe('the visibility of a check', () => {
  it('includes the status for users who see the job; results need their own right [R-82, F2]', async () => {
    const standard = await aColleague(team.admin, 'standard');
    const masked = await standard.get(`/background_checks/${complete.id}`);
    expect(masked.body).toMatchObject({
      status: 'complete',
      result: null,
      result_label: null,
      results_url: null,
      vendor: { case_id: complete.caseId, status: 'COMPLETE', score: null },
      available_actions: ['refresh'],
    });
    expect((await standard.get(`/background_checks/${complete.id}/results`)).status).toBe(403);
    const seen = await team.admin.get(`/background_checks/${complete.id}`);
    expect(seen.body).toMatchObject({ result: 'reject', result_label: 'Reject', vendor: { score: 'REJECT' } });
  });

  it('hides the result in the history, but not that there was one [F2]', async () => {
    const standard = await aColleague(team.admin, 'standard');
    const { body } = await standard.get<{ kind: string; to: string | null }[]>(
      `/background_checks/${complete.id}/history`,
    );
    expect(body.at(-1)).toMatchObject({ kind: 'result_changed', from: null, to: null });
    expect(JSON.stringify(body)).not.toContain('reject');
  });

  it('limits a filter by result to checks whose results the caller may see [F2]', async () => {
    const standard = await aColleague(team.admin, 'standard');
    const query = `?result=reject&application_id=${complete.applicationId}`;
    expect(await ids(team.admin, query)).toEqual([complete.id]);
    expect(await ids(standard, query)).toEqual([]);
    const granted = [{ user_id: standard.id, permissions: ['view_results'] }];
    await team.admin.put(`/jobs/${complete.jobId}/permissions`, granted);
    expect(await ids(standard, query)).toEqual([complete.id]);
    expect(await ids(standard, `?result=clear&application_id=${complete.applicationId}`)).toEqual([]);
  });

  it('is 404 everywhere for another team and a hidden job, as for an unknown id [F1]', async () => {
    const stranger = (await aTeam(app)).admin;
    const limited = await aColleague(team.admin, 'limited');
    for (const person of [stranger, limited]) {
      for (const path of ['', '/history', '/results']) {
        expect((await person.get(`/background_checks/${complete.id}${path}`)).status).toBe(404);
      }
      for (const verb of ['cancel', 'refresh']) {
        expect((await person.post(`/background_checks/${complete.id}/${verb}`)).status).toBe(404);
      }
      expect(await ids(person)).toEqual([]);
    }
    expect((await team.admin.get('/background_checks/nonsense')).status).toBe(404);
  });

  it('does not allow cancelling without the right to send', async () => {
    const check = await aSentCheck(team);
    const limited = await aColleague(team.admin, 'limited');
    const granted = [{ user_id: limited.id, permissions: ['view_results'] }];
    await team.admin.put(`/jobs/${check.jobId}/permissions`, granted);
    expect((await limited.post(`/background_checks/${check.id}/cancel`)).status).toBe(403);
    const seen = await limited.get<FullCheck>(`/background_checks/${check.id}`);
    expect(seen.body.available_actions).toEqual(['refresh']);
  });

  it('excludes own checks, whatever the access level', async () => {
    const themself = await aColleague(team.admin, 'admin', { linked_candidate_ids: [complete.candidateId] });
    expect((await themself.get(`/background_checks/${complete.id}`)).status).toBe(404);
    expect((await themself.post(`/background_checks/${complete.id}/refresh`)).status).toBe(404);
    expect(await ids(themself, `?application_id=${complete.applicationId}`)).toEqual([]);
    const item = itemOf(await plan(themself, complete.applicationId), complete.itemId);
    expect(item).toMatchObject({ can_send: false, cannot_send_reason: 'not_allowed', background_checks: [] });
    expect((await send(themself, complete, { nonsense: 1 })).status).toBe(403);
  });
});

describe('the list of checks', () => {
  it('is newest first and has filters, where repeated values mean any of them', async () => {
    const first = await aSentCheck(team);
    const second = await aSentCheck(team);
    const both = `?application_id=${first.applicationId}&application_id=${second.applicationId}`;
    expect(await ids(team.admin, both)).toEqual([second.id, first.id]);
    expect(await ids(team.admin, `${both}&status=complete`)).toEqual([]);
    expect(await ids(team.admin, `${both}&status=complete&status=invited&per_page=1&page=2`)).toEqual([first.id]);
    expect(await ids(team.admin, `?job_id=${first.jobId}`)).toEqual([first.id]);
    expect(await ids(team.admin, `?candidate_id=${second.candidateId}&package_id=${team.packageId}`)).toEqual([
      second.id,
    ]);
    expect(await ids(team.admin, '?candidate_id=nonsense')).toEqual([]);
    const { headers } = await team.admin.get(`/background_checks${both}&per_page=1`);
    expect([headers.get('x-total-count'), headers.get('link')]).toEqual(['2', expect.stringContaining('rel="next"')]);
  });

  it.each(['?status=nonsense', '?result=nonsense', '?colour=red', '?per_page=501'])('refuses %s', async (query) => {
    expect((await team.admin.get(`/background_checks${query}`)).status).toBe(422);
  });
});

describe('the Application tab', () => {
  it('shows every stage of the plan with its checks, whatever the stage of the candidate [R-65, R-66, R-80]', async () => {
    const check = await aSentCheck(team);
    const stages = await plan(team.admin, check.applicationId);
    expect(stages.map(({ name, is_current }) => [name, is_current])).toEqual([
      ['Phone screen', true],
      ['Background check', false],
    ]);
    const read = await team.admin.get(`/background_checks/${check.id}`);
    expect(itemOf(stages, check.itemId)).toEqual({
      id: check.itemId,
      type: 'background_check',
      vendor: 'certn',
      vendor_name: 'Certn',
      display_name: 'Send Certn background check',
      deleted_at: null,
      package: { id: team.packageId, name: 'Basic', available: true },
      can_send: false,
      cannot_send_reason: 'check_in_progress',
      background_checks: [read.body],
    });
  });

  it('says why a check cannot be sent, in the order of the refusals [R-63, R-73, R-77]', async () => {
    const ready = await readyToSend(team, { email: null });
    const reason = async (person = team.admin) => {
      const item = itemOf(await plan(person, ready.applicationId), ready.itemId);
      return item?.can_send ? 'can send' : item?.cannot_send_reason;
    };
    expect(await reason()).toBe('candidate_email_missing');
    await team.admin.patch(`/candidates/${ready.candidateId}`, {
      email_addresses: [{ value: `plan-${Date.now()}@example.org`, is_primary: true }],
    });
    expect(await reason()).toBe('can send');
    await team.admin.patch(`/applications/${ready.applicationId}`, { status: 'rejected' });
    expect(await reason()).toBe('application_not_active');
    const limited = await aColleague(team.admin, 'limited');
    const granted = [{ user_id: limited.id, permissions: ['view_results'] }];
    await team.admin.put(`/jobs/${ready.jobId}/permissions`, granted);
    expect(await reason(limited)).toBe('not_allowed');
  });

  it('allows no send once Certn is disconnected [R-77]', async () => {
    const other = await connectedTeam(app, sandbox);
    const ready = await readyToSend(other);
    await other.admin.delete('/integrations/certn');
    const item = itemOf(await plan(other.admin, ready.applicationId), ready.itemId);
    expect(item).toMatchObject({ can_send: false, cannot_send_reason: 'integration_not_enabled' });
  });

  it('shows a removed activity only where checks were sent from it [R-47]', async () => {
    const check = await aSentCheck(team);
    const unused = await aCertnItem(team.admin, check.stageId, team.packageId);
    for (const itemId of [check.itemId, unused]) {
      expect((await team.admin.delete(`/job_stage_items/${itemId}`)).status).toBe(204);
    }
    const stages = await plan(team.admin, check.applicationId);
    expect(itemOf(stages, unused)).toBeUndefined();
    expect(itemOf(stages, check.itemId)).toMatchObject({
      deleted_at: expect.any(String) as string,
      can_send: false,
      cannot_send_reason: 'item_deleted',
      background_checks: [{ id: check.id }],
    });
    expect((await team.admin.delete(`/job_stages/${check.stageId}`)).status).toBe(204);
    const after = await plan(team.admin, check.applicationId);
    expect(after.find(({ items }) => items.some(({ id }) => id === check.itemId))?.deleted_at).not.toBeNull();
    expect((await team.admin.get(`/background_checks/${check.id}`)).status).toBe(200);
  });

  it('shows interviews beside checks, with nothing to send', async () => {
    const ready = await readyToSend(team);
    const interview = await team.admin.post<{ id: string }>(`/job_stages/${ready.stageId}/items`, {
      type: 'interview',
      name: 'Onsite',
    });
    expect(itemOf(await plan(team.admin, ready.applicationId), interview.body.id)).toMatchObject({
      type: 'interview',
      display_name: 'Onsite',
      package: null,
      can_send: false,
      cannot_send_reason: null,
      background_checks: [],
    });
    expect(await send(team.admin, { ...ready, itemId: interview.body.id })).toMatchObject({
      status: 422,
      body: { reason: 'unknown_reference' },
    });
  });

  it('is 404 for an application that the caller does not see', async () => {
    const limited = await aColleague(team.admin, 'limited');
    const jobId = await aJob(team.admin);
    const ready = await readyToSend(team, { jobId });
    expect((await limited.get(`/applications/${ready.applicationId}/interview_plan`)).status).toBe(404);
  });
});
