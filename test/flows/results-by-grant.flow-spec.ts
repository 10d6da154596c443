import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aCertnItem,
  anApplication,
  aSentCheck,
  aStage,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  send,
} from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

interface Job {
  id: string;
  capabilities: string[];
}
interface ShownCheck {
  application_id: string;
  job_id: string;
  result: string | null;
  results_url: string | null;
  vendor: { score: string | null };
}
interface Refusal {
  reason: string;
  message: string;
}

const permit = (person: Person, jobId: string, grants: [Person, string[]][]) =>
  person.put<Refusal>(
    `/jobs/${jobId}/permissions`,
    grants.map(([{ id }, permissions]) => ({ user_id: id, permissions })),
  );

/** A job that the person created, with a candidate of another job whose check is complete. */
async function aJobOfTheirOwn(maker: Person, candidateId: string): Promise<{ job: Job; checkId: string }> {
  const job = (await maker.post<Job>('/jobs', { name: 'Created for its results' })).body;
  const stageId = await aStage(maker, job.id, 'Background check');
  const itemId = await aCertnItem(maker, stageId, team.packageId);
  const applicationId = await anApplication(maker, candidateId, job.id);
  const { id } = (await send(maker, { applicationId, itemId })).body;
  const caseId = (await reaches(team, id, 'invited')).vendor.case_id ?? '';
  await completes(team, caseId, 'REJECT');
  await reaches(team, id, 'complete');
  return { job, checkId: id };
}

/** Every way to learn how a check ended. */
async function whatIsLearned(person: Person, checkId: string): Promise<unknown> {
  const check = (await person.get<ShownCheck>(`/background_checks/${checkId}`)).body;
  const plan = (await person.get(`/applications/${check.application_id}/interview_plan`)).body;
  return {
    inTheCheck: [check.result, check.vendor.score, check.results_url],
    inThePlan: /"result":"(?!null)/.test(JSON.stringify(plan)),
    inTheHistory: JSON.stringify((await person.get(`/background_checks/${checkId}/history`)).body).includes('"reject"'),
    byAFilter: (await person.get<unknown[]>(`/background_checks?result=reject&job_id=${check.job_id}`)).body.length,
    inTheReport: (await person.get(`/background_checks/${checkId}/results`)).status,
  };
}
const nothing = {
  inTheCheck: [null, null, null],
  inThePlan: false,
  inTheHistory: false,
  byAFilter: 0,
  inTheReport: 403,
};

describe('A user without the right to results', () => {
  it('sees none on a job that they created, and none of the first job', async () => {
    const first = await aSentCheck(team);
    await completes(team, first.caseId, 'REJECT');
    await reaches(team, first.id, 'complete');
    const maker = await aColleague(team.admin, 'standard');
    const { job, checkId } = await aJobOfTheirOwn(maker, first.candidateId);
    expect(job.capabilities).not.toContain('view_background_check_results');
    expect((await maker.get<Job>(`/jobs/${job.id}`)).body.capabilities).toEqual(job.capabilities);
    expect(await whatIsLearned(maker, checkId)).toEqual(nothing);
    expect(await whatIsLearned(maker, first.id)).toEqual(nothing);
    // Users with the right see the result on the new job.
    expect((await team.admin.get<ShownCheck>(`/background_checks/${checkId}`)).body.result).toBe('reject');
  });

  it('cannot grant the right to themself or to others, neither alone nor among other rights', async () => {
    const [maker, colleague] = [await aColleague(team.admin, 'standard'), await aColleague(team.admin, 'limited')];
    const { id } = (await maker.post<Job>('/jobs', { name: 'Job' })).body;
    const attempts: [Person, string[]][][] = [
      [[maker, ['manage', 'view_results']]],
      [[maker, ['view_results']]],
      [
        [maker, ['manage']],
        [colleague, ['view_results']],
      ],
      [
        [colleague, ['manage', 'send_checks', 'view_results']],
        [maker, ['manage']],
      ],
    ];
    for (const grants of attempts) {
      const refused = await permit(maker, id, grants);
      expect([refused.status, refused.body.reason]).toEqual([403, 'not_allowed']);
      expect(refused.body.message).toContain('ask an admin');
    }
    expect((await maker.get(`/jobs/${id}/permissions`)).body).toEqual([{ user_id: maker.id, permissions: ['manage'] }]);
    const kept = await team.admin.get<{ outcome: string }[]>(`/audit_log?action=permissions.replace&entity_id=${id}`);
    expect(kept.body.map(({ outcome }) => outcome)).toEqual(attempts.map(() => 'refused'));
  });

  it('can grant rights that they have, and leaves grants by an admin as they are', async () => {
    const [maker, reader, helper] = [
      await aColleague(team.admin, 'standard'),
      await aColleague(team.admin, 'limited'),
      await aColleague(team.admin, 'limited'),
    ];
    const { id } = (await maker.post<Job>('/jobs', { name: 'Job' })).body;
    await permit(team.admin, id, [
      [maker, ['manage']],
      [reader, ['view_results']],
    ]);
    const asMaker = await permit(maker, id, [
      [maker, ['manage']],
      [reader, ['view_results', 'send_checks']],
      [helper, ['manage', 'send_checks']],
    ]);
    expect(asMaker.status).toBe(200);
    // They cannot grant a right again that they took away.
    expect((await permit(maker, id, [[maker, ['manage']]])).status).toBe(200);
    expect((await permit(maker, id, [[reader, ['view_results']]])).status).toBe(403);
  });

  it('gets no results through the right to manage a job, nor through former admin rights', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    const manager = await aColleague(team.admin, 'limited');
    await permit(team.admin, check.jobId, [[manager, ['manage']]]);
    expect(await whatIsLearned(manager, check.id)).toEqual(nothing);

    const formerAdmin = await aColleague(team.admin, 'admin');
    const own = await aJobOfTheirOwn(formerAdmin, check.candidateId);
    expect(await whatIsLearned(formerAdmin, own.checkId)).toMatchObject({ inTheReport: 200 });
    await team.admin.patch(`/users/${formerAdmin.id}`, { access_level: 'standard' });
    expect(await whatIsLearned(formerAdmin, own.checkId)).toEqual(nothing);
  });
});

describe('A user with the right to results on a job', () => {
  it('can grant it there to others if they also manage the job', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    const [lead, colleague] = [await aColleague(team.admin, 'limited'), await aColleague(team.admin, 'limited')];
    await permit(team.admin, check.jobId, [[lead, ['manage', 'view_results']]]);
    const granted = await permit(lead, check.jobId, [
      [lead, ['manage', 'view_results']],
      [colleague, ['view_results']],
    ]);
    expect(granted.status).toBe(200);
    expect(await whatIsLearned(colleague, check.id)).toMatchObject({ inTheReport: 200, byAFilter: 1 });
  });
});
