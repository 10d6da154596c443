import type { RunningApp } from '../support/app.js';
import { act, shows } from '../support/checks.js';
import {
  aTeamWithoutInvitations,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import type { ConnectedTeam } from '../support/fixtures.js';

/** Several cases match at the first reconciliation, long before the list can prove an absence. */
describe('a decision before it can be proved that Certn does not have an order [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox, { ORDER_VISIBILITY_LAG_SECONDS: '600' });
    team = await aTeamWithoutInvitations(app, sandbox);
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  it('is refused with a time for resending and for giving up; naming the case is always possible [E3]', async () => {
    const email = 'too-early@example.org';
    await failOrders(team, 'commit-then-hang', { ms: 3_000 });
    const { id } = await sends(team, email);
    const portal = { account: team.account.id, email_address: email };
    await sandbox.control.createPortalCase(portal);
    const { failure } = await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 20_000);
    const tooEarly = { status: 409, body: { reason: 'not_settled_yet' } };
    const again = await act(team.admin, id, 'decide', { send_again: true });
    expect(again).toMatchObject(tooEarly);
    expect(Number(again.headers.get('retry-after'))).toBeGreaterThan(500);
    await act(team.admin, id, 'cancel');
    expect(await act(team.admin, id, 'decide', { send_again: true })).toMatchObject(tooEarly);
    expect(await ledgerOf(team)).toHaveLength(1);
    const caseId = failure?.candidates?.[0];
    expect((await act(team.admin, id, 'decide', { case_id: caseId })).status).toBe(200);
  });
});
