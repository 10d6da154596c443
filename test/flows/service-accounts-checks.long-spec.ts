import { type RunningApp, startApp } from '../support/app.js';
import { aMachine, type Machine } from '../support/machines.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
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
let sandbox: Sandbox;
let team: ConnectedTeam;
let rejected: Awaited<ReturnType<typeof aSentCheck>>;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
  rejected = await aSentCheck(team);
  await completes(team, rejected.caseId, 'REJECT');
  await reaches(team, rejected.id, 'complete');
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

interface ShownCheck {
  id: string;
  result: string | null;
  results_url: string | null;
  available_actions: string[];
  requested_by: Record<string, unknown>;
  vendor: { score: string | null };
}

const all = ['background_checks:read', 'background_checks:send', 'results:read'];
const withoutResults = ['background_checks:read', 'background_checks:send', 'integrations:read', 'applications:read'];

/** Every way to learn how a check ended. */
async function whatIsLearned(machine: Machine): Promise<Record<string, unknown>> {
  const { body: check } = await machine.get<ShownCheck>(`/background_checks/${rejected.id}`);
  const text = async (path: string) => JSON.stringify((await machine.get(path)).body);
  const shows = async (path: string) => /"(reject|REJECT)"/.test(await text(path));
  const found = async (query: string) => (await machine.get<unknown[]>(`/background_checks?${query}`)).body.length > 0;
  return {
    inTheCheck: check.result !== null || check.vendor.score !== null || check.results_url !== null,
    inActions: check.available_actions?.includes('open_results'),
    inTheList: await shows('/background_checks'),
    inThePlan: await shows(`/applications/${rejected.applicationId}/interview_plan`),
    inTheHistory: await shows(`/background_checks/${rejected.id}/history`),
    byAFilter: await found('result=reject'),
    byAFilterOfTheJob: await found(`result=reject&job_id=${rejected.jobId}`),
    inTheReport: (await machine.get(`/background_checks/${rejected.id}/results`)).status === 200,
    inTheAuditLog: (await machine.get('/audit_log')).status === 200,
  };
}
const learned = (is: boolean) => ({
  ...{ inTheCheck: is, inActions: is, inTheList: is, inThePlan: is, inTheHistory: is, byAFilter: is },
  ...{ byAFilterOfTheJob: is, inTheReport: is, inTheAuditLog: false },
});
const permit = (machine: Person, permissions: string[]) =>
  team.admin.put(`/jobs/${rejected.jobId}/permissions`, [{ user_id: machine.id, permissions }]);

describe('Results are shown to a service account', () => {
  it('with the scope and the right of an admin, and not without the scope', async () => {
    expect(await whatIsLearned(await aMachine(team.admin, { scopes: all }))).toEqual(learned(true));
    expect(await whatIsLearned(await aMachine(team.admin, { scopes: withoutResults }))).toEqual(learned(false));
  });

  it('with the scope and the permission on the job, and not with either alone', async () => {
    const machine = await aMachine(team.admin, { access_level: 'standard', scopes: all });
    expect(await whatIsLearned(machine)).toEqual(learned(false));
    await permit(machine, ['view_results']);
    expect(await whatIsLearned(machine)).toEqual(learned(true));
    await team.admin.patch(`/service_accounts/${machine.id}`, { scopes: withoutResults });
    expect(await whatIsLearned(machine)).toEqual(learned(false));
  });

  it('never about a candidate who is one of the admins that made it', async () => {
    const self = await aColleague(team.admin, 'admin', { linked_candidate_ids: [rejected.candidateId] });
    const theirs = await aMachine(self, { scopes: all });
    const others = await aMachine(team.admin, { scopes: all });
    const status = async (machine: Machine) => (await machine.get(`/background_checks/${rejected.id}`)).status;
    expect([await status(theirs), await status(others)]).toEqual([404, 200]);
    // Whoever makes a key knows it.
    await self.post(`/service_accounts/${others.id}/keys`, { expires_in_days: 1 });
    expect(await status(others)).toBe(404);
  });
});

describe('Live updates of a service account', () => {
  it('have results with the scope alone, and end with the scope to read checks', async () => {
    const reader = await aMachine(team.admin, { scopes: ['background_checks:read'] });
    const [seeing, blind] = [
      await UpdateListener.start(await aMachine(team.admin, { scopes: all })),
      await UpdateListener.start(reader),
    ];
    const { id, caseId } = await aSentCheck(team);
    await completes(team, caseId, 'REJECT');
    const results = (heard: { result: string | null }[]) => heard.some(({ result }) => result !== null);
    expect(results(await seeing.hears(id, 'complete'))).toBe(true);
    expect(results(await blind.hears(id, 'complete'))).toBe(false);
    expect(blind.about(id).some(({ results_url: url }) => url !== null)).toBe(false);

    await team.admin.patch(`/service_accounts/${reader.id}`, { scopes: ['jobs:read'] });
    const next = await aSentCheck(team);
    await seeing.hears(next.id, 'invited');
    expect(blind.about(next.id)).toEqual([]);
    for (const listener of [seeing, blind]) listener.close();
  });
});

describe('A check that a service account sent', () => {
  it('names it, with its kind, in the check, its history and the audit log, also once it is deleted', async () => {
    const machine = await aMachine(team.admin, { name: 'Hourly sender', access_level: 'standard', scopes: all });
    const { body } = await send(machine, await readyToSend(team));
    const account = { id: machine.id, name: 'Hourly sender', kind: 'service_account' };
    await team.admin.delete(`/service_accounts/${machine.id}`);
    const check = (await team.admin.get<ShownCheck>(`/background_checks/${body.id}`)).body;
    expect(check.requested_by).toEqual(account);
    const history = await team.admin.get<{ by: unknown }[]>(`/background_checks/${body.id}/history`);
    expect(history.body[0]?.by).toEqual(account);
    const log = await team.admin.get(`/audit_log?entity_id=${body.id}&action=background_check.send`);
    expect(log.body).toMatchObject([{ actor: account }]);
    expect((await team.admin.get<ShownCheck>(`/background_checks/${rejected.id}`)).body.requested_by).toMatchObject({
      ...{ id: team.admin.id, kind: 'user' },
    });
  });

  it('is not sent without the scope, nor on a job where its level does not allow it', async () => {
    const ready = await readyToSend(team);
    const reader = await aMachine(team.admin, { scopes: ['background_checks:read', 'applications:write'] });
    expect(await send(reader, ready)).toMatchObject({ status: 403, body: { reason: 'scope_missing' } });
    const limited = await aMachine(team.admin, { access_level: 'limited', scopes: all });
    expect((await send(limited, ready)).status).toBe(404);
  });

  it('is decided by people only', async () => {
    const machine = await aMachine(team.admin);
    const decided = await machine.post(`/background_checks/${rejected.id}/decide`, { send_again: true });
    expect(decided).toMatchObject({ status: 403, body: { reason: 'scope_missing' } });
  });
});
