import pg from 'pg';
import { cancelGaps } from '../../src/contexts/background-checks/application/carry-out-cancel.js';
import { type RunningApp, startApp } from '../support/app.js';
import { act, historyOf, shown, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import { aTeamWithoutInvitations } from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, reaches, readyToSend, send } from '../support/fixtures.js';

/** Jobs are removed as if they had become dead letters. Work that is due is found from the rows. */
describe('reconciling work that has no job', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    team = await connectedTeam(app, sandbox);
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  /** From now on each new job of this queue is discarded. The returned function ends that. */
  async function losing(queue: string): Promise<() => Promise<unknown>> {
    await database.query(`
      create or replace function lose_job() returns trigger language plpgsql as
        $$ begin if new.name like '${queue}%' then return null; end if; return new; end $$`);
    const tables = await database.query<{ name: string }>(
      `select relid::regclass::text as name from pg_partition_tree('queue.job') where isleaf`,
    );
    for (const { name } of tables.rows)
      await database.query(`create trigger lose_job before insert on ${name} for each row execute function lose_job()`);
    return async () => {
      for (const { name } of tables.rows) await database.query(`drop trigger lose_job on ${name}`);
    };
  }

  const orderOf = async (id: string): Promise<Record<string, unknown> | undefined> =>
    (await database.query<Record<string, unknown>>('select * from integrations.order where id = $1', [id])).rows[0];

  async function sendsWithoutJob(queue: string): Promise<string> {
    const found = await losing(queue);
    const { id } = (await send(team.admin, await readyToSend(team))).body;
    if (queue.startsWith('integrations')) await eventually('it is ordered', () => orderOf(id), Boolean);
    await found();
    return id;
  }

  it('orders a check whose order was never placed, once', async () => {
    const id = await sendsWithoutJob('background-checks.check-requested');
    await database.query(
      `update background_checks.background_check set updated_at = now() - interval '3 minutes' where id = $1`,
      [id],
    );
    await reaches(team, id, 'invited', 20_000);
    const check = await shown(team, id);
    expect(await sandbox.control.ledger({ email: check.sent_to })).toHaveLength(1);
  });

  it('sends an order that would show "Sending" without an end, once', async () => {
    const id = await sendsWithoutJob('integrations.order-due');
    await database.query(`update integrations.order set due_at = now() - interval '3 minutes' where id = $1`, [id]);
    await reaches(team, id, 'invited', 20_000);
    expect(await sandbox.control.ledger({ email: (await shown(team, id)).sent_to })).toHaveLength(1);
    expect(await orderOf(id)).toMatchObject({ state: 'ordered', attempt: 1 });
  });

  it('updates a check that missed the event of its placed order', async () => {
    // No webhook event comes that would update it.
    const uninvited = await aTeamWithoutInvitations(app, sandbox);
    const found = await losing('integrations.order-placed');
    const { id } = (await send(uninvited.admin, await readyToSend(uninvited))).body;
    await eventually(
      'it is placed',
      () => orderOf(id),
      (order) => order?.['state'] === 'ordered',
    );
    await found();
    expect((await shown(uninvited, id)).status).toBe('requested');
    await database.query(`update integrations.order set updated_at = now() - interval '3 minutes' where id = $1`, [id]);
    await reaches(uninvited, id, 'sent', 20_000);
  });

  it('erases an anonymised candidate', async () => {
    const check = await aSentCheck(team);
    const found = await losing('integrations.order-to-erase');
    expect((await team.admin.post(`/candidates/${check.candidateId}/anonymise`)).status).toBe(204);
    await eventually(
      'it is to be erased',
      () => orderOf(check.id),
      (order) => order?.['erase_due_at'] !== null,
    );
    await found();
    await database.query(`update integrations.order set erase_due_at = now() - interval '3 minutes' where id = $1`, [
      check.id,
    ]);
    await eventually(
      'it is erased',
      () => orderOf(check.id),
      (order) => order?.['erased_at'] !== null,
      20_000,
    );
    await eventually(
      'nothing is left to do',
      () => orderOf(check.id),
      (order) => order?.['erase_due_at'] === null,
      25_000,
    );
  });

  const tried = (id: string): Promise<number> =>
    database
      .query<{ cancel_asked: number }>('select cancel_asked from background_checks.background_check where id = $1', [
        id,
      ])
      .then(({ rows }) => rows[0]?.cancel_asked ?? 0);
  const isDue = (id: string, asked: number): Promise<unknown> =>
    database.query(
      `update background_checks.background_check
       set cancel_asked = $2, cancel_due_at = now() - interval '3 minutes', nudged_at = null where id = $1`,
      [id, asked],
    );
  const waitingTries = async (id: string): Promise<number> => {
    const jobs = await database.query(
      `select 1 from queue.job where name like 'background-checks.cancel-outstanding%' and state < 'active'
         and data->>'checkId' = $1`,
      [id],
    );
    return jobs.rows.length;
  };
  const refuseCancels = (): Promise<unknown> =>
    sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: 50 });

  it('cancels a case with a cancellation request', async () => {
    const check = await aSentCheck(team);
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: 1 });
    const found = await losing('background-checks.cancel-outstanding');
    expect((await act(team.admin, check.id, 'cancel')).status).toBe(200);
    await found();
    await isDue(check.id, 1);
    await shows(team, check.id, 'that it is cancelled', ({ status }) => status === 'cancelled', 20_000);
  });

  it('starts no second chain of attempts when an event comes twice', async () => {
    const check = await aSentCheck(team);
    await refuseCancels();
    expect((await act(team.admin, check.id, 'cancel')).status).toBe(200);
    await eventually(
      'it was tried twice',
      () => tried(check.id),
      (count) => count === 2,
      15_000,
    );
    for (let i = 0; i < 3; i += 1)
      await database.query(
        `insert into queue.job (name, data, policy) values ('integrations.order-placed.v1/record-progress', $1, 'standard')`,
        [{ teamId: team.teamId, orderId: check.id }],
      );
    await eventually(
      'the news was heard',
      () =>
        database.query(`select 1 from queue.job where name like 'integrations.order-placed%' and state < 'completed'`),
      ({ rows }) => rows.length === 0,
      15_000,
    );
    expect([await tried(check.id), await waitingTries(check.id)]).toEqual([2, 1]);
    await sandbox.control.clearFaults();
  });

  it('asks an admin after the last attempt, who can then retry', async () => {
    const check = await aSentCheck(team);
    await refuseCancels();
    expect((await act(team.admin, check.id, 'cancel')).status).toBe(200);
    await isDue(check.id, cancelGaps.length);
    const asked = await shows(team, check.id, 'that it was given up', ({ failure }) => failure !== null, 20_000);
    expect(asked).toMatchObject({
      status: 'invited',
      cancel_requested_at: null,
      failure: { reason: 'cancel_unconfirmed' },
      available_actions: ['cancel', 'refresh'],
    });
    const discrepancies = async (): Promise<{ kind: string; background_check_id: string }[]> =>
      (await team.admin.get<{ kind: string; background_check_id: string }[]>('/integrations/certn/discrepancies')).body;
    const ofCheck = async (): Promise<string[]> =>
      (await discrepancies()).filter((one) => one.background_check_id === check.id).map(({ kind }) => kind);
    expect(await ofCheck()).toEqual(['cancel_unconfirmed']);
    await sandbox.control.act(check.caseId, 'open');
    await reaches(team, check.id, 'opened', 20_000);
    expect((await shown(team, check.id)).failure?.reason).toBe('cancel_unconfirmed');
    await sandbox.control.clearFaults();
    expect((await act(team.admin, check.id, 'cancel')).body.failure).toBeNull();
    await reaches(team, check.id, 'cancelled', 20_000);
    expect(await ofCheck()).toEqual([]);
    expect((await historyOf(team, check.id)).filter(({ kind }) => kind === 'cancel_requested')).toHaveLength(2);
  });
});
