import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { freePort } from '../../scripts/free-port.js';
import { type Answer, call, Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { Service } from '../support/service.js';
import { aSentCheck, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { Balancer, type Sample, Traffic } from '../support/traffic.js';

/** The number of restarts of both replicas; 20 for the figure in docs/reliability.md. */
const rounds = Number(process.env['STOP_ROUNDS'] ?? 1);

describe('A rolling restart of the replicas', () => {
  let sandbox: Sandbox;
  let database: TestDatabase;
  let ports: number[];
  let services: Service[] = [];
  let team: ConnectedTeam;

  async function start(port: number): Promise<Service> {
    const service = Service.spawn(database.url, port, { CERTN_BASE_URL: sandbox.url });
    await eventually(
      'it is ready',
      () => call(service.url, 'GET', '/health/ready'),
      (answer) => answer.status === 200,
      60_000,
    );
    return service;
  }

  beforeAll(async () => {
    sandbox = await startSandbox();
    database = await createTestDatabase();
    ports = [await freePort(), await freePort()];
    services = [];
    for (const port of ports) services.push(await start(port));
    const url = services[0]?.url ?? '';
    team = await connectedTeam({ url, databaseUrl: database.url, close: async () => undefined }, sandbox);
  }, 120_000);

  afterAll(async () => {
    await Promise.all(services.map((service) => service.stop('SIGKILL')));
    await sandbox.stop();
    await database.drop();
  });

  interface Stop {
    ms: number;
    code: number | null;
  }
  async function restart(n: number): Promise<Stop> {
    const begun = performance.now();
    const code = (await services[n]?.stop()) ?? null;
    const ms = performance.now() - begun;
    services[n] = await start(ports[n] ?? 0);
    return { ms, code };
  }

  async function missing(samples: Sample[]): Promise<number> {
    const made = samples.map((sample) => (sample.body as { id: string }).id);
    const db = new pg.Client({ connectionString: database.url });
    await db.connect();
    const found = await db.query('select id from hiring.candidate where id = any($1)', [made]);
    await db.end();
    return made.length - (found.rowCount ?? 0);
  }

  it(
    'fails no request under load, ends each replica within ten seconds, and loses nothing acknowledged [P14, C10]',
    async () => {
      const balancer = new Balancer(services.map((service) => service.url));
      const { id, token } = team.admin;
      const aCandidate = (): Promise<Answer<unknown>> =>
        new Person(balancer.next(), id, token).post('/candidates', { first_name: 'Ada', last_name: 'L' });
      const traffic = new Traffic(4, 10, aCandidate);
      const stops: Stop[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const n of [0, 1]) {
          stops.push(await restart(n));
          await eventually(
            'the balancer sends to both again',
            async () => new Set([balancer.next(), balancer.next()]).size,
            (urls) => urls === 2,
          );
        }
      }
      const samples = await traffic.stop();
      await balancer.stop();
      const slowest = Math.round(Math.max(...stops.map((stop) => stop.ms)));
      process.stdout.write(`P14: ${stops.length} stops, slowest ${slowest} ms; ${samples.length} requests\n`);
      expect(samples.filter((sample) => sample.status !== 201)).toEqual([]);
      expect(samples.length).toBeGreaterThan(50);
      expect(stops.map((stop) => stop.code)).toEqual(stops.map(() => 0));
      expect(slowest).toBeLessThan(10_000);
      expect(await missing(samples)).toBe(0);
    },
    120_000 * rounds,
  );

  it('ends a replica despite a hanging job, which the other replica takes over at once [P14]', async () => {
    const { id, caseId } = await aSentCheck(team);
    await sandbox.control.fault({ kind: 'hang-before-commit', route: 'case', ms: 60_000, account: team.account.id });
    await sandbox.control.act(caseId, 'open');
    await eventually(
      'a worker reads the case',
      () => sandbox.control.requests({ account: team.account.id }),
      (requests) => requests.some((request) => request.fault === 'hang-before-commit' && !request.finished),
    );
    const stops = await Promise.all(services.map(async (service) => ({ code: await timed(service) })));
    expect(Math.max(...stops.map(({ code }) => code.ms))).toBeLessThan(10_000);
    services = [await start(ports[0] ?? 0)];
    const begun = performance.now();
    await reaches(team, id, 'opened');
    expect(performance.now() - begun).toBeLessThan(5_000);
  }, 120_000);

  async function timed(service: Service): Promise<Stop> {
    const begun = performance.now();
    const code = await service.stop();
    return { ms: performance.now() - begun, code };
  }
});
