import { eventually } from '../support/eventually.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, aTeam, type Answer, call, type Person, signIn } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import type { SandboxFault } from '../support/sandbox.js';
import { aCertnItem, aJob, anAccount, aStage, connect, type ConnectedTeam } from '../support/fixtures.js';

interface Package {
  id: string;
  name: string;
  active: boolean;
}
interface Refusal {
  reason: string;
  message: string;
}

const path = '/integrations/certn/packages';
const refresh = `${path}?refresh=true`;

describe("the packages of a team's Certn account", () => {
  let app: RunningApp;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  });

  afterAll(async () => {
    await app.close();
    await sandbox.stop();
  });

  afterEach(() => sandbox.control.clearFaults());

  const aConnectedTeam = async (): Promise<Pick<ConnectedTeam, 'admin' | 'account'>> => {
    const { admin } = await aTeam(app);
    const account = await anAccount(sandbox);
    await connect(admin, account);
    return { admin, account };
  };

  const list = (person: Person, at = path): Promise<Answer<Package[]>> => person.get<Package[]>(at);
  const names = async (person: Person, at = path): Promise<string[]> =>
    (await list(person, at)).body.map(({ name }) => name);
  const trouble = (account: string, fault: Partial<SandboxFault>): Promise<unknown> =>
    sandbox.control.fault({ ...fault, route: 'packages', account, times: null } as SandboxFault);

  describe('without a connection [R-22]', () => {
    it('have no list', async () => {
      const { admin } = await aTeam(app);
      const refused = await admin.get<Refusal>(path);
      expect([refused.status, refused.body.reason]).toEqual([409, 'integration_not_enabled']);
    });

    it('have no list while it is switched off, and the old list afterwards', async () => {
      const { admin } = await aConnectedTeam();
      await list(admin);
      await admin.delete('/integrations/certn');
      expect((await list(admin)).status).toBe(409);
      await admin.put('/integrations/certn', {});
      expect((await list(admin)).status).toBe(200);
    });
  });

  it("come from the customer's own account [R-30]", async () => {
    const [one, other] = [await aConnectedTeam(), await aConnectedTeam()];
    await sandbox.control.setPackages(other.account.id, [{ name: 'Executive' }]);
    const answer = await list(one.admin);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual(one.account.packages.map(({ id, name }) => ({ id, name, active: true })));
    expect(Math.abs(Date.parse(answer.headers.get('x-fetched-at') ?? '') - Date.now())).toBeLessThan(60_000);
    expect(answer.headers.has('x-stale')).toBe(false);
    expect(answer.headers.get('x-environment')).toBe('production');
    expect(await names(other.admin)).toEqual(['Executive']);
  });

  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s is not possible [R-31]', async (method) => {
    const { admin } = await aConnectedTeam();
    const authorization = `Bearer ${admin.token}`;
    const answer = await call(app.url, method, `/ats/v0${path}`, { name: 'Mine' }, { authorization });
    expect(answer.status).toBe(405);
  });

  it('show changes at Certn within a minute, and at once on request [R-32]', async () => {
    const { admin, account } = await aConnectedTeam();
    const first = await list(admin);
    await sandbox.control.setPackages(account.id, [...account.packages, { name: 'Driving record' }]);
    const again = await list(admin);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('x-fetched-at')).toBe(first.headers.get('x-fetched-at'));
    expect(await names(admin, refresh)).toEqual(['Basic', 'Criminal and credit', 'Driving record']);
    expect(await names(admin)).toContain('Driving record');
  });

  it('list an inactive one only while a plan uses it [R-33]', async () => {
    const { admin, account } = await aConnectedTeam();
    const [basic, other] = account.packages;
    const stage = await aStage(admin, await aJob(admin), 'Background check');
    const item = await aCertnItem(admin, stage, basic?.id ?? '');
    const off = [
      { name: 'Basic', ...basic, is_active: false },
      { name: 'Other', ...other, is_active: false },
    ];
    await sandbox.control.setPackages(account.id, off);
    expect((await list(admin, refresh)).body).toEqual([{ id: basic?.id, name: 'Basic', active: false }]);
    expect((await admin.delete(`/job_stage_items/${item}`)).status).toBe(204);
    expect((await list(admin)).body).toEqual([]);
  });

  it('no longer list one that was removed at Certn, and it cannot be attached [R-35]', async () => {
    const { admin, account } = await aConnectedTeam();
    await sandbox.control.setPackages(account.id, account.packages.slice(1));
    expect(await names(admin)).toEqual(['Criminal and credit']);
    const stage = await aStage(admin, await aJob(admin), 'Background check');
    const item = { type: 'background_check', vendor: 'certn', package_id: account.packages[0]?.id };
    const refused = await admin.post<Refusal>(`/job_stages/${stage}/items`, item);
    expect([refused.status, refused.body.reason]).toEqual([422, 'package_unavailable']);
  });

  describe('when Certn cannot be reached [R-34]', () => {
    it.each<[string, Partial<SandboxFault>]>([
      ['does not answer', { kind: 'reset-before' }],
      ['has a fault of its own', { kind: 'status', status: 500 }],
      ['answers with a page', { kind: 'html-200' }],
      ['asks for fewer calls', { kind: 'throttle' }],
      ['refuses the key', { kind: 'status', status: 401 }],
    ])(
      'answer 503 without a known list, and later the last list marked as stale, because it %s',
      async (_what, fault) => {
        const { admin, account } = await aConnectedTeam();
        await trouble(account.id, fault);
        const refused = await admin.get<Refusal>(path);
        expect([refused.status, refused.body.reason]).toEqual([503, 'vendor_unreachable']);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
        await sandbox.control.clearFaults();
        // A requested pause is respected first.
        const fresh = await eventually(
          'there is a list',
          () => list(admin),
          ({ status }) => status === 200,
        );
        expect(fresh.body).toHaveLength(2);
        await trouble(account.id, fault);
        const stale = await list(admin, refresh);
        expect(stale.status).toBe(200);
        expect(stale.body).toEqual(fresh.body);
        expect(stale.headers.get('x-stale')).toBe('true');
        expect(stale.headers.get('x-fetched-at')).toBe(fresh.headers.get('x-fetched-at'));
      },
    );
  });

  it('answer 429 without a known list when the calls of the account are used up, and later the last list marked as stale', async () => {
    const { admin } = await aConnectedTeam();
    const env = { CERTN_BASE_URL: sandbox.url, CERTN_REQUESTS_PER_MINUTE: '1' };
    const thrifty = await startApp({ databaseUrl: app.databaseUrl, env });
    try {
      const there = await signIn(thrifty.url, admin.id);
      const refused = await there.get<Refusal>(path);
      expect([refused.status, refused.body.reason]).toEqual([429, 'budget_exhausted']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      await list(admin);
      expect((await list(there, refresh)).headers.get('x-stale')).toBe('true');
    } finally {
      await thrifty.close();
    }
  });

  it('cost one call for many simultaneous requests', async () => {
    const { admin, account } = await aConnectedTeam();
    // Slow enough that all of them wait for the same response.
    await trouble(account.id, { kind: 'slow-body', ms: 500 });
    const answers = await Promise.all(Array.from({ length: 10 }, () => list(admin)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    const requests = await sandbox.control.requests({ account: account.id });
    expect(requests.filter((request) => request.path.includes('packages'))).toHaveLength(1);
  });

  it('refuse invalid query parameters', async () => {
    const { admin } = await aConnectedTeam();
    expect((await list(admin, `${path}?refresh=perhaps`)).status).toBe(422);
    expect((await list(admin, `${path}?page=2`)).status).toBe(422);
  });

  describe('are visible to [R-07]', () => {
    it('users who may edit a plan or send checks', async () => {
      const { admin } = await aConnectedTeam();
      const jobId = await aJob(admin);
      const granted = async (level: 'limited' | 'restricted', permission: string): Promise<number> => {
        const person = await aColleague(admin, level);
        const before = await admin.get<unknown[]>(`/jobs/${jobId}/permissions`);
        const rows = [...before.body, { user_id: person.id, permissions: [permission] }];
        await admin.put(`/jobs/${jobId}/permissions`, rows);
        return (await list(person)).status;
      };
      expect((await list(await aColleague(admin, 'standard'))).status).toBe(200);
      expect(await granted('limited', 'manage')).toBe(200);
      expect(await granted('restricted', 'send_checks')).toBe(200);
      expect(await granted('limited', 'view_results')).toBe(403);
    });

    it('no other users, whether connected or not', async () => {
      const { admin } = await aTeam(app);
      expect((await list(await aColleague(admin, 'limited'))).status).toBe(403);
      expect((await call(app.url, 'GET', `/ats/v0${path}`)).status).toBe(401);
    });
  });
});
