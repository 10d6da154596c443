import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, readCheck, reaches, readyToSend, send } from '../support/fixtures.js';

const ordersOf = async (team: ConnectedTeam) =>
  (await team.sandbox.control.requests({ account: team.account.id })).filter((r) => r.path.endsWith('/order-package/'));

describe('one paid order', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;
  let database: pg.Client;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ORDER_TIMEOUT_MS: '1500' } });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  beforeEach(async () => {
    team = await connectedTeam(app, sandbox);
  });
  afterEach(() => sandbox.control.clearFaults());
  afterAll(async () => {
    await database.end();
    await app.close();
    await sandbox.stop();
  });

  const fault = (kind: string, more: Record<string, unknown> = {}) =>
    sandbox.control.fault({ account: team.account.id, route: 'order-package', kind, times: 1, ...more });

  const ledger = () => sandbox.control.ledger({ account: team.account.id });

  async function sent(): Promise<string> {
    return (await send(team.admin, await readyToSend(team))).body.id;
  }

  it('asks Certn explicitly to e-mail the candidate, and the service sends no e-mail itself [R-72]', async () => {
    const ready = await readyToSend(team, { email: 'grace@example.org' });
    await reaches(team, (await send(team.admin, ready)).body.id, 'invited');
    const [order] = await ordersOf(team);
    expect(JSON.parse(order?.body ?? '{}')).toEqual({
      package: team.packageId,
      email_address: 'grace@example.org',
      send_invite_email: true,
    });
    const mails = await sandbox.control.mailbox({ account: team.account.id });
    expect(mails.map((mail) => [mail.kind, mail.to])).toEqual([['invitation', 'grace@example.org']]);
  });

  it('shows a refusal by Certn as not sent with its reason, and is not retried [R-76, E6]', async () => {
    await fault('status', {
      status: 400,
      body: {
        type: 'validation_error',
        errors: [{ code: 'invalid', detail: 'This package is archived.', attr: 'package' }],
      },
    });
    const check = await reaches(team, await sent(), 'not_sent');
    expect(check).toMatchObject({
      failure: { reason: 'refused_by_vendor', message: expect.stringContaining('archived') },
    });
    expect(await ledger()).toHaveLength(0);
    expect(await ordersOf(team)).toHaveLength(1);
  });

  it('is sent later, once, after Certn’s own 429, which means that it was not executed [E8]', async () => {
    await fault('throttle', { retry_after: 1 });
    await reaches(team, await sent(), 'invited');
    expect(await ledger()).toHaveLength(1);
    expect(await ordersOf(team)).toHaveLength(2);
  });

  it('waits while the key is rejected without using up attempts, and continues with a valid key [E7, R-77]', async () => {
    const first = await sent();
    await reaches(team, first, 'invited');
    const key = team.account.api_keys[0];
    await sandbox.control.patchAccount(team.account.id, { revoke_key: key?.id ?? '' });
    const waiting = await sent();
    await eventually(
      'the check says that it waits',
      () => readCheck(team, waiting),
      (check) => (check as { failure?: { reason: string } | null }).failure?.reason === 'connection_action_required',
    );
    await needsAttention();
    expect((await send(team.admin, await readyToSend(team))).status).toBe(409);
    const { api_key: fresh } = await sandbox.control.patchAccount(team.account.id, { add_key: true });
    expect((await team.admin.put('/integrations/certn', { api_key: fresh })).status).toBe(200);
    await reaches(team, waiting, 'invited');
    expect(await ledger()).toHaveLength(2);
  });

  const needsAttention = () =>
    eventually(
      'the connection needs attention',
      () => team.admin.get<{ state: string }>('/integrations/certn'),
      (answer) => answer.body.state === 'action_required',
    );

  it.each([307, 302])(
    'waits after a %d redirect, which is not followed, requires action, and is sent once [E13]',
    async (status) => {
      await fault('redirect', { status });
      const id = await sent();
      await needsAttention();
      expect(await readCheck(team, id)).toMatchObject({ status: 'requested', vendor: { case_id: null } });
      expect((await ordersOf(team)).map((order) => order.path)).toEqual(['/api/public/cases/order-package/']);
      expect(await ledger()).toHaveLength(0);
      expect((await team.admin.put('/integrations/certn', { api_key: team.account.api_key })).status).toBe(200);
      await reaches(team, id, 'invited');
      expect(await ledger()).toHaveLength(1);
    },
  );

  it('is dropped when the integration is switched off before it was sent, and kept when it was sent', async () => {
    const atCertn = await sent();
    await reaches(team, atCertn, 'invited');
    await sandbox.control.patchAccount(team.account.id, { revoke_key: team.account.api_keys[0]?.id ?? '' });
    const waiting = await sent();
    await needsAttention();
    expect((await team.admin.delete('/integrations/certn')).status).toBe(204);
    const dropped = await reaches(team, waiting, 'not_sent');
    expect(dropped).toMatchObject({ failure: { reason: 'integration_disabled' } });
    expect((await readCheck(team, atCertn)).status).toBe('invited');
    expect(await ledger()).toHaveLength(1);
  });

  it('is one POST per attempt, each on its own connection [E19, E20]', async () => {
    const ids = await Promise.all([sent(), sent(), sent()]);
    for (const id of ids) await reaches(team, id, 'invited');
    const orders = await ordersOf(team);
    expect(orders).toHaveLength(3);
    expect(new Set(orders.map((order) => order.connection)).size).toBe(3);
    expect(orders.every((order) => order.nth_on_connection === 1)).toBe(true);
  });

  it('has an unknown outcome and is not resent when it is still sending after its deadline [C6]', async () => {
    const ready = await readyToSend(team);
    await fault('commit-then-hang', { ms: 6000 });
    const { id } = (await send(team.admin, ready)).body;
    await eventually('Certn has it', ledger, (lines) => lines.length === 1);
    // As if the worker had died here: the response will find another attempt, and the job runs again.
    await database.query(
      `update integrations.order set attempt = attempt + 1, deadline = now() - interval '1 second' where id = $1`,
      [id],
    );
    await database.query(
      `update queue.job set state = 'retry', start_after = now()
       where name like 'integrations.order-due%' and data->>'orderId' = $1`,
      [id],
    );
    await reaches(team, id, 'confirming');
    expect(await ordersOf(team)).toHaveLength(1);
  });
});
