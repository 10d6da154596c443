import { type RunningApp, startApp } from '../support/app.js';
import { act, anExpiredCheck, auditOf, historyOf, shown, type ShownCheck, shows } from '../support/checks.js';
import { aColleague } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  type ReadyToSend,
  send,
} from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ORDER_TIMEOUT_MS: '500' } });
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('sending a check again', () => {
  it('creates a new check with the same package and activity; the old one names its successor', async () => {
    const old = await anExpiredCheck(team);
    const sent = await act(team.admin, old.id, 'resend', {});
    expect(sent.status).toBe(201);
    const { sent_to, package: ordered } = await shown(team, old.id);
    expect(sent.body).toMatchObject({
      ...{ status: 'requested', replaces_id: old.id, replaced_by_id: null, sent_to, package: ordered },
      ...{ application_id: old.applicationId, job_stage_item_id: old.itemId, requested_by: { id: team.admin.id } },
    });
    await reaches(team, sent.body.id, 'invited');
    expect(await sandbox.control.ledger({ email: sent_to })).toHaveLength(2);
    expect(await shown(team, old.id)).toMatchObject({
      ...{ status: 'expired', replaced_by_id: sent.body.id, available_actions: ['refresh'] },
    });
    const resent = (await historyOf(team, old.id)).at(-1);
    expect(resent).toMatchObject({ kind: 'resent', from: null, to: null, by: { id: team.admin.id }, source: 'user' });
    expect(await auditOf(team, old.id, 'resend')).toMatchObject([
      { outcome: 'done', actor: { id: team.admin.id }, to: { replaced_by_id: sent.body.id, email_corrected: false } },
    ]);
  });

  it('uses a corrected address for this check only [R-72]', async () => {
    const old = await aCheckThatBounced();
    const email = anAddress('right');
    const sent = await act(team.admin, old.id, 'resend', { email: `  ${email} ` });
    expect([sent.status, sent.body]).toMatchObject([201, { sent_to: email, replaces_id: old.id }]);
    await reaches(team, sent.body.id, 'invited');
    expect(await sandbox.control.mailbox({ email })).toMatchObject([{ kind: 'invitation' }]);
    const candidate = await team.admin.get<{ email_addresses: { value: string }[] }>(`/candidates/${old.candidateId}`);
    expect(candidate.body.email_addresses.map(({ value }) => value)).toEqual([(await shown(team, old.id)).sent_to]);
    const line = (await auditOf(team, old.id, 'resend'))[0];
    expect(line?.to).toMatchObject({ email_corrected: true });
    expect(JSON.stringify(line)).not.toContain(email);
  });

  it("uses the candidate's current address when none is given [R-72]", async () => {
    const old = await aCheckThatBounced();
    const email = anAddress('moved');
    await team.admin.patch(`/candidates/${old.candidateId}`, { email_addresses: [{ value: email, is_primary: true }] });
    expect((await act(team.admin, old.id, 'resend')).body).toMatchObject({ sent_to: email });
  });

  it.each([['no-address'], ['a@b'], [''], ['a b@example.org'], [null], [7]])(
    'is refused to %j [R-73]',
    async (email) => {
      const old = await anExpiredCheck(team);
      const refused = await act(team.admin, old.id, 'resend', { email });
      expect(refused).toMatchObject({ status: 422, body: { errors: { json: { email: [expect.any(String)] } } } });
      expect((await shown(team, old.id)).replaced_by_id).toBeNull();
    },
  );

  it('is possible for a candidate without an address when one is given [R-73]', async () => {
    const old = await anExpiredCheck(team);
    await team.admin.patch(`/candidates/${old.candidateId}`, { email_addresses: [] });
    const without = await act(team.admin, old.id, 'resend');
    expect(without).toMatchObject({ status: 422, body: { reason: 'candidate_email_missing' } });
    expect((await act(team.admin, old.id, 'resend', { email: anAddress('given') })).status).toBe(201);
  });

  it.each(['decline', 'expire', 'cancel'] as const)('is possible after %s', async (action) => {
    const old = await aSentCheck(team);
    await sandbox.control.act(old.caseId, action);
    const ended = await shows(team, old.id, 'resend', (check) => check.available_actions.includes('resend'));
    expect(['declined', 'expired', 'cancelled']).toContain(ended.status);
    expect((await act(team.admin, old.id, 'resend')).status).toBe(201);
  });

  it('is possible after a refusal [R-76]', async () => {
    const other = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: other.account.id, route: 'order-package', kind: 'status', status: 422 });
    const { id } = (await send(other.admin, await readyToSend(other))).body;
    await reaches(other, id, 'not_sent');
    const sent = await act(other.admin, id, 'resend');
    expect(sent.status).toBe(201);
    await reaches(other, sent.body.id, 'invited');
  });

  it('is refused while the check is in progress, and after it is complete', async () => {
    const check = await aSentCheck(team);
    expect((await shown(team, check.id)).available_actions).not.toContain('resend');
    const early = await act(team.admin, check.id, 'resend');
    expect(early).toMatchObject({ status: 409, body: { reason: 'not_resendable' } });
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
    const late = await act(team.admin, check.id, 'resend');
    expect(late).toMatchObject({ status: 409, body: { reason: 'not_resendable' } });
    const refused = (await auditOf(team, check.id, 'resend')).map(({ outcome, to }) => [outcome, to['reason']]);
    expect(refused).toEqual([
      ['refused', 'not_resendable'],
      ['refused', 'not_resendable'],
    ]);
  });

  it('is refused while the outcome of its order is unknown [R-75]', async () => {
    const other = await connectedTeam(app, sandbox);
    const lost = { account: other.account.id, route: 'order-package', kind: 'commit-then-hang', ms: 3000 };
    await sandbox.control.fault(lost);
    const email = anAddress('unknown');
    const { id } = (await send(other.admin, await readyToSend(other, { email }))).body;
    await reaches(other, id, 'confirming');
    expect(await act(other.admin, id, 'resend')).toMatchObject({ status: 409, body: { reason: 'not_resendable' } });
    expect(await sandbox.control.ledger({ email })).toHaveLength(1);
  });

  it('happens once: a replaced check names its successor', async () => {
    const old = await anExpiredCheck(team);
    const first = await act(team.admin, old.id, 'resend');
    const second = await act(team.admin, old.id, 'resend');
    expect(second).toMatchObject({
      status: 409,
      body: { reason: 'already_replaced', errors: { json: { background_check_id: [first.body.id] } } },
    });
    await sandbox.control.act((await reaches(team, first.body.id, 'invited')).vendor.case_id ?? '', 'expire');
    await reaches(team, first.body.id, 'expired');
    const third = await act(team.admin, first.body.id, 'resend');
    expect([third.status, third.body.replaces_id]).toEqual([201, first.body.id]);
  });

  it('has the same refusals as sending, in the same order [R-63, R-77, R-70, R-75]', async () => {
    const other = await connectedTeam(app, sandbox);
    const old = await anExpiredCheck(other);
    const idle = await anExpiredCheck(other);
    expect((await shown(other, idle.id)).available_actions).toEqual(['resend', 'refresh']);
    const refusal = async () => {
      const { status, body } = await act(other.admin, old.id, 'resend');
      return [status, body.reason];
    };
    const successor = (await send(other.admin, old)).body.id;
    await reaches(other, successor, 'invited');
    await sandbox.control.setPackages(other.account.id, [{ name: 'Another' }]);
    await other.admin.get('/integrations/certn/packages?refresh=true');
    await other.admin.patch(`/candidates/${old.candidateId}`, { email_addresses: [] });
    await other.admin.delete('/integrations/certn');
    await other.admin.patch(`/applications/${old.applicationId}`, { status: 'rejected' });
    expect((await shown(other, old.id)).available_actions).not.toContain('resend');
    expect(await refusal()).toEqual([409, 'application_not_active']);
    await other.admin.patch(`/applications/${old.applicationId}`, { status: 'active' });
    expect(await refusal()).toEqual([409, 'integration_not_enabled']);
    expect((await shown(other, idle.id)).available_actions).toEqual(['refresh']);
    const { api_key, webhook_secret } = other.account;
    await other.admin.put('/integrations/certn', { api_key, webhook_secret_key: webhook_secret });
    expect(await refusal()).toEqual([409, 'check_in_progress']);
    await act(other.admin, successor, 'cancel');
    await reaches(other, successor, 'cancelled');
    expect(await refusal()).toEqual([422, 'candidate_email_missing']);
    const email = anAddress('order');
    expect((await act(other.admin, old.id, 'resend', { email })).body.reason).toBe('package_unavailable');
    await sandbox.control.setPackages(other.account.id, other.packages);
    await other.admin.get('/integrations/certn/packages?refresh=true');
    expect((await act(other.admin, old.id, 'resend', { email })).status).toBe(201);
  });

  it('is refused from a removed activity', async () => {
    const old = await anExpiredCheck(team);
    expect((await team.admin.delete(`/job_stage_items/${old.itemId}`)).status).toBe(204);
    expect((await shown(team, old.id)).available_actions).toEqual(['refresh']);
    expect(await act(team.admin, old.id, 'resend')).toMatchObject({ status: 409, body: { reason: 'item_deleted' } });
  });

  it('requires the right to send before the body is validated; a denial is in the audit log [R-07]', async () => {
    const old = await anExpiredCheck(team);
    const limited = await aColleague(team.admin, 'limited');
    expect((await act(limited, old.id, 'resend')).status).toBe(404);
    await team.admin.put(`/jobs/${old.jobId}/permissions`, [{ user_id: limited.id, permissions: ['view_results'] }]);
    const refused = await act(limited, old.id, 'resend', { nonsense: true });
    expect(refused).toMatchObject({ status: 403, body: { reason: 'not_allowed' } });
    expect((await limited.get<ShownCheck>(`/background_checks/${old.id}`)).body.available_actions).toEqual(['refresh']);
    expect(await auditOf(team, old.id, 'resend')).toMatchObject([
      { outcome: 'refused', actor: { id: limited.id }, to: { reason: 'not_allowed' } },
    ]);
    expect((await act(team.admin, old.id, 'resend', { nonsense: true })).status).toBe(422);
    await team.admin.put(`/jobs/${old.jobId}/permissions`, [{ user_id: limited.id, permissions: ['send_checks'] }]);
    expect((await act(limited, old.id, 'resend')).status).toBe(201);
  });

  it('is 404 for another team [F1]', async () => {
    const old = await anExpiredCheck(team);
    const stranger = await connectedTeam(app, sandbox);
    for (const action of ['resend', 'decide'] as const) {
      expect(await act(stranger.admin, old.id, action, { nonsense: true })).toMatchObject({ status: 404 });
    }
  });
});

let count = 0;
const anAddress = (who: string): string => `${who}-${Date.now().toString(36)}-${(count += 1)}@example.org`;

async function aCheckThatBounced(): Promise<ReadyToSend & { id: string }> {
  const ready = await readyToSend(team, { email: anAddress('bounce') });
  const { id } = (await send(team.admin, ready)).body;
  await reaches(team, id, 'undeliverable');
  return { ...ready, id };
}
