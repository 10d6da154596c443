import type { Match } from './fault-proxy.ts';
import { answerToCommitOf, commitOf, jobDone, orderAnswer, orderRequest, statement } from './moments.ts';
import type { Random } from './random.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

/** One kind of trouble: how often it comes, and what it does. Resolves when it is over. */
interface Trouble {
  name: string;
  weight: number;
  make(): Promise<void>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Faults of a paid order that Certn may have taken, or not. */
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
  { name: 'C1', at: 'holdAtDatabase', match: statement(/insert into integrations\.delivery/i) },
  { name: 'C2', at: 'holdAtDatabase', match: answerToCommitOf(/insert into integrations\.delivery/i) },
  { name: 'C4', at: 'holdAtDatabase', match: commitOf(/integrations\.vendor_case/i) },
  { name: 'C5', at: 'holdAtDatabase', match: answerToCommitOf(/sending_since = now\(\)/) },
  { name: 'C6', at: 'holdAtCertn', match: orderRequest },
  { name: 'C6', at: 'holdAtCertn', match: orderAnswer },
  { name: 'C7', at: 'holdAtDatabase', match: commitOf(/insert into integrations\.case_directory/i) },
  { name: 'C8', at: 'holdAtDatabase', match: jobDone('integrations.order-due') },
  { name: 'C9', at: 'holdAtDatabase', match: jobDone('integrations.order-placed') },
];

/** Makes trouble by the seed: kills, stops, cuts and lies, one after the other, until told to end. */
export class Chaos {
  kills = 0;
  databaseStops = 0;
  readonly resumedMs: number[] = [];
  private readonly harness: Harness;
  private readonly random: Random;
  private readonly background = new Set<Promise<unknown>>();
  private readonly troubles: Trouble[];
  private ending = false;

  constructor(harness: Harness, random: Random) {
    this.harness = harness;
    this.random = random;
    this.troubles = [...this.ofProcesses(), ...this.ofConnections(), ...this.ofCertn()];
  }

  /** Trouble until `end`, with gaps of up to `gapMs`. */
  async until(end: number, gapMs: number): Promise<void> {
    while (Date.now() < end) {
      await this.one();
      await pause(this.random.between(50, gapMs));
    }
    this.ending = true;
    await Promise.all(this.background);
  }

  private async one(): Promise<void> {
    let at = this.random.next() * this.troubles.reduce((sum, { weight }) => sum + weight, 0);
    const trouble = this.troubles.find(({ weight }) => (at -= weight) < 0);
    if (!trouble) return;
    this.harness.record.note('trouble', { trouble: trouble.name });
    await trouble.make();
  }

  private ofProcesses(): Trouble[] {
    return [
      { name: 'kill one', weight: 8, make: () => this.killed([this.replica()]) },
      { name: 'kill all', weight: 1, make: () => this.killed(this.harness.replicas) },
      { name: 'kill at a moment', weight: 14, make: () => this.killedAtAMoment() },
      { name: 'stop and start', weight: 1, make: () => this.restarted() },
      { name: 'fall asleep', weight: 1, make: () => this.asleep() },
      { name: 'database stops', weight: 0.6, make: () => this.databaseGone('immediate') },
      { name: 'database killed', weight: 0.4, make: () => this.databaseGone('kill') },
    ];
  }

  private ofConnections(): Trouble[] {
    const { random } = this;
    const cut = (proxy: { resetSome(chance: () => boolean): void }): void => proxy.resetSome(() => random.chance(0.5));
    return [
      { name: 'cut to Certn', weight: 1, make: async () => cut(this.replica().toCertn) },
      { name: 'cut to the database', weight: 1, make: async () => cut(this.replica().toDatabase) },
      { name: 'cut callers', weight: 1, make: async () => cut(this.replica().door) },
      { name: 'Certn unreachable', weight: 1, make: () => this.without('toCertn', 'refuse') },
      { name: 'Certn silent', weight: 0.5, make: () => this.without('toCertn', 'silent') },
      { name: 'database unreachable', weight: 0.5, make: () => this.without('toDatabase', 'refuse') },
      { name: 'answers cut short', weight: 1, make: () => this.cutShort() },
      { name: 'slow database', weight: 0.5, make: () => this.slow() },
    ];
  }

  private ofCertn(): Trouble[] {
    const { random } = this;
    const setting = (settings: Record<string, unknown>): Promise<void> => this.webhooks(settings);
    return [
      { name: 'orders fail', weight: 8, make: () => this.ordersFail() },
      { name: 'reads fail', weight: 2, make: () => this.readsFail() },
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

  private async killed(replicas: Replica[]): Promise<void> {
    const dying = replicas.filter(({ running }) => running);
    await Promise.all(dying.map((replica) => replica.kill()));
    this.kills += dying.length;
    this.inTheBackground(this.resumption());
    await pause(this.random.between(0, 1_500));
    for (const replica of dying) this.revive(replica);
  }

  private async killedAtAMoment(): Promise<void> {
    const { name, at, match } = this.random.pick(moments);
    const then = this.random.pick(['release', 'discard'] as const);
    const held = await Promise.race([this.harness[at](match), pause(3_000)]);
    if (!held) return this.harness.forgetHolds();
    await held.replica.kill();
    held[then]();
    this.kills += 1;
    this.harness.record.note('killed', { at: name, then, replica: held.replica.name });
    this.inTheBackground(this.resumption());
    this.revive(held.replica);
  }

  private async restarted(): Promise<void> {
    const replica = this.replica();
    if (!replica.running) return;
    await replica.stop();
    this.revive(replica);
  }

  private async asleep(): Promise<void> {
    const replica = this.replica();
    replica.signal('SIGSTOP');
    await pause(this.random.between(500, 4_000));
    replica.signal('SIGCONT');
  }

  private async databaseGone(how: 'immediate' | 'kill'): Promise<void> {
    this.databaseStops += 1;
    await this.harness.postgres.end(how);
    await pause(this.random.between(200, 3_000));
    await this.harness.postgres.restart();
  }

  private async without(place: 'toCertn' | 'toDatabase', mode: 'refuse' | 'silent'): Promise<void> {
    const proxy = this.replica()[place];
    await proxy.setMode(mode);
    await pause(this.random.between(300, 3_000));
    await proxy.setMode('pass');
  }

  /** The next answer of Certn's ends in a reset after so many bytes. */
  private async cutShort(): Promise<void> {
    const { toCertn } = this.replica();
    await Promise.race([toCertn.resetAfter(this.random.between(0, 400)), pause(2_000)]);
    toCertn.forgetHolds();
  }

  private async slow(): Promise<void> {
    const { toDatabase } = this.replica();
    toDatabase.delayMs = this.random.between(5, 60);
    await pause(this.random.between(500, 3_000));
    toDatabase.delayMs = 0;
  }

  private async ordersFail(): Promise<void> {
    const fault = this.random.pick(orderFaults);
    await this.team().fault(fault.kind, { ...fault, times: this.random.between(1, 3) });
  }

  private async readsFail(): Promise<void> {
    const route = this.random.pick(['cases', 'case', 'events']);
    await this.team().fault(this.random.pick(readFaults), { times: this.random.between(1, 5) }, route);
  }

  private async webhooks(settings: Record<string, unknown>): Promise<void> {
    await this.harness.certn.control.patchAccount(this.team().account.id, { settings });
  }

  /** A replica whose database is away ends while starting; an orchestrator starts it again. */
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

  /** How long until no job that ran at the moment of a kill still runs unattended. */
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

  /** Null while the database cannot be asked. */
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
