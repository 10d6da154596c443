import type { Match } from './fault-proxy.ts';
import { answerToCommitOf, commitOf, jobDone, orderAnswer, orderRequest, statement } from './moments.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

/** One kind of failure: its relative frequency, and what it does. `make` resolves when it is over. */
interface Failure {
  name: string;
  weight: number;
  make(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Faults of a paid order that Certn may or may not have taken. */
export const orderFaults: { kind: string; ms?: number; status?: number; body?: string }[] = [
  { kind: 'commit-then-hang', ms: 2_500 },
  { kind: 'hang-then-commit', ms: 1_800 },
  { kind: 'status-after-commit', status: 500 },
  { kind: 'status-after-commit', status: 502, body: '<html>Bad gateway</html>' },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 504 },
  { kind: 'hang-before-commit', ms: 700 },
  { kind: 'reset-before' },
  { kind: 'reset-after-commit' },
  { kind: 'reset-after-headers' },
  { kind: 'truncated-json' },
  { kind: 'html-200' },
  { kind: 'no-id-201' },
  { kind: 'wrong-type-id' },
  { kind: 'slow-body', ms: 2_500 },
  { kind: 'throttle' },
  { kind: 'throttle-foreign' },
];
const readFaults = ['status', 'reset-before', 'truncated-json', 'html-200', 'slow-body', 'throttle', 'page-shift'];

const moments: { name: string; at: 'holdAtCertn' | 'holdAtDatabase' | 'holdAtEndpoint'; match: Match }[] = [
  { name: 'C1', at: 'holdAtDatabase', match: statement(/insert into integrations\.(inbound_event|delivery)/i) },
  { name: 'C2', at: 'holdAtDatabase', match: answerToCommitOf(/insert into integrations\.(inbound_event|delivery)/i) },
  { name: 'C4', at: 'holdAtDatabase', match: commitOf(/integrations\.vendor_case/i) },
  { name: 'C5', at: 'holdAtDatabase', match: answerToCommitOf(/sending_since = now\(\)/) },
  { name: 'C6', at: 'holdAtCertn', match: orderRequest },
  { name: 'C6', at: 'holdAtCertn', match: orderAnswer },
  { name: 'C7', at: 'holdAtDatabase', match: commitOf(/insert into integrations\.case_directory/i) },
  { name: 'C8', at: 'holdAtDatabase', match: jobDone('integrations.order-due') },
  { name: 'C9', at: 'holdAtDatabase', match: jobDone('integrations.order-placed') },
];

/** Causes random failures, reproducible by the seed: kills, stops, cut connections, wrong answers. One at a time. */
export class Chaos {
  kills = 0;
  databaseStops = 0;
  readonly resumedMs: number[] = [];
  private readonly harness: Harness;
  private readonly random: Random;
  private readonly background = new Set<Promise<unknown>>();
  private readonly failures: Failure[];
  private ending = false;

  constructor(harness: Harness, random: Random) {
    this.harness = harness;
    this.random = random;
    this.failures = [...this.ofProcesses(), ...this.ofConnections(), ...this.ofCertn()];
  }

  /** Causes failures until `end`, with pauses of up to `gapMs`. */
  async until(end: number, gapMs: number): Promise<void> {
    while (Date.now() < end) {
      await this.one();
      await pause(this.random.between(50, gapMs));
    }
    this.ending = true;
    await Promise.all(this.background);
  }

  private async one(): Promise<void> {
    let at = this.random.next() * this.failures.reduce((sum, { weight }) => sum + weight, 0);
    const failure = this.failures.find(({ weight }) => (at -= weight) < 0);
    if (!failure) return;
    this.harness.record.note('failure', { failure: failure.name });
    await failure.make();
  }

  private ofProcesses(): Failure[] {
    return [
      { name: 'kill one', weight: 8, make: () => this.kill([this.replica()]) },
      { name: 'kill all', weight: 1, make: () => this.kill(this.harness.replicas) },
      { name: 'kill at a moment', weight: 14, make: () => this.killAtMoment() },
      { name: 'stop and start', weight: 1, make: () => this.restart() },
      { name: 'suspend', weight: 1, make: () => this.suspend() },
      { name: 'database stops', weight: 0.6, make: () => this.stopDatabase('immediate') },
      { name: 'database killed', weight: 0.4, make: () => this.stopDatabase('kill') },
    ];
  }

  private ofConnections(): Failure[] {
    const { random } = this;
    const cut = (proxy: { resetSome(chance: () => boolean): void }): void => proxy.resetSome(() => random.chance(0.5));
    return [
      { name: 'cut to Certn', weight: 1, make: async () => cut(this.replica().toCertn) },
      { name: 'cut to the database', weight: 1, make: async () => cut(this.replica().toDatabase) },
      { name: 'cut callers', weight: 1, make: async () => cut(this.replica().fromCallers) },
      { name: 'Certn unreachable', weight: 1, make: () => this.block('toCertn', 'refuse') },
      { name: 'Certn silent', weight: 0.5, make: () => this.block('toCertn', 'silent') },
      { name: 'database unreachable', weight: 0.5, make: () => this.block('toDatabase', 'refuse') },
      { name: 'answers cut short', weight: 1, make: () => this.truncateAnswer() },
      { name: 'slow database', weight: 0.5, make: () => this.slowDatabase() },
    ];
  }

