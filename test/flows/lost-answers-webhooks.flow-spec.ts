import pg from 'pg';
import type { RunningApp } from '../support/app.js';
import { act, shown, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  listsOf,
  sends,
  failLists,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  connectedTeam,
  type ConnectedTeam,
  reaches,
  type ReadyToSend,
  readyToSend,
  send,
} from '../support/fixtures.js';

/** The first scheduled reconciliation is ten minutes away. Cases here are found in another way. */
describe('an unknown outcome that is resolved before its reconciliation [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox, { ORDER_OUTCOME_UNKNOWN_SECONDS: '600' });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterEach(() => sandbox.control.clearFaults());
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  const foundBy = async (id: string): Promise<unknown> =>
    (await database.query<{ found_by: string }>('select found_by from integrations.order where id = $1', [id])).rows[0]
      ?.found_by;

  async function isFound(team: ConnectedTeam, id: string, by: string): Promise<void> {
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
    expect(await attemptsOf(team)).toHaveLength(1);
    expect(await foundBy(id)).toBe(by);
  }

  const unmatched = async (team: ConnectedTeam): Promise<number> =>
    (await database.query('select 1 from integrations.unmatched_case where team_id = $1', [team.teamId])).rowCount ?? 0;

  it('by a webhook event about an unmatched case [B8]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    const [line] = await ledgerOf(team);
    await sandbox.control.act(line?.case ?? '', 'deliver');
    await isFound(team, id, 'notice');
    await reaches(team, id, 'invited');
    expect(await unmatched(team)).toBe(0);
  });

  it('by a webhook event that came while the order was being sent, when the response is lost [B7, B8]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { webhook_on_order: true });
    await failOrders(team, 'commit-then-hang', { ms: 3000 });
    const { id } = await sends(team);
    await eventually(
      'the webhook event is kept',
      () => unmatched(team),
      (count) => count === 1,
    );
    await isFound(team, id, 'notice');
  });

  it('keeps a webhook event that comes at the same time as the response [B7]', async () => {
    const team = await connectedTeam(app, sandbox, { auto_deliver_ms: 1 });
    const ready: ReadyToSend[] = [];
    while (ready.length < 12) ready.push(await readyToSend(team));
    const answers = await Promise.all(ready.map((one) => send(team.admin, one)));
    expect(answers.map(({ status }) => status)).toEqual(ready.map(() => 201));
    for (const { body } of answers) await reaches(team, body.id, 'invited');
    expect(await ledgerOf(team)).toHaveLength(12);
    await eventually(
      'no unmatched case is left',
      () => unmatched(team),
      (count) => count === 0,
    );
  });

  it('by a webhook event, even while the list does not show the case yet [B8]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 60_000 });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    const [line] = await ledgerOf(team);
    await sandbox.control.act(line?.case ?? '', 'deliver');
    await isFound(team, id, 'notice');
  });

  it('checks the list for other matching cases, and asks a person when there are several [B8, E10]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    const { sent_to } = await shown(team, id);
    const [line] = await ledgerOf(team);
    const other = await sandbox.control.createPortalCase({ account: team.account.id, email_address: sent_to });
    await sandbox.control.act(line?.case ?? '', 'deliver');
    const asked = await shows(team, id, 'a question', ({ status }) => status === 'needs_decision');
    expect(asked.failure?.candidates?.toSorted()).toEqual([line?.case ?? '', other.id].toSorted());
  });

  it('keeps a webhook event about another person’s case, and changes nothing [B8]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    const stranger = await sandbox.control.createPortalCase({
      account: team.account.id,
      email_address: 'stranger@example.org',
      send_invite_email: true,
    });
    await sandbox.control.act(stranger.id, 'deliver');
    const reads = async (): Promise<number> =>
      (await sandbox.control.requests({ account: team.account.id })).filter((r) => r.path.includes(stranger.id)).length;
    await eventually('the case was read', reads, (count) => count === 1);
    expect(await unmatched(team)).toBe(1);
    expect(await listsOf(team)).toHaveLength(1); // connecting
    expect((await shown(team, id)).status).toBe('confirming');
  });

  describe('refresh', () => {
    it('reports when Certn cannot be reached; the outcome stays unknown', async () => {
      const team = await aTeamWithoutInvitations(app, sandbox);
      await failOrders(team, 'status-after-commit');
      const { id } = await sends(team);
      await reaches(team, id, 'confirming');
      await failLists(team, 'status', { status: 500, times: null });
      expect(await act(team.admin, id, 'refresh')).toMatchObject({ status: 502, body: { reason: 'vendor_error' } });
      expect((await shown(team, id)).status).toBe('confirming');
    });
  });
});
