import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { freePort } from '../../scripts/free-port.ts';

/** How the server is stopped. `immediate`: as `pg_ctl stop -m immediate` does. `kill`: SIGKILL of the postmaster. */
export type StopMode = 'immediate' | 'kill';
/** How a backup becomes a server: recovered, or promoted as a standby that has received nothing since the backup. */
export type RestoreMode = 'recovered' | 'promoted';
const signals: Record<StopMode, NodeJS.Signals> = { immediate: 'SIGQUIT', kill: 'SIGKILL' };

/** The harness's own PostgreSQL. It forces every commit to disk, so tests may kill it. */
export class HarnessPostgres {
  readonly port: number;
  private readonly folder: string;
  private server: EmbeddedPostgres | undefined;
  private url = '';

  static async start(parent: string): Promise<HarnessPostgres> {
    mkdirSync(parent, { recursive: true });
    chmodSync(parent, 0o711);
    const postgres = new HarnessPostgres(join(parent, 'postgres'), await freePort());
    await postgres.restart();
    return postgres;
  }

  private constructor(folder: string, port: number) {
    this.folder = folder;
    this.port = port;
  }

  /** The URL of a database. It bypasses every proxy unless `port` is a proxy's. */
  urlOf(database: string, port = this.port): string {
    const url = new URL(this.url);
    url.port = String(port);
    url.pathname = `/${database}`;
    return url.href;
  }

  async createDatabase(name: string): Promise<void> {
    const admin = new pg.Client({ connectionString: this.urlOf('postgres') });
    await admin.connect();
    await admin.query(`CREATE DATABASE ${name}`);
    await admin.end();
  }

  get running(): boolean {
    return this.server !== undefined;
  }

  /** Stops it at once. Resolves when the process has ended. */
  async end(how: StopMode): Promise<void> {
    const { server } = this;
    if (!server) return;
    const pid = Number(readFileSync(join(this.folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, signals[how]);
    await server.ended;
    this.server = undefined;
  }

  /** Starts it with its port and data. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.server = await startEmbeddedPostgres({ folder: this.folder, port: this.port, keep: true });
        this.url = this.server.url;
        return;
      } catch (error) {
        // After a SIGKILL a remaining process may still hold the shared memory.
        if (tries === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  /** Makes a base backup of the running server, as `pg_basebackup` does: everything committed so far, nothing later. */
  async backup(): Promise<void> {
    const admin = new pg.Client({ connectionString: this.urlOf('postgres') });
    await admin.connect();
    try {
      await admin.query(`select pg_backup_start('harness', true)`);
      rmSync(this.saved, { recursive: true, force: true });
      copyAll(this.folder, this.saved);
      const { rows } = await admin.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)');
      rmSync(join(this.saved, 'pg_wal'), { recursive: true, force: true });
      copyAll(join(this.folder, 'pg_wal'), join(this.saved, 'pg_wal'));
      rmSync(join(this.saved, 'postmaster.pid'), { force: true });
      this.write(this.saved, 'backup_label', rows[0]?.labelfile ?? '');
    } finally {
      await admin.end();
    }
  }

  /** Replaces the server by the backup, on the same port. Everything after the backup is lost. */
  async restoreBackup(how: RestoreMode): Promise<void> {
    await this.end('kill');
    rmSync(this.folder, { recursive: true, force: true });
    renameSync(this.saved, this.folder);
    this.write(this.folder, how === 'promoted' ? 'standby.signal' : 'recovery.signal', '');
    appendFileSync(join(this.folder, 'postgresql.auto.conf'), `restore_command = 'false'\n`);
    await this.restart();
    const admin = new pg.Client({ connectionString: this.urlOf('postgres') });
    await admin.connect();
    try {
      if (how === 'promoted') await admin.query('select pg_promote()');
      const writable = async (): Promise<boolean> =>
        (await admin.query<{ waits: boolean }>('select pg_is_in_recovery() as waits')).rows[0]?.waits === false;
      for (let tries = 0; !(await writable()); tries += 1) {
        if (tries === 200) throw new Error('The restored server does not become writable.');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await admin.end();
    }
  }

  /** Writes a file that belongs to the folder's owner: PostgreSQL may run as another user. */
  private write(folder: string, name: string, text: string): void {
    const { uid, gid } = statSync(folder);
    writeFileSync(join(folder, name), text, { mode: 0o600 });
    chownSync(join(folder, name), uid, gid);
  }

  private get saved(): string {
    return `${this.folder}.saved`;
  }

  async close(): Promise<void> {
    await this.server?.stop();
    rmSync(this.saved, { recursive: true, force: true });
    this.server = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Copies with owners and permissions. A file may vanish during the copy: the log replays its changes. */
function copyAll(from: string, to: string): void {
  const copied = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  const other = copied.stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file'));
  if (other.length > 0) throw new Error(`The backup failed: ${other[0]}`);
}
