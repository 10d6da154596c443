import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { sign } from '../../../src/contexts/integrations/vendors/certn/certn-webhook.js';
import { freePort } from '../../../scripts/free-port.js';
import { type RunningApp, startApp } from '../../support/app.js';
import { eventually } from '../../support/eventually.js';
import { type Sandbox, startSandbox } from '../../support/sandbox.js';
import { plainscreen } from './index.js';
import { StandIn } from './stand-in.js';
import {
  addItem,
  aPlanWithBoth,
  becomes,
  type Both,
  connectedToBoth,
  notify,
  plainscreenSecret,
  post,
  read,
  sendTo,
  type VendorId,
} from './team.js';

interface ShownIntegration {
  vendor: string;
  state: string;
  region: string | null;
  regions: object[];
  capabilities: string[];
  health: { budget: { used_today: number; per_day: number }; paused_until: string | null };
}

/** The whole service with Certn and one line more in its list of vendors. */
describe('a team that uses two vendors on one job', () => {
  const standIn = new StandIn();
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  let metrics: string;

  beforeAll(async () => {
    sandbox = await startSandbox();
    const port = await freePort();
    metrics = `http://127.0.0.1:${port}/metrics`;
    const urls = { CERTN_BASE_URL: sandbox.url, PLAINSCREEN_URL: await standIn.start() };
    app = await startApp({ env: { ...urls, METRICS_PORT: String(port) }, vendors: [plainscreen] });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
    await standIn.stop();
  });
  afterEach(() => sandbox.control.clearFaults());

  const aTeamOfBoth = (): Promise<Both> => connectedToBoth(app, sandbox, standIn);
  const integration = async ({ admin }: Both, vendor: VendorId): Promise<ShownIntegration> =>
    (await admin.get<ShownIntegration>(`/integrations/${vendor}`)).body;

  /** A check at each vendor for one candidate, both of them there. */
  async function bothSent(team: Both) {
    const plan = await aPlanWithBoth(team);
    const ids = {
      certn: (await sendTo(team, plan, 'certn')).body.id,
      plainscreen: (await sendTo(team, plan, 'plainscreen')).body.id,
    };
    const certn = await becomes(team, ids.certn, 'invited');
    const plainscreen = await becomes(team, ids.plainscreen, 'sent');
    return { plan, ids, caseIds: { certn: certn.vendor.case_id ?? '', plainscreen: plainscreen.vendor.case_id ?? '' } };
  }

  it('is connected to both, each with its own account, regions and capabilities', async () => {
    const team = await aTeamOfBoth();
    const { body } = await team.admin.get<ShownIntegration[]>('/integrations');
    expect(body).toMatchObject([
      { vendor: 'certn', state: 'enabled', region: 'ca' },
      { vendor: 'plainscreen', name: 'Plainscreen', state: 'enabled', region: '', regions: [] },
    ]);
    expect(body.map(({ capabilities }) => capabilities.includes('idempotentOrders'))).toEqual([false, true]);
    const rows = await database.query<{ vendor: string; account_key: string }>(
      'select vendor, account_key from integrations.connection where team_id = $1 and current order by vendor',
      [team.teamId],
    );
    expect(rows.rows.map(({ vendor }) => vendor)).toEqual(['certn', 'plainscreen']);
    expect(new Set(rows.rows.map(({ account_key }) => account_key)).size).toBe(2);
  });

  it('is told when a vendor has no such region or environment', async () => {
    const { admin } = await aTeamOfBoth();
    for (const [vendor, body, message] of [
      ['plainscreen', { region: 'ca' }, 'Plainscreen has no regions.'],
      ['plainscreen', { environment: 'sandbox' }, 'Plainscreen has these environments: production.'],
      ['certn', { region: 'us' }, 'Certn has these regions: ca, uk, au.'],
    ] as const)
      expect(await admin.put(`/integrations/${vendor}`, body)).toMatchObject({ status: 422, body: { message } });
  });

  it('plans an activity of each, under its own name, with a package of its own vendor only', async () => {
    const team = await aTeamOfBoth();
    const offered = await team.admin.get<{ vendor?: string }[]>('/activity_types');
    expect(offered.body.filter(({ vendor }) => vendor)).toEqual([
      { type: 'background_check', vendor: 'certn', vendor_name: 'Certn', label: 'Certn background check' },
      { type: 'background_check', vendor: 'plainscreen', vendor_name: 'Plainscreen', label: 'Plainscreen check' },
    ]);
    const { stageId, items } = await aPlanWithBoth(team);
    const plain = await addItem(team, stageId, 'plainscreen');
    expect(plain.body).toMatchObject({ vendor_name: 'Plainscreen', display_name: 'Send Plainscreen check' });
    for (const [vendor, other, name] of [
      ['certn', 'plainscreen', 'Certn'],
      ['plainscreen', 'certn', 'Plainscreen'],
    ] as const) {
      const refusal = { status: 422, body: { message: expect.stringContaining(`your ${name} account`) as string } };
      const packageId = team.packages[other];
      expect(await addItem(team, stageId, vendor, packageId)).toMatchObject(refusal);
      const changed = await team.admin.patch(`/job_stage_items/${items[vendor]}`, { package_id: packageId });
      expect(changed).toMatchObject(refusal);
    }
    const changed = await team.admin.patch(`/job_stage_items/${items.plainscreen}`, { package_id: 'plain-full' });
    expect(changed.body).toMatchObject({ vendor: 'plainscreen', package: { name: 'Plain full', available: true } });
    const retired = team.plainAccount.products.find(({ code }) => code === 'plain-full');
    if (retired) retired.retired = true;
    const listed = await team.admin.get<{ id: string }[]>('/integrations/plainscreen/packages?refresh=true');
    expect(listed.body.map(({ id }) => id)).toEqual(['plain-basic', 'plain-full']);
    const certnPackages = await team.admin.get<{ id: string }[]>('/integrations/certn/packages');
    expect(certnPackages.body.map(({ id }) => id)).not.toContain('plain-full');
  });

  it('sends both to one candidate, and each goes its own way by webhook', async () => {
    const team = await aTeamOfBoth();
    const { plan, ids, caseIds } = await bothSent(team);
    expect(await read(team, ids.certn)).toMatchObject({ vendor: { id: 'certn', name: 'Certn' } });
    expect(await read(team, ids.plainscreen)).toMatchObject({ vendor: { id: 'plainscreen', name: 'Plainscreen' } });
    expect(team.plainAccount.byOrder.get(ids.plainscreen)).toBe(caseIds.plainscreen);

    await sandbox.control.act(caseIds.certn, 'open');
    await becomes(team, ids.certn, 'opened');
    expect(await read(team, ids.plainscreen)).toMatchObject({ status: 'sent' });

    Object.assign(team.plainAccount.screenings.get(caseIds.plainscreen) ?? {}, { phase: 'needs_customer' });
    expect(await notify(app.url, caseIds.plainscreen)).toBe(200);
    expect(await becomes(team, ids.plainscreen, 'client_action_required')).toMatchObject({
      status_label: 'Action needed in Plainscreen',
    });
    Object.assign(team.plainAccount.screenings.get(caseIds.plainscreen) ?? {}, { phase: 'done', verdict: 'green' });
    expect(await notify(app.url, caseIds.plainscreen)).toBe(200);
    expect(await becomes(team, ids.plainscreen, 'complete')).toMatchObject({ result: 'clear' });
    expect(await read(team, ids.certn)).toMatchObject({ status: 'opened', result: null });

    const shown = await team.admin.get<{ items: { vendor: string; background_checks: { id: string }[] }[] }[]>(
      `/applications/${plan.applicationId}/interview_plan`,
    );
    const placed = shown.body.flatMap(({ items }) => items).map((one) => [one.vendor, one.background_checks[0]?.id]);
    expect(placed).toEqual(expect.arrayContaining(Object.entries(ids)));
    const history = await team.admin.get<{ source: string }[]>(`/background_checks/${ids.plainscreen}/history`);
    expect(new Set(history.body.map(({ source }) => source))).toEqual(new Set(['user', 'vendor']));
  });

  it('is moved by no event of the other vendor, whoever signed it', async () => {
    const team = await aTeamOfBoth();
    const { ids, caseIds } = await bothSent(team);
    Object.assign(team.plainAccount.screenings.get(caseIds.plainscreen) ?? {}, { phase: 'viewed' });
    const certnSecret = team.certnAccount.webhook_secret ?? '';
    const aboutCase = (caseId: string, secret: string): Promise<number> => {
      const event = { id: randomUUID(), event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' };
      const body = JSON.stringify(event);
      return post(app.url, '/certn/certnWebhookHandler', body, { 'x-signature': sign(Buffer.from(body), secret) });
    };
    // Ignored, because no case of the vendor of that address has this id.
    for (const secret of [certnSecret, plainscreenSecret]) {
      expect(await aboutCase(caseIds.plainscreen, secret)).toBe(200);
      expect(await notify(app.url, caseIds.certn, secret)).toBe(200);
    }
    // Refused: the case is of that vendor, and the other vendor's secret signed.
    expect(await notify(app.url, caseIds.plainscreen, certnSecret)).toBe(401);
    expect(await aboutCase(caseIds.certn, plainscreenSecret)).toBe(401);
    const stored = await database.query(
      'select case_id from integrations.inbound_event where team_id = $1 and case_id = $2',
      [team.teamId, caseIds.plainscreen],
    );
    expect(stored.rows).toEqual([]);
    expect(await read(team, ids.plainscreen)).toMatchObject({ status: 'sent' });
    expect(await notify(app.url, caseIds.plainscreen)).toBe(200);
    await becomes(team, ids.plainscreen, 'opened');
  });

  it('reads the webhook events and replays them under their own vendor', async () => {
    const team = await aTeamOfBoth();
    const { ids, caseIds } = await bothSent(team);
    await notify(app.url, caseIds.plainscreen);
    const events = async (vendor: VendorId) =>
      (
        await team.admin.get<{ id: string; background_check_id: string; outcome: string | null }[]>(
          `/integrations/${vendor}/webhook_events`,
        )
      ).body;
    const ofPlainscreen = await eventually(
      'the event is handled',
      () => events('plainscreen'),
      ([event]) => event?.outcome === 'unchanged',
    );
    expect(ofPlainscreen.map((event) => event.background_check_id)).toEqual([ids.plainscreen]);
    expect((await events('certn')).map((event) => event.background_check_id)).not.toContain(ids.plainscreen);
    const replay = (vendor: VendorId) =>
      team.admin.post(`/integrations/${vendor}/webhook_events/${ofPlainscreen[0]?.id ?? ''}/replay`);
    expect([(await replay('certn')).status, (await replay('plainscreen')).status]).toEqual([404, 202]);
  });

  it('spends the calls of one account only, and a pause of one vendor stops the other not', async () => {
    const team = await aTeamOfBoth();
    const used = async () => [
      (await integration(team, 'certn')).health.budget.used_today,
      (await integration(team, 'plainscreen')).health.budget.used_today,
    ];
    const [certn = 0, plain = 0] = await used();
    await team.admin.get('/integrations/plainscreen/packages?refresh=true');
    expect(await used()).toEqual([certn, plain + 1]);
    await sandbox.control.fault({
      account: team.certnAccount.id,
      route: 'packages',
      kind: 'throttle',
      retry_after: 60,
    });
    await team.admin.get('/integrations/certn/packages?refresh=true');
    expect((await integration(team, 'certn')).health.paused_until).not.toBeNull();
    expect((await integration(team, 'plainscreen')).health.paused_until).toBeNull();
    const plan = await aPlanWithBoth(team);
    await becomes(team, (await sendTo(team, plan, 'plainscreen')).body.id, 'sent');
  });

  it('switches one vendor off, and the other goes on', async () => {
    const team = await aTeamOfBoth();
    const { ids, caseIds } = await bothSent(team);
    const next = await aPlanWithBoth(team);
    expect((await team.admin.delete('/integrations/certn')).status).toBe(204);
    expect((await integration(team, 'certn')).state).toBe('disabled');
    expect((await integration(team, 'plainscreen')).state).toBe('enabled');
    const offered = await team.admin.get<{ vendor?: string }[]>('/activity_types');
    expect(offered.body.flatMap(({ vendor }) => vendor ?? [])).toEqual(['plainscreen']);
    const shown = await team.admin.get<{ items: { vendor: string; cannot_send_reason: string | null }[] }[]>(
      `/applications/${next.applicationId}/interview_plan`,
    );
    expect(shown.body.flatMap(({ items }) => items.map((item) => [item.vendor, item.cannot_send_reason]))).toEqual([
      ['certn', 'integration_not_enabled'],
      ['plainscreen', null],
    ]);
    const refused = await sendTo(team, next, 'certn');
    expect(refused).toMatchObject({
      status: 409,
      body: {
        reason: 'integration_not_enabled',
        message: 'Certn is not connected. An admin can connect it under Integrations.',
      },
    });
    const sent = await sendTo(team, next, 'plainscreen');
    expect(sent.status).toBe(201);
    await becomes(team, sent.body.id, 'sent');
    // The case that was in progress is followed to its end.
    await sandbox.control.act(caseIds.certn, 'open');
    await becomes(team, ids.certn, 'opened');
  });

  it('cancels at the vendor of the check, and says where its report is', async () => {
    const team = await aTeamOfBoth();
    const { ids } = await bothSent(team);
    const results = await team.admin.get(`/background_checks/${ids.plainscreen}/results`);
    expect(results.status).toBe(409);
    expect((await team.admin.post(`/background_checks/${ids.plainscreen}/cancel`)).status).toBeLessThan(300);
    await becomes(team, ids.plainscreen, 'cancelled');
    expect(await read(team, ids.certn)).toMatchObject({ status: 'invited' });
  });

  it('shows figures of each vendor', async () => {
    await aTeamOfBoth();
    const text = await (await fetch(metrics)).text();
    for (const vendor of ['certn', 'plainscreen']) {
      expect(text).toContain(`vendor_orders_outcome_unknown{vendor="${vendor}"} 0`);
      expect(text).toContain(`vendor_connections_requiring_action{vendor="${vendor}"} 0`);
    }
    expect(text).toMatch(/vendor_key_days_left\{vendor="certn"\} 36\d/);
    // Its keys do not end.
    expect(text).not.toContain('vendor_key_days_left{vendor="plainscreen"}');
  });
});
