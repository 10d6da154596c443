import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { asService } from '../support/environment.ts';
import { Sandbox } from '../support/sandbox.ts';
import { ActionRecord } from './action-record.ts';
import { FaultProxy, type HeldBytes, type Match } from './fault-proxy.ts';
import { commandOf, type Release, Replica } from './replica.ts';
import { HarnessPostgres } from './harness-postgres.ts';
import { quick } from './harness-settings.ts';
import { HarnessTeam } from './harness-team.ts';
import { LoadBalancer } from './load-balancer.ts';
import { copyOfTheService } from './service-copy.ts';

export interface HarnessOptions {
  /** Settings of the replicas, over the harness's own. */
  env?: Record<string, string | undefined>;
  replicas?: number;
  /** Number of teams that are created at a time. */
  teams?: number;
  /** Keeps the records here. Default: a temporary folder that is deleted. */
  folder?: string;
  /** The release that runs the migrations, creates the teams and starts the replicas. Default: this checkout. */
  release?: Release;
}

/** Time limit of a scenario on a busy machine. Promised times have their own limits. */
export const patience = 300_000;

/** Held bytes, and the replica that sent or awaits them. */
export type Held = HeldBytes & { replica: Replica };

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const harness = new Harness(options);
  try {
    await harness.start();
    return harness;
  } catch (error) {
    await harness.close();
    throw error;
  }
}

/** Replicas of the built service behind proxies, a Postgres with durable commits, and the stand-in with its ledger. */
export class Harness {
  /** The record, the logs and Certn's ledger. */
  readonly folder: string;
  readonly record: ActionRecord;
  readonly certn: Sandbox;
  readonly replicas: Replica[] = [];
  readonly teams: HarnessTeam[] = [];
  /** Bodies of error answers. They may contain nothing private. */
  readonly errorBodies: string[] = [];
  postgres!: HarnessPostgres;
  /** Distributes callers over the ready replicas. */
  front!: FaultProxy;
  /** Bypasses every proxy. */
  database!: pg.Pool;
  private readonly options: HarnessOptions;
  /** Holds the database and a copy of the service. Deleted by `close`. */
  private readonly scratch = mkdtempSync(join(tmpdir(), 'ats-harness-'));
  private readonly env: Record<string, string>;
  private readonly spareTeams: { team_id: string; user_id: string }[] = [];
  private presentRelease!: Release;
  private readonly balancer = new LoadBalancer(this.replicas);
  private closed = false;

