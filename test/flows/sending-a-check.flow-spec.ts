import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, type Answer } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aCandidate,
  aCertnItem,
  aJob,
  anApplication,
  aSentCheck,
  aStage,
  type Check,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  send,
} from '../support/fixtures.js';

interface FullCheck extends Check {
  package: { id: string; name: string };
  sent_to: string;
  result: string | null;
  job_stage_item_id: string;
  failure: { reason: string; message: string } | null;
  available_actions: string[];
  status_label: string;
  requested_by: { id: string; name: string };
  requested_at: string;
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('sending a background check', () => {
  it('places one order at Certn, whose invitation goes to the candidate [R-71, R-72, R-80]', async () => {
    const email = anAddress();
    const ready = await readyToSend(team, { email });
    const sent = (await send(team.admin, ready)) as unknown as Answer<FullCheck>;
    expect(sent.status).toBe(201);
    expect(sent.body).toMatchObject({
      application_id: ready.applicationId,
      candidate_id: ready.candidateId,
      job_id: ready.jobId,
      job_stage_item_id: ready.itemId,
      package: { id: team.packageId, name: 'Basic' },
      sent_to: email,
      status: 'requested',
      status_label: 'Sending',
      result: null,
      vendor: { case_id: null, short_id: null, status: null, score: null, portal_url: null, environment: null },
      results_url: null,
      requested_by: { id: team.admin.id },
      failure: null,
      replaces_id: null,
      replaced_by_id: null,
      available_actions: ['cancel'],
    });
    expect(sent.body.requested_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const invited = await reaches(team, sent.body.id, 'invited');
    expect(invited.vendor.status).toBe('APPLICANT_INVITED');
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
    expect(await sandbox.control.mailbox({ email })).toMatchObject([{ kind: 'invitation' }]);
  });

  it('works in any stage, also for a candidate who was there before the activity was added [R-60, R-61, R-62]', async () => {
    const jobId = await aJob(team.admin);
    const first = await aStage(team.admin, jobId, 'Phone screen');
    const application = await anApplication(team.admin, await aCandidate(team.admin), jobId);
    const itemId = await aCertnItem(team.admin, await aStage(team.admin, jobId, 'Background check'), team.packageId);
    const at = await team.admin.get<{ current_stage: { id: string } }>(`/applications/${application}`);
    expect(at.body.current_stage.id).toBe(first);
    const sent = await send(team.admin, { applicationId: application, itemId });
    expect(sent.status).toBe(201);
    await reaches(team, sent.body.id, 'invited');
  });

  it.each(['rejected', 'hired'])('is refused for an application that is %s [R-63]', async (status) => {
    const ready = await readyToSend(team);
    await team.admin.patch(`/applications/${ready.applicationId}`, { status });
    expect(await send(team.admin, ready)).toMatchObject({ status: 409, body: { reason: 'application_not_active' } });
    await team.admin.patch(`/applications/${ready.applicationId}`, { status: 'active' });
    expect((await send(team.admin, ready)).status).toBe(201);
  });

  it("orders the activity's package or another one, and keeps what was ordered [R-68, R-69, R-47]", async () => {
    const other = team.packages[1] ?? { id: '', name: '' };
    const ready = await readyToSend(team);
    const sent = (await send(team.admin, ready, { package_id: other.id })) as unknown as Answer<FullCheck>;
    expect(sent.body.package).toEqual(other);
    const stages = await team.admin.get<{ items: { id: string; package: { id: string } }[] }[]>(
      `/jobs/${ready.jobId}/stages`,
    );
    const item = stages.body.flatMap((stage) => stage.items).find(({ id }) => id === ready.itemId);
    expect(item?.package.id).toBe(team.packageId);
    const ledger = await eventually(
      'the order is at Certn',
      () => sandbox.control.ledger({ email: sent.body.sent_to }),
      (lines) => lines.length === 1,
    );
    expect(ledger[0]?.package).toBe(other.id);
  });

  it('is refused with a package that the account does not have [R-70]', async () => {
    const ready = await readyToSend(team);
    const refused = await send(team.admin, ready, { package_id: 'no-such-package' });
    expect(refused).toMatchObject({
      status: 422,
      body: { reason: 'package_unavailable', errors: { json: { package_id: [expect.any(String)] } } },
    });
  });

  it('is refused for a candidate without an address, and nothing reaches Certn [R-73]', async () => {
    const before = (await sandbox.control.ledger({ account: team.account.id })).length;
    const ready = await readyToSend(team, { email: null });
    expect(await send(team.admin, ready)).toMatchObject({ status: 422, body: { reason: 'candidate_email_missing' } });
    expect(await sandbox.control.ledger({ account: team.account.id })).toHaveLength(before);
  });

  it('places one order for fifty simultaneous requests; the others learn which check is in progress [R-75]', async () => {
    const email = anAddress();
    const ready = await readyToSend(team, { email });
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(team.admin, ready)));
    const sent = answers.filter(({ status }) => status === 201);
    expect(sent).toHaveLength(1);
    const id = sent[0]?.body.id ?? '';
    for (const { status, body } of answers.filter((answer) => answer.status !== 201)) {
      expect([status, body]).toMatchObject([
        409,
        { reason: 'check_in_progress', errors: { json: { background_check_id: [id] } } },
      ]);
    }
    await reaches(team, id, 'invited');
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
  });

  it('creates a new check once the previous one has ended [R-75]', async () => {
    const check = await aSentCheck(team);
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
    const again = await send(team.admin, check);
    expect(again.status).toBe(201);
    expect(again.body.id).not.toBe(check.id);
  });

  it('applies to one application and activity; another application of the same person does not show it [R-74]', async () => {
    const check = await aSentCheck(team);
    const another = await readyToSend(team);
    const applicationId = await anApplication(team.admin, check.candidateId, another.jobId);
    const plan = await team.admin.get<{ items: { can_send: boolean; background_checks: object[] }[] }[]>(
      `/applications/${applicationId}/interview_plan`,
    );
    const items = plan.body.flatMap((stage) => stage.items);
    expect(items).toMatchObject([{ can_send: true, background_checks: [] }]);
  });

  it('shows a refusal by Certn with its reason, and never as sent [R-76]', async () => {
    await sandbox.control.fault({
      account: team.account.id,
      route: 'order-package',
      kind: 'status',
      status: 422,
      times: 1,
      body: { detail: 'This package needs an approval.' },
    });
    const ready = await readyToSend(team);
    const { id } = (await send(team.admin, ready)).body;
    const refused = (await reaches(team, id, 'not_sent')) as FullCheck;
    expect(refused.failure).toMatchObject({ reason: 'refused_by_vendor' });
    expect(refused.failure?.message).toBeTruthy();
    expect(refused.vendor.case_id).toBeNull();
    const again = await send(team.admin, ready);
    expect(again.status).toBe(201);
  });

  it('is refused while Certn is not connected, disabled, or rejects our key [R-77]', async () => {
    const other = await connectedTeam(app, sandbox);
    const ready = await readyToSend(other);
    expect((await other.admin.delete('/integrations/certn')).status).toBe(204);
    expect(await send(other.admin, ready)).toMatchObject({ status: 409, body: { reason: 'integration_not_enabled' } });
  });

  it('reports refusals in the order of the contract, and 422 for invalid fields in the body', async () => {
    const ready = await readyToSend(team, { email: null });
    const elsewhere = await readyToSend(team);
    for (const itemId of ['nonsense', '018f0000-0000-7000-8000-000000000000', elsewhere.itemId]) {
      expect(await send(team.admin, { ...ready, itemId })).toMatchObject({
        status: 422,
        body: { reason: 'unknown_reference', errors: { json: { job_stage_item_id: [expect.any(String)] } } },
      });
    }
    expect(await send(team.admin, ready, { status: 'complete' })).toMatchObject({
      status: 422,
      body: { errors: { json: { status: [expect.any(String)] } } },
    });
    await team.admin.patch(`/applications/${ready.applicationId}`, { status: 'rejected' });
    const wrong = await send(team.admin, ready, { package_id: 'no-such-package' });
    expect(wrong.body).toMatchObject({ reason: 'application_not_active' });
  });

  it('requires the right to send on that job; a denial is in the audit log [R-07]', async () => {
    const ready = await readyToSend(team);
    const limited = await aColleague(team.admin, 'limited');
    expect((await send(limited, ready)).status).toBe(404);
    await team.admin.put(`/jobs/${ready.jobId}/permissions`, [{ user_id: limited.id, permissions: ['view_results'] }]);
    const refused = await send(limited, ready, { nonsense: true });
    expect(refused).toMatchObject({ status: 403, body: { reason: 'not_allowed' } });
    const log = await team.admin.get<object[]>(`/audit_log?action=background_check.send&actor_id=${limited.id}`);
    expect(log.body).toMatchObject([{ outcome: 'refused', entity: 'application', entity_id: ready.applicationId }]);
    await team.admin.put(`/jobs/${ready.jobId}/permissions`, [{ user_id: limited.id, permissions: ['send_checks'] }]);
    expect((await send(limited, ready)).status).toBe(201);
  });

  it('is in the audit log, as are its refusals', async () => {
    const ready = await readyToSend(team);
    const { id } = (await send(team.admin, ready)).body;
    await send(team.admin, ready);
    const done = await team.admin.get<object[]>(`/audit_log?entity=background_check&entity_id=${id}`);
    expect(done.body).toMatchObject([{ action: 'background_check.send', outcome: 'done' }]);
    const tried = `/audit_log?action=background_check.send&entity_id=${ready.applicationId}`;
    const refused = await team.admin.get<object[]>(tried);
    expect(refused.body).toMatchObject([{ action: 'background_check.send', outcome: 'refused' }]);
  });
});

let count = 0;
const anAddress = (): string => `grace-${Date.now().toString(36)}-${(count += 1)}@example.org`;
