import { randomUUID } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { certn } from '../support/connection.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam } from '../support/people.js';
import { taskIsDue, switchWebhook, withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aSentCheck,
  connect,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  readyToSend,
  send,
} from '../support/fixtures.js';

interface Discrepancy {
  id: string;
  kind: string;
  case_id: string;
  background_check_id: string | null;
  found_at: string;
}

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({
    env: {
      CERTN_BASE_URL: sandbox.url,
      ORDER_VISIBILITY_LAG_SECONDS: '1',
      ORDER_TIMEOUT_MS: '500',
      ORDER_OUTCOME_UNKNOWN_SECONDS: '600',
    },
  });
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const discrepanciesOf = async ({ admin }: Pick<ConnectedTeam, 'admin'>): Promise<Discrepancy[]> =>
  (await admin.get<Discrepancy[]>(`${certn}/discrepancies`)).body;

/** Repeats the daily reconciliation until the result is accepted. A case counts only after the visibility lag. */
const reconciled = async (
  team: ConnectedTeam,
  what: string,
  accept: (found: Discrepancy[]) => boolean,
): Promise<Discrepancy[]> =>
  eventually(
    what,
    async () => {
      await taskIsDue(app, team.teamId, 'comparison');
      await eventually(
        'the daily reconciliation is done',
        () => isDone(team),
        (done) => done,
      );
      return discrepanciesOf(team);
    },
    accept,
    20_000,
  );

const isDone = async ({ teamId }: ConnectedTeam): Promise<boolean> =>
  withDatabase(app, async (db) => {
    const planned = await db.query(
      `select 1 from integrations.scheduled_task where team_id = $1 and kind = 'comparison' and due_at > now() + interval '1 hour'`,
      [teamId],
    );
    return planned.rowCount === 1;
  });

/** Another team with the same account. */
async function onTheSameAccount(team: ConnectedTeam): Promise<ConnectedTeam> {
  const { teamId, admin } = await aTeam(app);
  await connect(admin, team.account);
  return { ...team, teamId, admin };
}

const portalCase = (team: ConnectedTeam, email = `portal-${randomUUID()}@example.org`) =>
  sandbox.control.createPortalCase({ account: team.account.id, email_address: email });

describe('the daily reconciliation', () => {
  it('finds nothing where orders and cases match', async () => {
    const team = await connectedTeam(app, sandbox);
    await aSentCheck(team);
    expect(await reconciled(team, 'it is reconciled', () => true)).toEqual([]);
  });

  it('finds a case that comes from no order', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const made = await portalCase(team);
    const found = await reconciled(team, 'it is found', ({ length }) => length > 0);
    expect(found).toEqual([
      {
        id: expect.any(String) as string,
        kind: 'case_without_order',
        case_id: made.id,
        background_check_id: null,
        found_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
      },
    ]);
    expect(found.map((discrepancy) => discrepancy.case_id)).not.toContain(check.caseId);
    // The next reconciliation keeps the same discrepancy.
    expect((await reconciled(team, 'it is reconciled again', () => true)).map(({ id }) => id)).toEqual([found[0]?.id]);
  });

  it('finds an order whose case the account does not have, until the case is there again', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const gone = randomUUID();
    const rename = (from: string, to: string) =>
      withDatabase(app, (db) =>
        db.query('update integrations.vendor_case set case_id = $2 where team_id = $3 and case_id = $1', [
          from,
          to,
          team.teamId,
        ]),
      );
    await rename(check.caseId, gone);
    const found = await reconciled(team, 'it is found', (all) => all.some(({ kind }) => kind === 'order_without_case'));
    expect(found.find(({ kind }) => kind === 'order_without_case')).toMatchObject({
      case_id: gone,
      background_check_id: check.id,
    });
    await rename(gone, check.caseId);
    await reconciled(team, 'it is removed', ({ length }) => length === 0);
  });

  it('does not report a case that may belong to an order with an unknown outcome', async () => {
    const team = await connectedTeam(app, sandbox);
    await aSentCheck(team);
    await switchWebhook(team, false);
    const email = `lost-${randomUUID()}@example.org`;
    const route = { account: team.account.id, route: 'order-package' };
    await sandbox.control.fault({ ...route, kind: 'reset-after-commit' });
    const { id } = (await send(team.admin, await readyToSend(team, { email }))).body;
    await reaches(team, id, 'confirming');
    const made = await portalCase(team);
    const found = await reconciled(team, 'the other one is found', ({ length }) => length > 0);
    expect(found.map(({ case_id: caseId }) => caseId)).toEqual([made.id]);
  });
});

describe('two teams on one account', () => {
  it("never see each other's cases, matched or unmatched", async () => {
    const team = await connectedTeam(app, sandbox);
    const other = await onTheSameAccount(team);
    await aSentCheck(team);
    await aSentCheck(other);
    await switchWebhook(team, false);
    const email = `lost-${randomUUID()}@example.org`;
    const route = { account: team.account.id, route: 'order-package' };
    await sandbox.control.fault({ ...route, kind: 'reset-after-commit' });
    const { id } = (await send(team.admin, await readyToSend(team, { email }))).body;
    await reaches(team, id, 'confirming');
    const made = await portalCase(team);
    for (const each of [team, other]) {
      const found = await reconciled(each, 'the unmatched case is found', ({ length }) => length > 0);
      expect(found.map(({ case_id: caseId }) => caseId)).toEqual([made.id]);
    }
  });

  it('find a case that comes from no order, even if another team once ordered to its address', async () => {
    const team = await connectedTeam(app, sandbox);
    const sharing = await onTheSameAccount(team);
    const elsewhere = await connectedTeam(app, sandbox);
    const email = `known-${randomUUID()}@example.org`;
    await aSentCheck(elsewhere, { email });
    await aSentCheck(sharing, { email });
    const made = await portalCase(team, email);
    for (const each of [team, sharing]) {
      const found = await reconciled(each, 'it is found', ({ length }) => length > 0);
      expect(found.map(({ case_id: caseId }) => caseId)).toEqual([made.id]);
    }
    expect(await reconciled(elsewhere, 'it is reconciled', () => true)).toEqual([]);
  });

  it("change no case and show no event in the other team's webhook log", async () => {
    const team = await connectedTeam(app, sandbox);
    const other = await onTheSameAccount(team);
    const theirs = await aSentCheck(other);
    await aSentCheck(team);
    for (const kind of ['sweep', 'feed']) await taskIsDue(app, team.teamId, kind);
    await sandbox.control.act(theirs.caseId, 'open');
    await reaches(other, theirs.id, 'opened');
    const book = await team.admin.get<{ case_id: string }[]>(`${certn}/webhook_events`);
    expect(book.body.map((line) => line.case_id)).not.toContain(theirs.caseId);
    expect(await discrepanciesOf(team)).toEqual([]);
  });
});

describe('discrepancies are visible to', () => {
  it('admins only, page by page', async () => {
    const team = await connectedTeam(app, sandbox);
    const page = await team.admin.get<Discrepancy[]>(`${certn}/discrepancies?per_page=1`);
    expect([page.status, page.headers.get('x-total-count')]).toEqual([200, '0']);
    expect((await team.admin.get(`${certn}/discrepancies?per_page=0`)).status).toBe(422);
    const colleague = await aColleague(team.admin, 'standard');
    expect((await colleague.get(`${certn}/discrepancies`)).status).toBe(403);
  });
});
