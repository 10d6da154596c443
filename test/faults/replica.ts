import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.ts';
import { startProcess } from '../support/own-processes.ts';
import { FaultProxy } from './fault-proxy.ts';

/** A built release of the service. Earlier releases sign in to the database as its owner. */
export interface Release {
  folder: string;
  asOwner: boolean;
}

/** The file of a release's command. Up to 0.6 commands are beside `main.js`. */
export function commandOf({ folder }: Release, name: string): string {
  const file = join(folder, 'dist', 'commands', `${name}.js`);
  return existsSync(file) ? file : join(folder, 'dist', `${name}.js`);
}

/** What a replica runs, and the addresses and settings that it gets. */
export interface ReplicaOptions {
  /** The release of its first start. */
  release: Release;
  /** The folder of its log. */
  folder: string;
  certnPort: () => number;
  databasePort: () => number;
  /** The database's URL with this port, for the service's role or for the owner. */
  databaseUrl: (port: number, asOwner: boolean) => string;
  env: Record<string, string>;
}

/** One process of the service. Its callers, its calls to Certn and its database connections each go through a proxy. */
export class Replica {
  readonly name: string;
  readonly log: string;
  /** The release of its next start. */
  release: Release;
  /** Settings for its next start, over the harness's. */
  env: Record<string, string> = {};
  kills = 0;
  private readonly options: ReplicaOptions;
  private readonly port: number;
  private child: ChildProcess | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);
  private callersProxy!: FaultProxy;
  private certnProxy!: FaultProxy;
  private databaseProxy!: FaultProxy;

  static async prepare(name: string, options: ReplicaOptions): Promise<Replica> {
    const replica = new Replica(name, options, await freePort());
    replica.callersProxy = await FaultProxy.start(() => (replica.running ? replica.port : null));
    replica.certnProxy = await FaultProxy.start(options.certnPort);
    replica.databaseProxy = await FaultProxy.start(options.databasePort);
    return replica;
  }

  private constructor(name: string, options: ReplicaOptions, port: number) {
    this.name = name;
    this.options = options;
    this.release = options.release;
    this.port = port;
    this.log = join(options.folder, `${name}.log`);
  }

  /** Between callers and this replica. */
  get fromCallers(): FaultProxy {
    return this.callersProxy;
  }

  /** Between this replica and Certn. */
  get toCertn(): FaultProxy {
    return this.certnProxy;
  }

  /** Between this replica and Postgres. */
  get toDatabase(): FaultProxy {
    return this.databaseProxy;
  }

  get url(): string {
    return this.fromCallers.url;
  }

  /** Bypasses the proxy, for measurements. */
  get ownUrl(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  async start(): Promise<void> {
    this.spawn();
    await this.ready();
  }

  /** Starts it without waiting. */
  spawn(): void {
    const output = openSync(this.log, 'a');
    appendFileSync(output, '');
    this.child = startProcess(
      process.execPath,
      ['--enable-source-maps', join(this.release.folder, 'dist', 'main.js')],
      {
        env: { PATH: process.env.PATH, ...this.environment() },
        stdio: ['ignore', output, output],
      },
    );
    closeSync(output);
    const { child } = this;
    this.exit = new Promise((resolve) => child.once('exit', (code) => resolve(code)));
  }

  /** Bypasses the proxies, as an orchestrator on the same machine does. */
  async isReady(): Promise<boolean> {
    if (!this.running) return false;
    const answer = fetch(`${this.ownUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return answer.then(
      async (response) => {
        await response.arrayBuffer();
        return response.status === 200;
      },
      () => false,
    );
  }

  async ready(withinMs = 90_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (!(await this.isReady())) {
      if (!this.running)
        throw new Error(`${this.name} ended while starting (${this.exitStatus()}): ${this.lastLines()}`);
      if (Date.now() > end) throw new Error(`${this.name} was not ready within ${withinMs} ms: ${this.lastLines()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** SIGKILL, like the loss of a machine. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.kills += 1;
    this.child?.kill('SIGKILL');
    await this.exit;
  }

  /** SIGTERM, as an orchestrator sends it. Resolves to the exit code. */
  async stop(): Promise<number | null> {
    if (!this.running) return null;
    this.child?.kill('SIGTERM');
    return this.exit;
  }

  /** For SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  lines(): string[] {
    return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }

  async close(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exit;
    await Promise.all([this.fromCallers.close(), this.toCertn.close(), this.toDatabase.close()]);
  }

  private exitStatus(): string {
    return `code ${this.child?.exitCode}, signal ${this.child?.signalCode}`;
  }

  private lastLines(): string {
    const lines = this.lines();
    // A fatal line is written at once, and so before buffered lines.
    return [...lines.slice(-40).filter((line) => line.includes('"level":60')), ...lines.slice(-5)].join('\n');
  }

  private environment(): Record<string, string> {
    return {
      ...this.options.env,
      PORT: String(this.port),
      DATABASE_URL: this.options.databaseUrl(this.toDatabase.port, this.release.asOwner),
      CERTN_BASE_URL: this.toCertn.url,
      ...this.env,
    };
  }
}
