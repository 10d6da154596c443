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

describe('looking for a lost order in Certn’s list [R-75]', () => {
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

  const order = async (id: string): Promise<{ looks: number; absences: number; found_by: string | null }> => {
    const found = await database.query(
      'select looks, absences, found_by from integrations.vendor_order where id = $1',
      [id],
    );
    return found.rows[0] as { looks: number; absences: number; found_by: string | null };
  };

  /** Looked for so often that the scheduled looks are over. */
  const isReconciledInVain = (id: string): Promise<unknown> =>
    eventually(
      'the scheduled looks are over',
      () => order(id),
      ({ looks }) => looks > 3,
      20_000,
    );

  /** Found, and it is the one paid order. */
  async function isFound(team: ConnectedTeam, id: string): Promise<void> {
    const check = await shows(team, id, 'its case', ({ certn }) => certn.case_id !== null, 20_000);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.certn.case_id]);
    expect(await attemptsOf(team)).toHaveLength(1);
    expect((await order(id)).found_by).toBe('list');
  }

  it('a list that lags less than the settling time shows it later, and nothing is sent again [E9]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 1500 });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await isFound(team, id);
  });

  it('a list that lags more is given away by a case that must be there: a person is asked, nothing is sent again [E9]', async () => {
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

  it('nobody believes a list before the settling time, however often it does not show the order [E9]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { list_lag_ms: 60_000 });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    await database.query(`update integrations.vendor_order set settled_at = now() + interval '1 hour' where id = $1`, [
      id,
    ]);
    await isReconciledInVain(id);
    expect((await order(id)).absences).toBeGreaterThanOrEqual(2);
    expect((await shown(team, id)).status).toBe('confirming');
    await sandbox.control.patchAccount(team.account.id, { settings: { list_lag_ms: 0 } });
    await isFound(team, id);
  });

  it('an outage of the list asks nobody, however long: the order is found when it is over [E7, E15]', async () => {
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

  it('a key that is refused during the doubt is no proof of absence; with a good one the order is found [E7]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    await sandbox.control.patchAccount(team.account.id, { revoke_key: team.account.api_keys[0]?.id ?? '' });
    await eventually(
      'the connection needs attention',
      () => team.admin.get<{ state: string }>('/integrations/certn'),
      ({ body }) => body.state === 'attention',
    );
    const { api_key: fresh } = await sandbox.control.patchAccount(team.account.id, { add_key: true });
    expect((await team.admin.put('/integrations/certn', { api_key: fresh })).status).toBe(200);
    await isFound(team, id);
  });

  describe('over many pages [E11]', () => {
    /** An order in doubt, and two pages of cases that somebody made in the portal after it. */
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

    it('the case on the third page is found', async () => {
      const { team, id } = await buried();
      await sandbox.control.clearRequests();
      await sandbox.control.clearFaults();
      const check = await shows(team, id, 'its case', ({ certn }) => certn.case_id !== null, 20_000);
      expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.certn.case_id]);
      const pages = (await listsOf(team)).filter(({ status }) => status === 200).map(({ query }) => query);
      expect(pages.some((query) => query.includes('page=3'))).toBe(true);
      expect(await attemptsOf(team)).toEqual([]);
    });

    it('cases that come in while it is read do not hide it', async () => {
      const { team, id } = await buried();
      await sandbox.control.clearFaults();
      await failLists(team, 'page-shift', { by: 3, times: null });
      await isFound(team, id);
    });

    it('a list that got shorter while it was read proves nothing: it is not taken for absence', async () => {
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

  it('an address that Certn writes in another way is the same address [E12]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox, { email_storage: 'lowercase' });
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team, 'Ada.Example+Jobs@Example.ORG');
    await isFound(team, id);
    expect((await casesOf(team)).map((found) => found.email_address)).toEqual(['ada.example+jobs@example.org']);
  });

  it('a plus-tag is another mailbox: its case is not taken for the order’s [E12]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status');
    const { id } = await sends(team, 'grace@example.org');
    await sandbox.control.createPortalCase({ account: team.account.id, email_address: 'grace+portal@example.org' });
    const check = await shows(team, id, 'its case', ({ certn }) => certn.case_id !== null, 20_000);
    expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.certn.case_id]);
    expect(await attemptsOf(team)).toHaveLength(2);
  });
});
