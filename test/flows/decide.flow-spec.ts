import { type RunningApp, startApp } from '../support/app.js';
import { act, auditOf, historyOf, shown, type ShownCheck, shows } from '../support/checks.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
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
  // Every order fails here. The circuit breaker must hold none back.
  const reconciliationSettings = {
    ORDER_TIMEOUT_MS: '500',
    ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,3,4',
    ORDER_VISIBILITY_LAG_SECONDS: '1',
    ORDER_BREAKER_FAILURES: '0',
  };
  // No order is resent automatically here. A person decides about an order that is not found.
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ORDER_RESENDS: '0', ...reconciliationSettings } });
  team = await connectedTeam(app, sandbox);
  // The sentinel case: the list must show it, otherwise the list proves nothing.
  await aSentCheck(team);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('a check that needs a decision', () => {
  it('shows the matching cases only to users who may decide [E10]', async () => {
    const check = await withTwoCases();
    expect(check.shown.failure?.candidates?.toSorted()).toEqual(check.caseIds);
    expect(check.shown.failure).toMatchObject({ reason: 'needs_decision', message: expect.any(String) });
    expect(check.shown.available_actions).toEqual(['cancel', 'decide']);
    const colleague = await aColleague(team.admin, 'standard');
    const seen = (await colleague.get<ShownCheck>(`/background_checks/${check.id}`)).body;
    expect(seen.failure).toMatchObject({ reason: 'needs_decision', candidates: [] });
    expect(seen.available_actions).toEqual(['cancel']);
  });

  it('follows the case that an administrator names [E10]', async () => {
    const check = await withTwoCases();
    const [chosen = '', other = ''] = check.caseIds;
    const decided = await act(team.admin, check.id, 'decide', { case_id: chosen });
    expect(decided.status).toBe(200);
    expect(decided.body.vendor.case_id).toBe(chosen);
    expect(decided.body.failure).toBeNull();
    await sandbox.control.act(chosen, 'open');
    await reaches(team, check.id, 'opened');
    expect((await sandbox.control.case(other)).overall_status).not.toBe('CANCELLED');
    const line = (await historyOf(team, check.id)).find(({ kind }) => kind === 'decided');
    expect(line).toMatchObject({ from: null, to: null, by: { id: team.admin.id }, source: 'user' });
    expect(await auditOf(team, check.id, 'decide')).toMatchObject([{ outcome: 'done', to: { verdict: 'case' } }]);
    const again = await act(team.admin, check.id, 'decide', { case_id: chosen });
    expect(again).toMatchObject({ status: 409, body: { reason: 'nothing_to_decide' } });
  });

  it('is ordered again when an administrator says that Certn does not have it', async () => {
    const check = await withoutCase();
    expect(check.shown.failure?.candidates).toEqual([]);
    expect(await sandbox.control.ledger({ email: check.email })).toHaveLength(0);
    const decided = await act(team.admin, check.id, 'decide', { send_again: true });
    expect(decided.status).toBe(200);
    await reaches(team, check.id, 'invited');
    expect(await sandbox.control.ledger({ email: check.email })).toHaveLength(1);
    expect(await auditOf(team, check.id, 'decide')).toMatchObject([{ outcome: 'done', to: { verdict: 'send_again' } }]);
  });

  it('refuses a case that is not its own', async () => {
    const check = await withTwoCases();
    const taken = await aSentCheck(team);
    const foreign = await sandbox.control.createPortalCase({
      account: team.account.id,
      email_address: anAddress('elsewhere'),
    });
    const stranger = await connectedTeam(app, sandbox);
    const elsewhere = await aSentCheck(stranger);
    for (const caseId of ['nonsense', taken.caseId, foreign.id, elsewhere.caseId]) {
      const refused = await act(team.admin, check.id, 'decide', { case_id: caseId });
      expect([refused.status, refused.body]).toMatchObject([
        422,
        { reason: 'unknown_reference', errors: { json: { case_id: [expect.any(String)] } } },
      ]);
    }
    expect((await shown(team, check.id)).status).toBe('needs_decision');
    expect((await historyOf(team, check.id)).map(({ kind }) => kind)).not.toContain('decided');
    const refusals = await auditOf(team, check.id, 'decide');
    expect(refusals.map(({ outcome, to }) => [outcome, to['reason']])).toEqual(
      [1, 2, 3, 4].map(() => ['refused', 'unknown_reference']),
    );
    expect(JSON.stringify(refusals)).not.toContain(taken.caseId);
  });

  it('accepts exactly one decision, from an administrator only, before anything else is validated', async () => {
    const check = await withoutCase();
    for (const body of [
      {},
      undefined,
      { case_id: 'a', send_again: true },
      { send_again: false },
      { case_id: '' },
      { case_id: null },
      { nonsense: 1 },
    ]) {
      expect(await act(team.admin, check.id, 'decide', body)).toMatchObject({ status: 422 });
    }
    const colleague = await aColleague(team.admin, 'standard');
    expect(await act(colleague, check.id, 'decide', {})).toMatchObject({ status: 403 });
    const granted = [{ user_id: colleague.id, permissions: ['manage'] }];
    await team.admin.put(`/jobs/${check.jobId}/permissions`, granted);
    expect(await act(colleague, check.id, 'decide', { send_again: true })).toMatchObject({ status: 403 });
    expect(await auditOf(team, check.id, 'decide')).toMatchObject([
      { outcome: 'refused', actor: { id: colleague.id }, to: { reason: 'not_allowed' } },
      { outcome: 'refused', actor: { id: colleague.id } },
    ]);
    expect((await shown(team, check.id)).status).toBe('needs_decision');
  });

  it('can neither be resent nor replaced by a new send [R-75]', async () => {
    const check = await withoutCase();
    expect(await act(team.admin, check.id, 'resend')).toMatchObject({
      status: 409,
      body: { reason: 'not_resendable' },
    });
    expect(await send(team.admin, check)).toMatchObject({ status: 409, body: { reason: 'check_in_progress' } });
    expect((await act(team.admin, check.id, 'refresh')).body.status).toBe('needs_decision');
    expect(await sandbox.control.ledger({ email: check.email })).toHaveLength(0);
  });
});

