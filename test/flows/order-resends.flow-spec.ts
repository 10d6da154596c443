import type { RunningApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import {
  aTeamWithoutInvitations,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { reaches } from '../support/fixtures.js';

describe('a resend while other orders fail [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    // Resends wait for a minute, which is longer than this test takes.
    app = await startAppWithShortTimeouts(sandbox, { ORDER_BREAKER_FAILURES: '1', ORDER_BREAKER_SECONDS: '1,60' });
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  it('waits until another order succeeds, because a second loss would need a decision [E15]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    // The sentinel case: the list must show it, otherwise the list proves nothing.
    const known = await reaches(team, (await sends(team)).id, 'sent');
    await failOrders(team, 'status');
    const lost = await sends(team);
    await reaches(team, lost.id, 'confirming');
    await shows(team, lost.id, 'it is proved absent', ({ status }) => status !== 'confirming', 25_000);
    const other = await reaches(team, (await sends(team)).id, 'sent');
    const second = await reaches(team, lost.id, 'sent', 20_000);
    const inOrder = [known, other, second].map(({ vendor }) => vendor.case_id);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual(inOrder);
  });
});
