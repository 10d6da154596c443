import type { ChildProcess } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.ts';
import { startProcess } from '../support/own-processes.ts';
import { FaultProxy } from './fault-proxy.ts';

/** A built release of the service. Earlier ones signed in to the database as its owner. */
export interface Release {
  folder: string;
  asOwner: boolean;
}

/** The file of a release's command. Up to 0.6 commands are beside `main.js`. */
export function commandOf({ folder }: Release, name: string): string {
  const file = join(folder, 'dist', 'commands', `${name}.js`);
  return existsSync(file) ? file : join(folder, 'dist', `${name}.js`);
}

/** Where a replica finds its world, and what it is told. */
export interface ReplicaWorld {
  /** What it runs at first. */
  release: Release;
  /** Where its log goes. */
  folder: string;
  certnPort: () => number;
  databasePort: () => number;
  /** The database's address if it listened on this port, for the service's own role or for the owner. */
  databaseUrl: (port: number, asOwner: boolean) => string;
  env: Record<string, string>;
}

/** One process of the service. Whoever calls it, and whatever it calls, goes through a proxy of its own. */
export class Replica {
  readonly name: string;
  readonly log: string;
  /** What it runs from its next start on. */
  release: Release;
  /** What is laid over the rig's environment at the next start. */
  env: Record<string, string> = {};
  kills = 0;
  private readonly world: ReplicaWorld;
  private readonly port: number;
  private child: ChildProcess | undefined;
  private exit: Promise<number | null> = Promise.resolve(null);
  private webhookProxy!: FaultProxy;
  private certnProxy!: FaultProxy;
  private databaseProxy!: FaultProxy;

  static async prepare(name: string, world: ReplicaWorld): Promise<Replica> {
    const replica = new Replica(name, world, await freePort());
    replica.webhookProxy = await FaultProxy.start(() => (replica.running ? replica.port : null));
    replica.certnProxy = await FaultProxy.start(world.certnPort);
    replica.databaseProxy = await FaultProxy.start(world.databasePort);
    return replica;
  }

  private constructor(name: string, world: ReplicaWorld, port: number) {
    this.name = name;
    this.world = world;
    this.release = world.release;
    this.port = port;
    this.log = join(world.folder, `${name}.log`);
  }

  /** Between callers and this replica. */
  get door(): FaultProxy {
    return this.webhookProxy;
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
    return this.door.url;
  }

  /** Past the proxy, for those who measure speed. */
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

  /** Asked past the proxies, as an orchestrator on the same machine does. */
  async isReady(): Promise<boolean> {
    if (!this.running) return false;
    const asked = fetch(`${this.ownUrl}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    return asked.then(
      async (answer) => {
        await answer.arrayBuffer();
        return answer.status === 200;
      },
      () => false,
    );
  }

  async ready(withinMs = 90_000): Promise<void> {
    const end = Date.now() + withinMs;
    while (!(await this.isReady())) {
      if (!this.running) throw new Error(`${this.name} ended while starting (${this.exitWas()}): ${this.lastWords()}`);
      if (Date.now() > end) throw new Error(`${this.name} was not ready within ${withinMs} ms: ${this.lastWords()}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  /** The way a machine dies. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.kills += 1;
    this.child?.kill('SIGKILL');
    await this.exit;
  }

  /** The way an orchestrator ends it; resolves to the exit code. */
  async stop(): Promise<number | null> {
    if (!this.running) return null;
    this.child?.kill('SIGTERM');
    return this.exit;
  }

  /** SIGSTOP and SIGCONT. */
  signal(signal: NodeJS.Signals): void {
    this.child?.kill(signal);
  }

  lines(): string[] {
    return readFileSync(this.log, 'utf8').split('\n').filter(Boolean);
  }

  async close(): Promise<void> {
    this.child?.kill('SIGKILL');
    await this.exit;
    await Promise.all([this.door.close(), this.toCertn.close(), this.toDatabase.close()]);
  }

  private exitWas(): string {
    return `code ${this.child?.exitCode}, signal ${this.child?.signalCode}`;
  }

  private lastWords(): string {
    const lines = this.lines();
    // What ended it is written at once, and so before lines that were still held back.
    return [...lines.slice(-40).filter((line) => line.includes('"level":60')), ...lines.slice(-5)].join('\n');
  }

  private environment(): Record<string, string> {
    return {
      ...this.world.env,
      PORT: String(this.port),
      DATABASE_URL: this.world.databaseUrl(this.toDatabase.port, this.release.asOwner),
      CERTN_BASE_URL: this.toCertn.url,
      ...this.env,
    };
  }
}
