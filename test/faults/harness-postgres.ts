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

/** How the server ends. `immediate`: what `pg_ctl stop -m immediate` sends. `kill`: SIGKILL of the postmaster. */
export type Ending = 'immediate' | 'kill';
/** How a backup becomes a server: recovered by itself, or as a standby that had received nothing since and is promoted. */
export type Return = 'recovered' | 'promoted';
const signals: Record<Ending, NodeJS.Signals> = { immediate: 'SIGQUIT', kill: 'SIGKILL' };

/** A PostgreSQL of the rig's own that forces every commit to disk, to be stopped without a word. */
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

  /** Of the database that the service uses, past every proxy unless its port is given. */
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

  /** Ends it on the spot; resolves when it is gone. */
  async end(how: Ending): Promise<void> {
    const { server } = this;
    if (!server) return;
    const pid = Number(readFileSync(join(this.folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    process.kill(pid, signals[how]);
    await server.ended;
    this.server = undefined;
  }

  /** Starts it, on the port and with the data it had. */
  async restart(): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        this.server = await startEmbeddedPostgres({ folder: this.folder, port: this.port, keep: true });
        this.url = this.server.url;
        return;
      } catch (error) {
        // After a SIGKILL the last of its processes may still hold the shared memory.
        if (tries === 20) throw error;
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    }
  }

  /** A base backup while everything runs, as `pg_basebackup` makes it: what is committed now, and nothing later. */
  async backup(): Promise<void> {
    const admin = new pg.Client({ connectionString: this.urlOf('postgres') });
    await admin.connect();
    try {
      await admin.query(`select pg_backup_start('rig', true)`);
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

  /** The server is lost with all that came after the backup, which takes its place, on the same port. */
  async goBack(how: Return): Promise<void> {
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
        if (tries === 200) throw new Error('The backup does not become a server that can be written.');
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    } finally {
      await admin.end();
    }
  }

  /** For PostgreSQL's own user, who may be another one. */
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

/** With owners and rights. A file that vanishes meanwhile belongs to what is replayed from the log. */
function copyAll(from: string, to: string): void {
  const copied = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  const other = copied.stderr.split('\n').filter((line) => line !== '' && !line.includes('No such file'));
  if (other.length > 0) throw new Error(`The backup failed: ${other[0]}`);
}
