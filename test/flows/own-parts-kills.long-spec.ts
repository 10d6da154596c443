import pg from 'pg';
import { eventually } from '../support/eventually.js';
import { freePort } from '../../scripts/free-port.js';
import { call } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { Service } from '../support/service.js';
import { aSentCheck, connectedTeam, type ConnectedTeam } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

/** Loaded into a process of the service, it raises an error on a signal that the service does not catch. */
const mistakes = `
  process.on('SIGUSR2', () => setTimeout(() => { throw new Error('a thrown mistake'); }));
  process.on('SIGHUP', () => { void Promise.reject(Object.assign(new Error('row: ada@example.org'), { severity: 'ERROR', code: '23505' })); });
  process.on('SIGWINCH', () => { const full = []; for (;;) full.push(new Array(8e6).fill(full.length)); });`;
const clumsy = {
  NODE_OPTIONS: `--max-old-space-size=200 --import=data:text/javascript,${encodeURIComponent(mistakes)}`,
};

const reReadCase = 'integrations.case-reported.v1/re-read-case';

describe('A process that dies', () => {
  let sandbox: Sandbox;
  let database: TestDatabase;
  let db: pg.Client;
  let team: ConnectedTeam;
  let front: Service;
  const started: Service[] = [];

  const aProcess = async (env: Record<string, string> = {}): Promise<Service> => {
    const service = await Service.start(database.url, await freePort(), { CERTN_BASE_URL: sandbox.url, ...env });
    started.push(service);
    return service;
  };

  beforeAll(async () => {
    sandbox = await startSandbox();
    database = await createTestDatabase();
    db = new pg.Client({ connectionString: database.url });
    await db.connect();
    front = await aProcess({ ROLE: 'api' });
    team = await connectedTeam({ url: front.url, databaseUrl: database.url, close: async () => undefined }, sandbox);
  }, 60_000);

  afterAll(async () => {
    await Promise.all(started.map((service) => service.stop('SIGKILL')));
    await db.end();
    await sandbox.stop();
    await database.drop();
  });

  interface Job {
    id: string;
    state: string;
  }
  const jobsOf = async (orderId: string): Promise<Job[]> =>
    (
      await db.query<Job>(`select id, state from queue.job where name = $1 and data->>'orderId' = $2`, [
        reReadCase,
        orderId,
      ])
    ).rows;

  it.each([
    ['is killed', 'SIGKILL', {}],
    ['runs out of memory', 'SIGWINCH', clumsy],
  ] as const)(
    'loses no job: another worker takes up the job of one that %s within 30 s [P10, C3, C13]',
    async (_how, signal, env) => {
      const first = await aProcess(env);
      const { id, caseId } = await aSentCheck(team);
      await eventually(
        'it was read for the first time',
        () => jobsOf(id),
        (jobs) => jobs.every((job) => job.state === 'completed'),
      );
      await sandbox.control.fault({ kind: 'hang-before-commit', route: 'case', ms: 60_000 });
      await sandbox.control.act(caseId, 'open');
      const [job] = (
        await eventually(
          'the worker reads the case',
          () => jobsOf(id),
          (jobs) => jobs.some((one) => one.state === 'active'),
        )
      ).filter((one) => one.state === 'active');
      const second = await aProcess();
      first.process.kill(signal);
      await first.ended;
      const died = performance.now();
      await eventually(
        'the other worker has done it',
        () => jobsOf(id),
        (jobs) => jobs.find((one) => one.id === job?.id)?.state === 'completed',
        30_000,
      );
      process.stdout.write(`P10: taken up and done ${Math.round(performance.now() - died)} ms after the death\n`);
      await sandbox.control.clearFaults();
      await second.stop('SIGKILL');
    },
    60_000,
  );

  it.each([
    ['an uncaught error', 'SIGUSR2', 'a thrown mistake'],
    ['an unhandled rejection', 'SIGHUP', 'Error 23505'],
  ] as const)(
    'logs one line without personal data after %s, and the other process continues to serve [C13]',
    async (_what, signal, line) => {
      const clumsyOne = await aProcess(clumsy);
      clumsyOne.process.kill(signal);
      expect(await clumsyOne.ended).toBe(70);
      expect(clumsyOne.said).toHaveLength(1);
      expect(JSON.parse(clumsyOne.said[0] ?? '')).toMatchObject({ level: 60, context: 'process', msg: line });
      expect(clumsyOne.said[0]).not.toContain('ada@');
      expect((await call(front.url, 'GET', '/health/ready')).status).toBe(200);
    },
  );
});
