import pg from 'pg';
import type { RunningApp } from '../support/app.js';
import { shown, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  casesOf,
  ledgerOf,
  listsOf,
  sends,
  failLists,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, reaches } from '../support/fixtures.js';

describe('reconciliation through Certn’s list [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox);
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterEach(() => sandbox.control.clearFaults());
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  const order = async (id: string): Promise<{ reconciliations: number; absences: number; found_by: string | null }> => {
    const found = await database.query(
      'select reconciliations, absences, found_by from integrations.order where id = $1',
      [id],
    );
    return found.rows[0] as { reconciliations: number; absences: number; found_by: string | null };
  };

  /** Reconciled so often that no further attempt is scheduled. */
  const isReconciledInVain = (id: string): Promise<unknown> =>
    eventually(
      'the scheduled reconciliations are over',
      () => order(id),
      ({ reconciliations }) => reconciliations > 3,
      20_000,
    );

  /** The case is found, and it is the only paid order. */
  async function isFound(team: ConnectedTeam, id: string): Promise<void> {
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null, 20_000);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
    expect(await attemptsOf(team)).toHaveLength(1);
    expect((await order(id)).found_by).toBe('list');
  }

  it('waits for a list that lags less than the visibility lag, and sends nothing again [E9]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 1500 });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await isFound(team, id);
  });

  it('detects a list that lags more by its sentinel case: a person decides, and nothing is sent again [E9]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 60_000 });
    const known = await sends(team);
    await reaches(team, known.id, 'sent');
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    const asked = await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 20_000);
    expect(asked.failure).toMatchObject({ reason: 'needs_decision', candidates: [] });
    expect(await ledgerOf(team)).toHaveLength(2);
    expect(await attemptsOf(team)).toHaveLength(2);
  });

  it('does not accept an absence before the visibility lag is over, however often the list lacks the order [E9]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 60_000 });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    await database.query(`update integrations.order set visible_at = now() + interval '1 hour' where id = $1`, [id]);
    await isReconciledInVain(id);
    expect((await order(id)).absences).toBeGreaterThanOrEqual(2);
    expect((await shown(team, id)).status).toBe('confirming');
    await sandbox.control.patchAccount(team.account.id, { settings: { list_lag_ms: 0 } });
    await isFound(team, id);
  });

  it('waits through an outage of the list without asking for a decision, and then finds the order [E7, E15]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failLists(team, 'status', { status: 503, times: null });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await isReconciledInVain(id);
    expect((await order(id)).absences).toBe(0);
    expect((await shown(team, id)).status).toBe('confirming');
    await sandbox.control.clearFaults();
    await isFound(team, id);
  });

  it('does not take a rejected key as proof of absence, and finds the order with a valid key [E7]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    await sandbox.control.patchAccount(team.account.id, { revoke_key: team.account.api_keys[0]?.id ?? '' });
    await eventually(
      'the connection needs attention',
      () => team.admin.get<{ state: string }>('/integrations/certn'),
      ({ body }) => body.state === 'action_required',
    );
    const { api_key: fresh } = await sandbox.control.patchAccount(team.account.id, { add_key: true });
    expect((await team.admin.put('/integrations/certn', { api_key: fresh })).status).toBe(200);
    await isFound(team, id);
  });

  describe('over many pages [E11]', () => {
    /** An order with an unknown outcome, and two pages of cases that a user created in the portal after it. */
    async function buried(): Promise<{ team: ConnectedTeam; id: string }> {
      const team = await aTeamWithoutInvitations(app, sandbox);
      await failLists(team, 'status', { status: 503, times: null });
      await failOrders(team, 'status-after-commit');
      const { id } = await sends(team);
      await reaches(team, id, 'confirming');
      const [found] = await ledgerOf(team);
      const created = found?.time ?? '';
      for (let count = 0; count < 230; count += 1) {
        const email_address = `portal-${count}@example.org`;
        await sandbox.control.createPortalCase({ account: team.account.id, email_address, created });
      }
      return { team, id };
    }

    it('finds the case on the third page', async () => {
      const { team, id } = await buried();
      await sandbox.control.clearRequests();
      await sandbox.control.clearFaults();
      const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null, 20_000);
      expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
      const pages = (await listsOf(team)).filter(({ status }) => status === 200).map(({ query }) => query);
      expect(pages.some((query) => query.includes('page=3'))).toBe(true);
      expect(await attemptsOf(team)).toEqual([]);
    });

    it('finds the case although new cases arrive during the read', async () => {
      const { team, id } = await buried();
      await sandbox.control.clearFaults();
      await failLists(team, 'page-shift', { by: 3, times: null });
      await isFound(team, id);
    });

    it('does not take a list that became shorter during the read as proof of absence', async () => {
      const { team, id } = await buried();
      await sandbox.control.clearFaults();
      await failLists(team, 'page-shift', { by: -40, times: null });
      await isReconciledInVain(id);
      expect((await order(id)).absences).toBe(0);
      await sandbox.control.clearFaults();
      await isFound(team, id);
      expect(await casesOf(team)).toHaveLength(231);
    });
  });

  it('matches an address that Certn writes in another way [E12]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { email_storage: 'lowercase' });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team, 'Ada.Example+Jobs@Example.ORG');
    await isFound(team, id);
    expect((await casesOf(team)).map((found) => found.email_address)).toEqual(['ada.example+jobs@example.org']);
  });

  it('does not match a plus-tag, which is another mailbox [E12]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status');
    const { id } = await sends(team, 'grace@example.org');
    await sandbox.control.createPortalCase({ account: team.account.id, email_address: 'grace+portal@example.org' });
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null, 20_000);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
    expect(await attemptsOf(team)).toHaveLength(2);
  });
});
