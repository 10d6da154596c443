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

describe('an order that is sent a second time while orders fail [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    // Second sendings are spared for a minute, longer than this takes.
    app = await startAppWithShortTimeouts(sandbox, { ORDER_BREAKER_FAILURES: '1', ORDER_BREAKER_SECONDS: '1,60' });
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  it('another goes first, for a second loss only a person could settle; it follows once that worked [E15]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    // A case that the list must show: without one, a list proves nothing.
    const known = await reaches(team, (await sends(team)).id, 'sent');
    await failOrders(team, 'status');
    const lost = await sends(team);
    await reaches(team, lost.id, 'confirming');
    await shows(team, lost.id, 'it is proved absent', ({ status }) => status !== 'confirming', 25_000);
    const other = await reaches(team, (await sends(team)).id, 'sent');
    const second = await reaches(team, lost.id, 'sent', 20_000);
    const inOrder = [known, other, second].map(({ certn }) => certn.case_id);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual(inOrder);
  });
});
