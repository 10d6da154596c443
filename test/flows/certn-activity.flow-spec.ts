import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aJob, aStage, connectedTeam, type ConnectedTeam, readCheck, readyToSend, send } from '../support/fixtures.js';

interface Item {
  id: string;
  type: string;
  display_name: string;
  package: { id: string; name: string; available: boolean } | null;
  deleted_at: string | null;
}

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const kind = { type: 'background_check', vendor: 'certn' };
const named = { ...kind, vendor_name: 'Certn' };
const backgroundCheck = { ...named, label: 'Certn background check' };

describe('a Certn activity in an interview plan', () => {
  it('is neither offered nor accepted before Certn is enabled [R-22]', async () => {
    const { admin } = await aTeam(app);
    expect((await admin.get('/activity_types')).body).not.toContainEqual(backgroundCheck);
    const stageId = await aStage(admin, await aJob(admin), 'Background check');
    const refused = await admin.post(`/job_stages/${stageId}/items`, aCheckWith(team.packageId));
    expect(refused).toMatchObject({ status: 409, body: { reason: 'integration_not_enabled' } });
  });

  it('is offered as "Certn background check" under "Add activity" once Certn is enabled [R-40, R-43]', async () => {
    expect((await team.admin.get('/activity_types')).body).toContainEqual(backgroundCheck);
  });

  it('requires a package [R-44]', async () => {
    const stageId = await aNewStage();
    for (const body of [{}, { package_id: null }, { package_id: '' }, { package_id: 7 }]) {
      const refused = await team.admin.post<{ errors: { json: object } }>(`/job_stages/${stageId}/items`, {
        ...kind,
        ...body,
      });
      expect(refused.status).toBe(422);
      expect(Object.keys(refused.body.errors.json)).toEqual(['package_id']);
    }
  });

  it.each([{}, { vendor: null }, { vendor: 'plainscreen' }, { vendor: ['certn'] }])(
    'requires its vendor, and refuses %j',
    async (vendor) => {
      const body = { type: 'background_check', package_id: team.packageId, ...vendor };
      const refused = await team.admin.post<{ errors: { json: object } }>(
        `/job_stages/${await aNewStage()}/items`,
        body,
      );
      expect(refused.status).toBe(422);
      expect(Object.keys(refused.body.errors.json)).toEqual(['vendor']);
    },
  );

  it('is unknown by the name that rows have for it', async () => {
    const body = { type: 'certn_background_check', package_id: team.packageId };
    const refused = await team.admin.post<{ errors: { json: object } }>(`/job_stages/${await aNewStage()}/items`, body);
    expect(refused.status).toBe(422);
    expect(Object.keys(refused.body.errors.json)).toEqual(['type']);
  });

  it('reports a missing package first while Certn is not enabled [R-44]', async () => {
    const { admin } = await aTeam(app);
    const stageId = await aStage(admin, await aJob(admin), 'A');
    expect((await admin.post(`/job_stages/${stageId}/items`, kind)).status).toBe(422);
  });

  it.each(['Background check', 'Phone screen', 'Offer'])(
    'is added to the stage "%s" with one package and the product’s own name [R-01, R-02, R-45, R-46]',
    async (name) => {
      const jobId = await aJob(team.admin);
      const stageId = await aStage(team.admin, jobId, name);
      const added = await team.admin.post<Item>(`/job_stages/${stageId}/items`, aCheckWith(team.packageId));
      expect(added.status).toBe(201);
      expect(added.body).toEqual({
        id: expect.any(String) as string,
        stage_id: stageId,
        ...named,
        display_name: 'Send Certn background check',
        package: { ...team.packages[0], available: true },
        configuration: null,
        deleted_at: null,
      });
      const plan = await team.admin.get<{ items: Item[] }[]>(`/jobs/${jobId}/stages`);
      expect(plan.body.map(({ items }) => items)).toEqual([[added.body]]);
    },
  );

  it('refuses a package that the account does not have, and one that is inactive', async () => {
    const other = await connectedTeam(app, sandbox);
    const inactive = { ...other.packages[1], name: 'Criminal and credit', is_active: false };
    await sandbox.control.setPackages(other.account.id, [{ ...other.packages[0], name: 'Basic' }, inactive]);
    await other.admin.get('/integrations/certn/packages?refresh=true');
    const stageId = await aStage(other.admin, await aJob(other.admin), 'A');
    for (const packageId of ['0198c0de-0000-7000-8000-000000000000', team.packageId, inactive.id ?? '']) {
      const refused = await other.admin.post(`/job_stages/${stageId}/items`, aCheckWith(packageId));
      expect(refused).toMatchObject({ status: 422, body: { reason: 'package_unavailable' } });
      expect(Object.keys((refused.body.errors as { json: object }).json)).toEqual(['package_id']);
    }
  });

  async function aJobWithACheck({ admin, packageId }: ConnectedTeam): Promise<string> {
    const jobId = await aJob(admin);
    const stageId = await aStage(admin, jobId, 'A');
    await admin.post(`/job_stages/${stageId}/items`, aCheckWith(packageId));
    return jobId;
  }

  it('keeps packages available that the new account also has when the connection changes, before a user opens the plan [R-35]', async () => {
    const own = await connectedTeam(app, sandbox);
    const jobId = await aJobWithACheck(own);
    expect((await own.admin.put('/integrations/certn', { environment: 'sandbox' })).status).toBe(200);
    expect(await firstItem(own.admin, jobId)).toMatchObject({ package: { ...own.packages[0], available: true } });
  });

  it('does not block a change of the connection while the packages cannot be read [R-35]', async () => {
    const own = await connectedTeam(app, sandbox);
    const jobId = await aJobWithACheck(own);
    await sandbox.control.fault({
      account: own.account.id,
      route: 'packages',
      kind: 'status',
      status: 500,
      times: null,
    });
    expect((await own.admin.put('/integrations/certn', { environment: 'sandbox' })).status).toBe(200);
    await sandbox.control.clearFaults();
    expect((await own.admin.get('/integrations/certn/packages')).status).toBe(200);
    expect(await firstItem(own.admin, jobId)).toMatchObject({ package: { available: true } });
  });

  it('shows that its package is no longer available', async () => {
    const other = await connectedTeam(app, sandbox);
    const jobId = await aJobWithACheck(other);
    const [gone, kept] = other.packages;
    await sandbox.control.setPackages(other.account.id, [{ ...kept, name: 'Criminal and credit' }]);
    await other.admin.get('/integrations/certn/packages?refresh=true');
    expect(await firstItem(other.admin, jobId)).toMatchObject({ package: { ...gone, available: false } });
  });

  it('can change its package and can be removed; a sent check keeps its own [R-47]', async () => {
    const ready = await readyToSend(team);
    const sent = await send(team.admin, ready);
    expect(sent.status).toBe(201);
    const [first, second] = team.packages;
    const path = `/job_stage_items/${ready.itemId}`;
    expect(await team.admin.patch(path, { package_id: second?.id })).toMatchObject({
      status: 200,
      body: { id: ready.itemId, package: { ...second, available: true } },
    });
    expect((await team.admin.patch(path, { package_id: 'nonsense' })).body.reason).toBe('package_unavailable');
    expect((await team.admin.patch(path, {})).status).toBe(422);
    expect((await team.admin.delete(path)).status).toBe(204);
    expect(await readCheck(team, sent.body.id)).toMatchObject({ package: first });
  });

  it('does not block the removal of its stage after checks were sent from it [R-48]', async () => {
    const ready = await readyToSend(team);
    expect((await send(team.admin, ready)).status).toBe(201);
    expect((await team.admin.delete(`/job_stages/${ready.stageId}`)).status).toBe(204);
  });

  it('can still be added while the connection requires action', async () => {
    const other = await connectedTeam(app, sandbox);
    const stageId = await aStage(other.admin, await aJob(other.admin), 'A');
    await other.admin.get('/integrations/certn/packages');
    await sandbox.control.patchAccount(other.account.id, { revoke_key: other.account.api_keys[0]?.id ?? '' });
    await other.admin.get('/integrations/certn/packages?refresh=true');
    expect((await other.admin.get('/integrations/certn')).body).toMatchObject({ state: 'action_required' });
    expect((await other.admin.get('/activity_types')).body).toContainEqual(backgroundCheck);
    expect((await other.admin.post(`/job_stages/${stageId}/items`, aCheckWith(other.packageId))).status).toBe(201);
  });

  it('is no longer offered or accepted after disconnecting, and existing ones stay [R-22]', async () => {
    const other = await connectedTeam(app, sandbox);
    const ready = await readyToSend(other);
    expect((await other.admin.delete('/integrations/certn')).status).toBe(204);
    expect((await other.admin.get('/activity_types')).body).not.toContainEqual(backgroundCheck);
    const refused = await other.admin.post(`/job_stages/${ready.stageId}/items`, aCheckWith(other.packageId));
    expect(refused.body.reason).toBe('integration_not_enabled');
    const plan = await other.admin.get<{ items: Item[] }[]>(`/jobs/${ready.jobId}/stages`);
    expect(plan.body[1]?.items.map(({ id }) => id)).toEqual([ready.itemId]);
    expect((await other.admin.delete(`/job_stage_items/${ready.itemId}`)).status).toBe(204);
  });

  it('is recorded in the audit log', async () => {
    const { itemId } = await readyToSend(team);
    await team.admin.patch(`/job_stage_items/${itemId}`, { package_id: team.packages[1]?.id });
    await team.admin.delete(`/job_stage_items/${itemId}`);
    const log = await team.admin.get<{ action: string }[]>(`/audit_log?entity_id=${itemId}`);
    expect(log.body.map(({ action }) => action)).toEqual(['item.delete', 'item.update', 'item.create']);
  });
});

const aCheckWith = (packageId: string) => ({ ...kind, package_id: packageId });

const aNewStage = async (): Promise<string> => aStage(team.admin, await aJob(team.admin), 'Any stage');

async function firstItem(admin: Person, jobId: string): Promise<Item | undefined> {
  return (await admin.get<{ items: Item[] }[]>(`/jobs/${jobId}/stages`)).body[0]?.items[0];
}