it('a decision is refused for a check that needs none', async () => {
  const check = await aSentCheck(team);
  expect((await shown(team, check.id)).available_actions).not.toContain('decide');
  for (const verdict of [{ case_id: check.caseId }, { send_again: true }]) {
    const refused = await act(team.admin, check.id, 'decide', verdict);
    expect(refused).toMatchObject({ status: 409, body: { reason: 'nothing_to_decide' } });
  }
});

describe('cancelling a check that needs a decision', () => {
  it('waits for the decision, which ends an order that Certn does not have [B12]', async () => {
    const check = await withoutCase();
    const asked = await act(team.admin, check.id, 'cancel');
    expect([asked.status, asked.body.status]).toEqual([200, 'needs_decision']);
    expect(asked.body.cancel_requested_at).not.toBeNull();
    expect(asked.body.available_actions).toEqual(['decide']);
    expect((await act(team.admin, check.id, 'decide', { send_again: true })).status).toBe(200);
    const ended = await reaches(team, check.id, 'cancelled');
    expect(ended).toMatchObject({ failure: { reason: 'withdrawn' }, vendor: { case_id: null } });
    expect(await sandbox.control.ledger({ email: check.email })).toHaveLength(0);
  });

  it('waits for the decision, which cancels the named case at Certn [B12]', async () => {
    const check = await withTwoCases();
    const [chosen = '', other = ''] = check.caseIds;
    await act(team.admin, check.id, 'cancel');
    expect((await act(team.admin, check.id, 'decide', { case_id: chosen })).status).toBe(200);
    await reaches(team, check.id, 'cancelled');
    expect((await sandbox.control.case(chosen)).overall_status).toBe('CANCELLED');
    expect((await sandbox.control.case(other)).overall_status).not.toBe('CANCELLED');
  });

  it('at the moment of the decision ends without an order, or with an order that is cancelled [B12]', async () => {
    const checks = await Promise.all([1, 2, 3, 4].map(() => withoutCase()));
    for (const { id, email } of checks) {
      const [cancelled] = await Promise.all([
        act(team.admin, id, 'cancel'),
        act(team.admin, id, 'decide', { send_again: true }),
      ]);
      expect(cancelled.status).toBe(200);
      await reaches(team, id, 'cancelled');
      const cases = await sandbox.control.cases({ email });
      expect(cases.map(({ overall_status }) => overall_status)).toEqual(cases.map(() => 'CANCELLED'));
      expect(cases.length).toBeLessThan(2);
    }
  });

  it('two simultaneous decisions place one order [R-75]', async () => {
    const check = await withoutCase();
    const other = await aColleague(team.admin, 'admin');
    const verdict = (who: Person) => act(who, check.id, 'decide', { send_again: true });
    const answers = await Promise.all([team.admin, other, team.admin, other].map(verdict));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    await reaches(team, check.id, 'invited');
    expect(await sandbox.control.ledger({ email: check.email })).toHaveLength(1);
    const decided = (await historyOf(team, check.id)).filter(({ kind }) => kind === 'decided');
    expect(decided).toHaveLength(1);
  });
});

let count = 0;
const anAddress = (who: string): string => `${who}-${Date.now().toString(36)}-${(count += 1)}@example.org`;

type Undecided = ReadyToSend & { id: string; email: string; shown: ShownCheck };

async function sendLosing(kind: string, email: string, meanwhile: () => Promise<unknown>): Promise<Undecided> {
  const ready = await readyToSend(team, { email });
  // The fault applies to the next order of this account. Orders are sent one after the other, so no other order gets it.
  await sandbox.control.fault({ account: team.account.id, route: 'order-package', kind, ms: 3000 });
  const { id } = (await send(team.admin, ready)).body;
  await meanwhile();
  const undecided = await shows(team, id, 'the need', ({ status }) => status === 'needs_decision', 20_000);
  return { ...ready, id, email, shown: undecided };
}

/** Certn took the order, and at the same moment a user ordered the same for that address in Certn's portal. */
async function withTwoCases(): Promise<Undecided & { caseIds: string[] }> {
  const email = anAddress('twice');
  const portal = () => sandbox.control.createPortalCase({ account: team.account.id, email_address: email });
  const undecided = await sendLosing('commit-then-hang', email, portal);
  const cases = await sandbox.control.cases({ email });
  return { ...undecided, caseIds: cases.map(({ id }) => id).sort() };
}

/** The connection broke, and Certn shows no such case. */
const withoutCase = (): Promise<Undecided> => sendLosing('reset-before', anAddress('lost'), async () => undefined);
