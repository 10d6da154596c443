import { freePort } from '../../scripts/free-port.js';
import { aTeam, signIn } from '../support/people.js';
import { Service } from '../support/service.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { UpdateListener } from '../support/update-listener.js';

describe('Two processes on one database', () => {
  let sandbox: Sandbox;
  let database: TestDatabase;
  let worker: Service;
  let api: Service;

  beforeAll(async () => {
    sandbox = await startSandbox();
    database = await createTestDatabase();
    const env = { CERTN_BASE_URL: sandbox.url };
    worker = await Service.start(database.url, await freePort(), env);
    api = await Service.start(database.url, await freePort(), { ...env, ROLE: 'api' });
  }, 60_000);

  afterAll(async () => {
    await Promise.all([worker.stop(), api.stop()]);
    await sandbox.stop();
    await database.drop();
  });

  it('share live updates: one records a change, and the other, which runs no jobs, sends it [R-84]', async () => {
    const team = await connectedTeam(
      { url: worker.url, databaseUrl: database.url, close: async () => undefined },
      sandbox,
    );
    const listener = await UpdateListener.start(await signIn(api.url, team.admin.id));
    const check = await aSentCheck(team);
    await sandbox.control.act(check.caseId, 'open');
    await listener.hears(check.id, 'opened');
    listener.close();
  });

  it('do not start on an outdated or unreachable database, and say so in one line', async () => {
    const missing = database.url.replace(/\/[^/]*$/, '/no_such_test_database');
    const refused = Service.spawn(missing, await freePort());
    expect(await refused.ended).toBe(1);
    expect(refused.said).toHaveLength(1);
    expect(refused.said[0]).toMatch(/DATABASE_URL does not answer/);
  });

  it('do not start without keys, or with the local sign-in in production, and name every fault [A22]', async () => {
    const faulty = { CREDENTIALS_KEYS: 'short:abc', NODE_ENV: 'production', PORT: '99999' };
    const refused = Service.spawn(database.url, await freePort(), faulty);
    expect(await refused.ended).toBe(1);
    expect(refused.said.join('\n')).toMatch(/LOCAL_RUN is refused when NODE_ENV=production/);
    expect(refused.said.join('\n')).toMatch(/CREDENTIALS_KEYS holds an entry/);
    expect(refused.said.join('\n')).toMatch(/PORT is "99999"/);
  });

  it('end cleanly within ten seconds on SIGTERM when idle', async () => {
    const replica = await Service.start(database.url, await freePort(), { CERTN_BASE_URL: sandbox.url });
    await aTeam({ url: replica.url, databaseUrl: database.url, close: async () => undefined });
    const begun = performance.now();
    expect(await replica.stop()).toBe(0);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });

  it('end within ten seconds on SIGTERM, even when the database stopped first [P14]', async () => {
    const own = await createTestDatabase();
    const replica = await Service.start(own.url, await freePort(), { CERTN_BASE_URL: sandbox.url });
    await own.drop();
    const begun = performance.now();
    await replica.stop();
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
