import type { RunningApp } from '../support/app.js';
import { act, shows } from '../support/checks.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { reaches } from '../support/fixtures.js';

describe('automatic resends of an order [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
  });
  afterEach(() => app.close());
  afterAll(() => sandbox.stop());

  it('do not happen with ORDER_RESENDS=0: a person resends the order', async () => {
    app = await startAppWithShortTimeouts(sandbox, { ORDER_RESENDS: '0' });
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status');
    const { id } = await sends(team);
    await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);
    expect(await attemptsOf(team)).toHaveLength(1);
    expect((await act(team.admin, id, 'decide', { send_again: true })).status).toBe(200);
    const check = await reaches(team, id, 'sent');
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
  });

  it('are limited per account by ORDER_RESENDS_PER_HOUR; the others wait for the next hour without a decision', async () => {
    app = await startAppWithShortTimeouts(sandbox, { ORDER_RESENDS: '1', ORDER_RESENDS_PER_HOUR: '2' });
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status', { times: 4 });
    const ids = await Promise.all([1, 2, 3, 4].map(async () => (await sends(team)).id));
    const ends = await Promise.all(
      ids.map((id) =>
        shows(
          team,
          id,
          'its end, or its wait',
          ({ status, failure }) => ['sent', 'needs_decision'].includes(status) || failure !== null,
          25_000,
        ),
      ),
    );
    const reasons = ends.map(({ status, failure }) => `${status} ${failure?.reason ?? ''}`).toSorted();
    expect(reasons).toEqual([
      ...['confirming resends_of_the_hour', 'confirming resends_of_the_hour'],
      ...['sent ', 'sent '],
    ]);
    expect(await ledgerOf(team)).toHaveLength(2);
    await anHourPasses(app);
    for (const id of ids) await reaches(team, id, 'sent', 40_000);
    expect(await ledgerOf(team)).toHaveLength(4);
    expect(await attemptsOf(team)).toHaveLength(8);
  }, 90_000);
});

/** For the counted resends, and for the reconciliations that wait for one. */
async function anHourPasses(app: RunningApp): Promise<void> {
  await withDatabase(app, async (db) => {
    await db.query(`update integrations.order
      set resent_at = resent_at - interval '1 hour', reconcile_at = reconcile_at - interval '1 hour'`);
    await db.query(
      `update queue.job set start_after = start_after - interval '1 hour'
      where name like 'integrations.order-to-reconcile%' and state < 'active'`,
    );
  });
}
