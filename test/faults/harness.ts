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
import { Rotation } from './rotation.ts';
import { copyOfTheService } from './service-copy.ts';

export interface HarnessOptions {
  /** Of the replicas, laid over the rig's own. */
  env?: Record<string, string | undefined>;
  replicas?: number;
  /** How many teams are made at a time. */
  teams?: number;
  /** Where everything is kept; without one a temporary folder, gone afterwards. */
  folder?: string;
  /** The release that the rig starts with: migrations, teams and replicas are its own. Without one, the present. */
  release?: Release;
}

/** How long a scenario may take on a machine that does much else besides. What is promised within a time has its own limit. */
export const patience = 300_000;

/** Bytes that are held, and the replica that sent or awaits them. */
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

/** Replicas of the built service behind proxies, a Postgres that keeps its promises, and the stand-in with its ledger. */
export class Harness {
  /** What is worth keeping: the record, the logs, Certn's ledger. */
  readonly folder: string;
  readonly record: ActionRecord;
  readonly certn: Sandbox;
  readonly replicas: Replica[] = [];
  readonly teams: HarnessTeam[] = [];
  /** Bodies of answers that were errors: nothing private may be in them. */
  readonly errorBodies: string[] = [];
  postgres!: HarnessPostgres;
  /** Spreads callers over the replicas that say they are ready. */
  front!: FaultProxy;
  /** Straight to the database, past every proxy. */
  database!: pg.Pool;
  private readonly options: HarnessOptions;
  /** The database and a copy of the service: gone afterwards. */
  private readonly scratch = mkdtempSync(join(tmpdir(), 'ats-rig-'));
  private readonly env: Record<string, string>;
  private readonly spareTeams: { team_id: string; user_id: string }[] = [];
  private presentRelease!: Release;
  private readonly rotation = new Rotation(this.replicas);
  private closed = false;