  constructor(options: HarnessOptions) {
    this.options = options;
    this.folder = options.folder ?? this.scratch;
    mkdirSync(this.folder, { recursive: true });
    // When root runs the tests, PostgreSQL's own user must be able to reach its cluster.
    chmodSync(this.scratch, 0o711);
    this.record = new ActionRecord(join(this.folder, 'actions.ndjson'));
    this.certn = new Sandbox({ dataDir: join(this.folder, 'certn') });
    const env = { ...quick, CREDENTIALS_KEYS: `harness:${randomBytes(32).toString('base64')}`, ...options.env };
    // A setting without a value has the service's default.
    this.env = Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** The stand-in's ledger on disk: the proof of every paid order. */
  get ledgerFile(): string {
    return join(this.folder, 'certn', 'ledger.ndjson');
  }

  /** A setting of the replicas. Undefined: the service's default applies. */
  setting(name: string): string | undefined {
    return this.env[name];
  }

  get databaseUrl(): string {
    return this.postgres.urlOf('faults_test');
  }

  async start(): Promise<void> {
    this.presentRelease = { folder: copyOfTheService(this.scratch), asOwner: false };
    this.postgres = await HarnessPostgres.start(join(this.scratch, 'database'));
    await this.postgres.createDatabase('faults_test');
    this.migrate(this.first);
    this.database = new pg.Pool({ connectionString: this.databaseUrl, max: 4, application_name: 'harness' });
    this.database.on('error', () => undefined);
    await this.certn.start();
    this.front = await FaultProxy.start(() => this.balancer.nextPort());
    for (let i = 1; i <= (this.options.replicas ?? 2); i += 1) this.replicas.push(await this.prepare(`replica-${i}`));
    await Promise.all(this.replicas.map((replica) => replica.start()));
    this.balancer.start();
    await this.until(
      'all replicas receive callers',
      async () => this.balancer.size,
      (n) => n === this.replicas.length,
    );
  }

  /** The service of this checkout. */
  get present(): Release {
    return this.presentRelease;
  }

  private get first(): Release {
    return this.options.release ?? this.presentRelease;
  }

  /** Migrates the database to a release, before or while replicas run. */
  migrate(release: Release): void {
    this.node(release, [commandOf(release, 'migrate')]);
  }

  /** Stops a replica as an orchestrator does and starts it with another release. Resolves once it receives callers. */
  async change(replica: Replica, release: Release): Promise<void> {
    await replica.stop();
    replica.release = release;
    await replica.start();
    await this.inService(replica);
  }

  /** Creates a connected team with its own account. */
  async team(settings: Record<string, unknown> = {}): Promise<HarnessTeam> {
    const team = await HarnessTeam.create(this, settings);
    this.teams.push(team);
    return team;
  }

  /** Creates several teams at a time, because each run of the command is a separate process. */
  createTeam(): { team_id: string; user_id: string } {
    const made = this.spareTeams.pop();
    if (made) return made;
    const names = Array.from({ length: this.options.teams ?? 2 }, () => randomBytes(4).toString('hex'));
    const program = `
      const { createTeam } = await import(${JSON.stringify(commandOf(this.first, 'team-create'))});
      const made = [];
      for (const name of ${JSON.stringify(names)})
        made.push(await createTeam(process.env.DATABASE_URL, { name, adminEmail: 'admin-' + name + '@canary.example' }));
      console.log(JSON.stringify(made));`;
    this.spareTeams.push(
      ...(JSON.parse(this.node(this.first, ['--input-type=module', '-e', program])) as typeof this.spareTeams),
    );
    return this.createTeam();
  }

  /** Holds the next matching bytes between any replica and Certn. */
  holdAtCertn(match: Match): Promise<Held> {
    return this.holdAt('toCertn', match);
  }

  /** Holds the next matching bytes between any replica and Postgres. */
  holdAtDatabase(match: Match): Promise<Held> {
    return this.holdAt('toDatabase', match);
  }

  /** Holds the next matching bytes between callers and any replica. */
  holdAtEndpoint(match: Match): Promise<Held> {
    return this.holdAt('fromCallers', match);
  }

  /** Cancels holds that have caught nothing. */
  cancelHolds(): void {
    for (const { fromCallers, toCertn, toDatabase } of this.replicas)
      for (const proxy of [fromCallers, toCertn, toDatabase]) proxy.cancelHolds();
  }

  /** Kills the replica when these bytes are held. The held bytes are then delivered or lost. */
  async killAt(moment: Promise<Held>, then: 'release' | 'discard'): Promise<Replica> {
    const held = await moment;
    await held.replica.kill();
    this.record.note('killed', { replica: held.replica.name, then });
    held[then]();
    return held.replica;
  }

  /** Ends all faults: proxies pass everything, Postgres and all replicas run. */
  async calm(): Promise<void> {
    await this.certn.control.clearFaults();
    if (!this.postgres.running) await this.postgres.restart();
    for (const replica of this.replicas) {
      for (const proxy of [replica.fromCallers, replica.toCertn, replica.toDatabase]) {
        proxy.clear();
        if (proxy.mode !== 'pass') await proxy.setMode('pass');
      }
      if (!replica.running) await replica.start();
    }
    if (this.front.mode !== 'pass') await this.front.setMode('pass');
  }

  /** Resolves once the replica receives callers. */
  async inService(replica: Replica): Promise<void> {
    await this.until('the replica receives callers', async () => this.balancer.has(replica), Boolean);
  }

  /** Polls until `accept` returns true for the value. The error of a timeout contains `what` and the last value. */
  async until<T>(what: string, poll: () => Promise<T>, accept: (value: T) => boolean, withinMs = 60_000): Promise<T> {
    const end = Date.now() + withinMs;
    let last: unknown;
    for (;;) {
      try {
        const found = await poll();
        last = found;
        if (accept(found)) return found;
      } catch (error) {
        last = error;
      }
      if (Date.now() > end)
        throw new Error(`Within ${withinMs} ms it did not happen that ${what}; last: ${describe(last)}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }

  noteError(answer: { status: number; body: unknown }): void {
    if (answer.status >= 400) this.errorBodies.push(JSON.stringify(answer.body));
  }

  /** Ends everything, in any state. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.balancer.stop();
    await Promise.all(this.replicas.map((replica) => replica.close()));
    await this.certn.kill();
    await this.front?.close();
    await this.database?.end().catch(() => undefined);
    await this.postgres?.close();
    rmSync(this.scratch, { recursive: true, force: true });
  }

  private async prepare(name: string): Promise<Replica> {
    const { first, folder, env, postgres } = this;
    return Replica.prepare(name, {
      release: first,
      folder,
      env,
      certnPort: () => Number(new URL(this.certn.url).port),
      databasePort: () => postgres.port,
      databaseUrl: (port, asOwner) => {
        const owner = postgres.urlOf('faults_test', port);
        return asOwner ? owner : asService(owner);
      },
    });
  }

  /** Arms a hold at all replicas. Only the first match is held. */
  private async holdAt(place: 'toCertn' | 'toDatabase' | 'fromCallers', match: Match): Promise<Held> {
    let caught = false;
    const once: Match = (piece) => !caught && match(piece) && (caught = true);
    const waiting = this.replicas.map(async (replica) => ({ ...(await replica[place].hold(once)), replica }));
    const held = await Promise.race(waiting);
    for (const replica of this.replicas) replica[place].cancelHolds(once);
    return held;
  }

  /** Runs a program of the service to its end. */
  private node(release: Release, args: string[]): string {
    const { databaseUrl } = this;
    const serviceUrl = release.asOwner ? databaseUrl : asService(databaseUrl);
    const env = { PATH: process.env.PATH, DATABASE_URL: serviceUrl, MIGRATION_DATABASE_URL: databaseUrl };
    const run = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    if (run.status !== 0) throw new Error(`${args[0]} failed: ${run.stderr}`);
    return run.stdout;
  }
}

const describe = (last: unknown): string => (last instanceof Error ? last.message : JSON.stringify(last));
