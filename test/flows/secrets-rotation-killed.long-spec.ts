import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { readCredentialsKeys } from '../../src/platform/config/settings.js';
import { Keyring } from '../../src/platform/secrets/keyring.js';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.js';
import { call, signIn } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { Service } from '../support/service.js';
import { connectedTeam, type ConnectedTeam } from '../support/fixtures.js';
import { waitingStatements } from '../support/waiting-statements.js';

const key = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const [older, newer, lost] = [key('older'), key('newer'), key('lost')];
const keyringOf = (...keys: string[]): Keyring =>
  new Keyring(readCredentialsKeys({ CREDENTIALS_KEYS: keys.join(',') }));

interface Sealed {
  team_id: string;
  connection_id: string;
  column: string;
  sealed: string;
}

let app: RunningApp;
let sandbox: Sandbox;
let database: pg.Client;
let teams: ConnectedTeam[];
const started: Service[] = [];
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, CREDENTIALS_KEYS: older } });
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  teams = [];
  for (let i = 0; i < 4; i += 1) {
    const team = await connectedTeam(app, sandbox);
    await team.admin.put('/integrations/certn', { webhook_secret_key: `the second one of team ${i}` });
    teams.push(team);
  }
});
afterAll(async () => {
  for (const service of started) service.process.kill('SIGKILL');
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

/** The command as an operating system process. */
function rotation(...keys: string[]): {
  process: ChildProcess;
  ended: Promise<{ code: number | null; out: string; err: string }>;
} {
  const child = startProcess(
    process.execPath,
    [join(import.meta.dirname, '..', '..', 'dist', 'commands', 'secrets-rotate.js')],
    {
      env: { PATH: process.env['PATH'], DATABASE_URL: app.databaseUrl, CREDENTIALS_KEYS: keys.join(',') },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]);
  return { process: child, ended: ended.then(([code, out, err]) => ({ code, out, err })) };
}

async function secrets(): Promise<Sealed[]> {
  const { rows } = await database.query<Sealed>(`
    select c.team_id, c.id as connection_id, s."column", s.sealed from integrations.connection c
    cross join lateral (values ('api_key', c.api_key ->> 'sealed'), ('webhook_secret', c.webhook_secret ->> 'sealed'),
      ('previous_webhook_secret', c.previous_webhook_secret)) s ("column", sealed) where s.sealed is not null order by 1, 2, 3`);
  return rows;
}

const placeOf = ({ team_id, connection_id, column }: Sealed): string =>
  `integrations.connection/${team_id}/${connection_id}/${column === 'api_key' ? 'api_key' : 'webhook_secret'}`;
/** Every secret in plain text, by its location. It must be the same before and after everything. */
const opened = async (): Promise<string[]> => {
  const keyring = keyringOf(newer, older);
  return (await secrets()).map((one) => `${placeOf(one)} ${one.column} ${keyring.open(one.sealed, placeOf(one))}`);
};
const sealedWith = async (kid: string): Promise<number> =>
  (await secrets()).filter(({ sealed }) => sealed.startsWith(`${kid}.`)).length;
const entries = async (): Promise<number> =>
  (await database.query("select from platform.audit_entry where action = 'secrets.rotate'")).rowCount ?? 0;

/** Blocks the run where it writes this column of this team's connection. Its earlier writes are not committed yet. */
async function pausedAt(teamId: string, column: string): Promise<{ goOn: () => Promise<void> }> {
  await database.query(`
    create or replace function public.stand_still() returns trigger language plpgsql as $$
    begin perform pg_advisory_xact_lock(4711); return new; end $$;
    create or replace trigger stand_still before update on integrations.connection for each row
    when (new.team_id = '${teamId}' and new.${column} is distinct from old.${column}) execute function public.stand_still()`);
  const holder = new pg.Client({ connectionString: app.databaseUrl });
  await holder.connect();
  await holder.query('select pg_advisory_lock(4711)');
  return { goOn: () => holder.end() };
}

const writing = (): Promise<number> => waitingStatements(database, 'update integrations.connection set');

describe('A rotation that is killed in the middle of its writes', () => {
  it.each([
    [1, 'api_key'],
    [2, 'previous_webhook_secret'],
    [3, 'webhook_secret'],
    [4, 'webhook_secret'],
  ])('loses nothing, and the next run continues from there (team %d, %s)', async (nth, column) => {
    const before = await opened();
    const [held] = (await secrets()).slice((nth - 1) * 3);
    const stop = await pausedAt(held?.team_id ?? '', column);
    const run = rotation(newer, older);
    await eventually('it is writing', writing, (statements) => statements === 1);
    run.process.kill('SIGKILL');
    await run.ended;
    await stop.goOn();
    await eventually(
      'its connection is gone',
      () =>
        database.query(
          "select from pg_stat_activity where query like '%set % = jsonb_set%' or query like '%set previous%'",
        ),
      ({ rowCount }) => (rowCount ?? 0) <= 1,
    );
    await database.query('drop trigger stand_still on integrations.connection');
    expect(await opened()).toEqual(before);
    // Each team is consistent: all its secrets are sealed with one key, and each resealed team has an audit entry.
    expect([await sealedWith('newer'), await sealedWith('older')]).toEqual([(nth - 1) * 3, 12 - (nth - 1) * 3]);
    expect(await entries()).toBe(nth - 1);
  });

  it('is completed by another run, with every secret unchanged', async () => {
    const before = await opened();
    const { code, out } = await rotation(newer, older).ended;
    expect([code, out]).toEqual([0, expect.stringContaining('Older keys are not needed any more')]);
    expect(await opened()).toEqual(before);
    expect([await sealedWith('newer'), await sealedWith('older'), await entries()]).toEqual([12, 0, 4]);
  });
});

describe('A secret that cannot be opened', () => {
  it('is reported, stays unchanged, and does not stop the others', async () => {
    const all = await secrets();
    const [strange, damaged] = [all[0], all[5]] as [Sealed, Sealed];
    const sealed = keyringOf(lost).seal('whatever it was', placeOf(strange));
    const broken = `${damaged.sealed.slice(0, -8)}AAAAAAA=`;
    const set = (column: string) =>
      `update integrations.connection set ${column} = jsonb_set(${column}, '{sealed}', to_jsonb($1::text)) where id = $2`;
    await database.query(set(strange.column), [sealed, strange.connection_id]);
    await database.query(set(damaged.column), [broken, damaged.connection_id]);
    const third = key('third');
    const { code, out, err } = await rotation(third, newer).ended;
    expect([code, out]).toEqual([1, '']);
    const lines = err.trim().split('\n');
    const place = (one: Sealed): string => `Team ${one.team_id}, connection ${one.connection_id}, ${one.column}: `;
    expect(lines).toEqual([
      `${place(strange)}the key "lost" that sealed it is not in CREDENTIALS_KEYS.`,
      `${place(damaged)}it does not open with its key "newer": it was changed, and must be entered again.`,
      '10 secrets were sealed with the key "third". 2 could not be opened and stay as they were: keep the older keys.',
    ]);
    for (const secret of [sealed, broken, 'second one of team']) expect(err).not.toContain(secret.split('.').at(-1));
    expect([await sealedWith('third'), await sealedWith('lost')]).toEqual([10, 1]);
    // With the lost key, the foreign secret can be resealed. The damaged one is entered again, and none is left.
    await rotation(third, newer, lost).ended;
    expect([await sealedWith('third'), await sealedWith('lost')]).toEqual([11, 0]);
    const service = await Service.start(app.databaseUrl, await freePort(), {
      CERTN_BASE_URL: sandbox.url,
      CREDENTIALS_KEYS: [third, newer].join(','),
    });
    started.push(service);
    const team = teams.find(({ teamId }) => teamId === damaged.team_id) as ConnectedTeam;
    const admin = await signIn(service.url, team.admin.id);
    const said = await admin.put('/integrations/certn', {});
    expect([said.status, said.body]).toMatchObject([503, { reason: 'secret_unreadable' }]);
    const { api_key, webhook_secret } = team.account;
    const again = await admin.put('/integrations/certn', { api_key, webhook_secret_key: webhook_secret });
    expect(again.status).toBe(200);
    await service.stop();
    expect(await rotation(third).ended).toMatchObject({ code: 0 });
  }, 90_000);
});

describe('A replica without the new key', () => {
  it('says so at its start, in its metrics, and in every request that needs a secret; nothing is lost', async () => {
    const [newest] = (await secrets()).map(({ sealed }) => sealed.split('.')[0]);
    const [port, metrics] = [await freePort(), await freePort()];
    const lacking = await Service.start(app.databaseUrl, port, {
      CERTN_BASE_URL: sandbox.url,
      CREDENTIALS_KEYS: older,
      METRICS_PORT: String(metrics),
      LOG_LEVEL: 'info',
      ROLE: 'api',
    });
    const line = `CREDENTIALS_KEYS lacks the key \\"${newest}\\", which sealed`;
    started.push(lacking);
    await eventually(
      'it says so',
      async () => lacking.said.join('\n'),
      (said) => said.includes(line),
    );
    const figures = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
    expect(figures).toMatch(/^secrets_without_key 11$/m);
    const [team] = teams as [ConnectedTeam];
    const admin = await signIn(lacking.url, team.admin.id);
    const answers = [
      await admin.put('/integrations/certn', {}),
      await admin.get('/integrations/certn/packages?refresh=true'),
    ];
    for (const { status, body } of answers) expect([status, body]).toMatchObject([503, { reason: 'key_missing' }]);
    expect(lacking.said.filter((said) => said.includes('give it to this replica'))).toHaveLength(1);
    expect((await call(lacking.url, 'GET', '/health/ready')).status).toBe(200);
    expect((await admin.get('/jobs')).status).toBe(200);
    await lacking.stop();
  }, 60_000);
});
