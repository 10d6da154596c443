import { type RunningApp, startApp } from '../support/app.js';
import { act, anExpiredCheck, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches, send } from '../support/fixtures.js';

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

describe('a resend under concurrency', () => {
  it('creates one new check and one order for twenty simultaneous requests [R-75, B10]', async () => {
    const email = `race-${Date.now()}@example.org`;
    const old = await anExpiredCheck(team, email);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => untilNotBusy(() => act(team.admin, old.id, 'resend'))),
    );
    const sent = answers.filter(({ status }) => status === 201);
    expect(sent).toHaveLength(1);
    const others = answers.filter(({ status }) => status !== 201);
    for (const { status, body } of others) {
      expect([status, body.errors.json]).toEqual([409, { background_check_id: [sent[0]?.body.id] }]);
      expect(['already_replaced', 'check_in_progress']).toContain(body.reason);
    }
    await reaches(team, sent[0]?.body.id ?? '', 'invited');
    expect(await sandbox.control.ledger({ email })).toHaveLength(2);
  });

  it('creates one check together with a simultaneous new send [R-75, B10]', async () => {
    const old = await anExpiredCheck(team);
    const attempts = [() => act(team.admin, old.id, 'resend'), () => send(team.admin, old)];
    const answers = await Promise.all([...attempts, ...attempts, ...attempts].map((attempt) => untilNotBusy(attempt)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const { status } of answers) expect([201, 409]).toContain(status);
  });

  it('keeps its successor if the case becomes active again, or is possible again after the case has ended [R-94]', async () => {
    const old = await anExpiredCheck(team);
    const [reopened, sent] = await Promise.all([
      sandbox.control.act(old.caseId, 'set', { status: 'APPLICANT_STARTED' }),
      act(team.admin, old.id, 'resend'),
    ]);
    expect(reopened.overall_status).toBe('APPLICANT_STARTED');
    const revived = await shows(team, old.id, 'started', ({ status }) => status === 'started');
    if (sent.status === 201) expect(revived.replaced_by_id).toBe(sent.body.id);
    else expect([sent.status, sent.body.reason]).toEqual([409, 'not_resendable']);
    expect(await act(team.admin, old.id, 'resend')).toMatchObject({ status: 409, body: { reason: 'not_resendable' } });
    await sandbox.control.act(old.caseId, 'set', { status: 'APPLICANT_EXPIRED' });
    await reaches(team, old.id, 'expired');
    const again = await act(team.admin, old.id, 'resend');
    expect(again.status).toBe(sent.status === 201 ? 409 : 201);
  });

  it('with an Idempotency-Key is executed once; another body is refused [B11]', async () => {
    const old = await anExpiredCheck(team);
    const key = { 'idempotency-key': 'again' };
    const first = await act(team.admin, old.id, 'resend', undefined, key);
    const again = await act(team.admin, old.id, 'resend', {}, key);
    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    const other = await act(team.admin, old.id, 'resend', { email: 'other@example.org' }, key);
    expect(other).toMatchObject({ status: 422, body: { reason: 'idempotency_key_reused' } });
    const elsewhere = await anExpiredCheck(team);
    expect((await act(team.admin, elsewhere.id, 'resend', {}, key)).status).toBe(201);
  });
});

/** Repeats the request while the service answers that it is busy. */
const untilNotBusy = <T extends Answer<unknown>>(ask: () => Promise<T>): Promise<T> =>
  eventually('there is an answer', ask, ({ status }) => status !== 503);