  constructor(options: HarnessOptions) {
    this.options = options;
    this.folder = options.folder ?? this.scratch;
    mkdirSync(this.folder, { recursive: true });
    // PostgreSQL's own user, when root runs the tests, must get through to its cluster.
    chmodSync(this.scratch, 0o711);
    this.record = new ActionRecord(join(this.folder, 'actions.ndjson'));
    this.certn = new Sandbox({ dataDir: join(this.folder, 'certn') });
    const env = { ...quick, CREDENTIALS_KEYS: `rig:${randomBytes(32).toString('base64')}`, ...options.env };
    // Without a value: left to the service's default.
    this.env = Object.fromEntries(
      Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined),
    );
  }

  /** The stand-in's ledger on disk: the judge of every order. */
  get ledgerFile(): string {
    return join(this.folder, 'certn', 'ledger.ndjson');
  }

  /** What the replicas are told; undefined: nothing, so that the service's default holds. */
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
    this.database = new pg.Pool({ connectionString: this.databaseUrl, max: 4, application_name: 'rig' });
    this.database.on('error', () => undefined);
    await this.certn.start();
    this.front = await FaultProxy.start(() => this.rotation.nextDoor());
    for (let i = 1; i <= (this.options.replicas ?? 2); i += 1) this.replicas.push(await this.prepare(`replica-${i}`));
    await Promise.all(this.replicas.map((replica) => replica.start()));
    this.rotation.start();
    await this.until(
      'both are in rotation',
      async () => this.rotation.size,
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

  /** Brings the database up to a release, while replicas run or before. */
  migrate(release: Release): void {
    this.node(release, [commandOf(release, 'migrate')]);
  }

  /** Stops a replica as an orchestrator does and starts it as another release; resolves once callers are sent there. */
  async change(replica: Replica, release: Release): Promise<void> {
    await replica.stop();
    replica.release = release;
    await replica.start();
    await this.inService(replica);
  }

  /** A team with an account of its own, connected. */
  async team(settings: Record<string, unknown> = {}): Promise<HarnessTeam> {
    const team = await HarnessTeam.create(this, settings);
    this.teams.push(team);
    return team;
  }

  /** Teams are made several at a time: the command that makes one is a process of its own. */
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

  /** The next bytes that match between any replica and Certn, held, with the replica they belong to. */
  holdAtCertn(match: Match): Promise<Held> {
    return this.holdAt('toCertn', match);
  }

  holdAtDatabase(match: Match): Promise<Held> {
    return this.holdAt('toDatabase', match);
  }

  holdAtEndpoint(match: Match): Promise<Held> {
    return this.holdAt('door', match);
  }

  /** Holds that caught nothing so far are given up. */
  forgetHolds(): void {
    for (const { door, toCertn, toDatabase } of this.replicas)
      for (const proxy of [door, toCertn, toDatabase]) proxy.forgetHolds();
  }

  /** Kills the replica at the moment that these bytes mark; what was held is then delivered or lost. */
  async killAt(moment: Promise<Held>, then: 'release' | 'discard'): Promise<Replica> {
    const held = await moment;
    await held.replica.kill();
    this.record.note('killed', { replica: held.replica.name, then });
    held[then]();
    return held.replica;
  }

  /** Faults end: proxies let everything pass, Postgres and all replicas run. */
  async calm(): Promise<void> {
    await this.certn.control.clearFaults();
    if (!this.postgres.running) await this.postgres.restart();
    for (const replica of this.replicas) {
      for (const proxy of [replica.door, replica.toCertn, replica.toDatabase]) {
        proxy.clear();
        if (proxy.mode !== 'pass') await proxy.setMode('pass');
      }
      if (!replica.running) await replica.start();
    }
    if (this.front.mode !== 'pass') await this.front.setMode('pass');
  }

  /** Resolves once callers are sent there. */
  async inService(replica: Replica): Promise<void> {
    await this.until('callers are sent there', async () => this.rotation.has(replica), Boolean);
  }

  /** Asks again until the answer is accepted; says what did not happen. */
  async until<T>(what: string, look: () => Promise<T>, accept: (value: T) => boolean, withinMs = 60_000): Promise<T> {
    const end = Date.now() + withinMs;
    let last: unknown;
    for (;;) {
      try {
        const found = await look();
        last = found;
        if (accept(found)) return found;
      } catch (error) {
        last = error;
      }
      if (Date.now() > end)
        throw new Error(`Within ${withinMs} ms it did not happen that ${what}; last: ${inWords(last)}`);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  async rows<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.database.query<Row>(sql, values)).rows;
  }

  noteError(answer: { status: number; body: unknown }): void {
    if (answer.status >= 400) this.errorBodies.push(JSON.stringify(answer.body));
  }

  /** Ends everything, whatever state it is in. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.rotation.stop();
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

  /** Armed at all replicas: whichever does it first is caught, and only that one. */
  private async holdAt(place: 'toCertn' | 'toDatabase' | 'door', match: Match): Promise<Held> {
    let caught = false;
    const once: Match = (piece) => !caught && match(piece) && (caught = true);
    const waiting = this.replicas.map(async (replica) => ({ ...(await replica[place].hold(once)), replica }));
    const held = await Promise.race(waiting);
    for (const replica of this.replicas) replica[place].forgetHolds(once);
    return held;
  }

  /** A program of the service's, to its end. */
  private node(release: Release, args: string[]): string {
    const { databaseUrl } = this;
    const serviceUrl = release.asOwner ? databaseUrl : asService(databaseUrl);
    const env = { PATH: process.env.PATH, DATABASE_URL: serviceUrl, MIGRATION_DATABASE_URL: databaseUrl };
    const run = spawnSync(process.execPath, args, { encoding: 'utf8', env });
    if (run.status !== 0) throw new Error(`${args[0]} failed: ${run.stderr}`);
    return run.stdout;
  }
}

const inWords = (last: unknown): string => (last instanceof Error ? last.message : JSON.stringify(last));