  private ofCertn(): Failure[] {
    const { random } = this;
    const setting = (settings: Record<string, unknown>): Promise<void> => this.setWebhooks(settings);
    return [
      { name: 'orders fail', weight: 8, make: () => this.failOrders() },
      { name: 'reads fail', weight: 2, make: () => this.failReads() },
      { name: 'webhooks lost', weight: 1, make: () => setting({ webhook_drop_next: random.between(1, 20) }) },
      { name: 'webhooks doubled', weight: 1, make: () => setting({ webhook_duplicates: random.between(0, 3) }) },
      {
        name: 'webhooks shuffled',
        weight: 1,
        make: () => setting({ webhook_reorder: random.pick(['none', 'random']) }),
      },
      { name: 'webhooks late', weight: 1, make: () => setting({ webhook_delay_ms: random.pick([0, 300, 2_000]) }) },
    ];
  }

  private replica(): Replica {
    return this.random.pick(this.harness.replicas);
  }

  private team(): HarnessTeam {
    return this.random.pick(this.harness.teams);
  }

  private async kill(replicas: Replica[]): Promise<void> {
    const dying = replicas.filter(({ running }) => running);
    await Promise.all(dying.map((replica) => replica.kill()));
    this.kills += dying.length;
    this.inTheBackground(this.resumption());
    await pause(this.random.between(0, 1_500));
    for (const replica of dying) this.revive(replica);
  }

  private async killAtMoment(): Promise<void> {
    const { name, at, match } = this.random.pick(moments);
    const then = this.random.pick(['release', 'discard'] as const);
    const held = await Promise.race([this.harness[at](match), pause(3_000)]);
    if (!held) return this.harness.cancelHolds();
    await held.replica.kill();
    held[then]();
    this.kills += 1;
    this.harness.record.note('killed', { at: name, then, replica: held.replica.name });
    this.inTheBackground(this.resumption());
    this.revive(held.replica);
  }

  private async restart(): Promise<void> {
    const replica = this.replica();
    if (!replica.running) return;
    await replica.stop();
    this.revive(replica);
  }

  private async suspend(): Promise<void> {
    const replica = this.replica();
    replica.signal('SIGSTOP');
    await pause(this.random.between(500, 4_000));
    replica.signal('SIGCONT');
  }

  private async stopDatabase(how: 'immediate' | 'kill'): Promise<void> {
    this.databaseStops += 1;
    await this.harness.postgres.end(how);
    await pause(this.random.between(200, 3_000));
    await this.harness.postgres.restart();
  }

  private async block(place: 'toCertn' | 'toDatabase', mode: 'refuse' | 'silent'): Promise<void> {
    const proxy = this.replica()[place];
    await proxy.setMode(mode);
    await pause(this.random.between(300, 3_000));
    await proxy.setMode('pass');
  }

  /** The next answer of Certn is reset after a random number of bytes. */
  private async truncateAnswer(): Promise<void> {
    const { toCertn } = this.replica();
    await Promise.race([toCertn.resetAfter(this.random.between(0, 400)), pause(2_000)]);
    toCertn.cancelHolds();
  }

  private async slowDatabase(): Promise<void> {
    const { toDatabase } = this.replica();
    toDatabase.delayMs = this.random.between(5, 60);
    await pause(this.random.between(500, 3_000));
    toDatabase.delayMs = 0;
  }

  private async failOrders(): Promise<void> {
    const fault = this.random.pick(orderFaults);
    await this.team().fault(fault.kind, { ...fault, times: this.random.between(1, 3) });
  }

  private async failReads(): Promise<void> {
    const route = this.random.pick(['cases', 'case', 'events']);
    await this.team().fault(this.random.pick(readFaults), { times: this.random.between(1, 5) }, route);
  }

  private async setWebhooks(settings: Record<string, unknown>): Promise<void> {
    await this.harness.certn.control.patchAccount(this.team().account.id, { settings });
  }

  /** Starts a replica until it runs, as an orchestrator does. Without its database it exits during the start. */
  private revive(replica: Replica): void {
    this.inTheBackground(
      (async () => {
        while (!this.ending && !replica.running) {
          if (this.harness.postgres.running) await replica.start().catch(() => undefined);
          else await pause(100);
        }
      })(),
    );
  }

  /** Measures the time until no job that was active at the kill is still marked active. */
  private async resumption(): Promise<void> {
    const begun = Date.now();
    let last: string[] = [];
    for (;;) {
      const left = await this.runningSince(new Date(begun));
      if (left?.length === 0 || Date.now() - begun > 180_000) break;
      last = left ?? last;
      await pause(250);
    }
    this.resumedMs.push(Date.now() - begun);
    this.harness.record.note('resumed', { ms: Date.now() - begun, last });
  }

  /** Null while the database does not answer. */
  private async runningSince(at: Date): Promise<string[] | null> {
    const active = this.harness.rows<{ name: string }>(
      `select name from queue.job where state = 'active' and started_on < $1`,
      [at],
    );
    return active.then(
      (rows) => rows.map(({ name }) => name),
      () => null,
    );
  }

  private inTheBackground(work: Promise<unknown>): void {
    this.background.add(work);
    void work.finally(() => this.background.delete(work));
  }
}
