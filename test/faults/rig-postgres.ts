import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { freePort } from '../../scripts/free-port.ts';

/** How the server ends. `immediate`: what `pg_ctl stop -m immediate` sends. `kill`: SIGKILL of the postmaster. */
export type Ending = 'immediate' | 'kill';
const signals: Record<Ending, NodeJS.Signals> = { immediate: 'SIGQUIT', kill: 'SIGKILL' };

/** A PostgreSQL of the rig's own that forces every commit to disk, to be stopped without a word. */
export class RigPostgres {
  readonly port: number;
  private readonly folder: string;
  private server: EmbeddedPostgres | undefined;
  private url = '';

  static async start(parent: string): Promise<RigPostgres> {
    mkdirSync(parent, { recursive: true });
    chmodSync(parent, 0o711);
    const postgres = new RigPostgres(join(parent, 'postgres'), await freePort());
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

  async close(): Promise<void> {
    await this.server?.stop();
    this.server = undefined;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
