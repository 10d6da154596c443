import type { Pool, PoolClient } from 'pg';
import { DomainError } from '#kernel/errors';
import { type LaneLimits, largeReadsFor } from './lanes.js';
import { currentWork, type Lane } from './scope.js';

/** How much work of one team, or of a lane that serves no team, may wait for a turn. More fails at once as busy. */
const waitingOfOneTeam = 200;
const waitingOfNoTeam = 500;
/** The same for all teams together, in one lane. */
const waitingOfAll = 2_000;
/** Work that has waited `silentMs` without any answer of the database checks for up to `probeMs` whether it answers at all. */
const silentMs = 400;
const probeMs = 500;

const teamBusy = (): DomainError =>
  new DomainError('too_many', 'team_busy', 'Your team has too many requests at once. Try again shortly.', {}, 1);
const serviceBusy = (): DomainError =>
  new DomainError('unavailable', 'service_busy', 'The service is busy. Try again shortly.', {}, 1);
/** `isDatabaseDown` recognises this error. */
const noAnswer = (): Error => new Error('timeout exceeded when trying to connect: the database does not answer');

type Payer = string | null;

/** Whether the database has answered since then, or answers now. */
type Answers = (since: number) => boolean | Promise<boolean>;

/** The turns of one lane. Waiting teams take turns, so that one team's long queue does not delay another team. */
class LaneTurns {
  private readonly held = new Map<Payer, number>();
  private inUse = 0;
  /** Waiting work by payer, in the order in which the payers are served. */
  private readonly queues = new Map<Payer, (() => void)[]>();
  private waiting = 0;

  constructor(
    private readonly limits: LaneLimits,
    private readonly answers: Answers,
  ) {}

  /** Resolves when the work may use a connection. Throws when the wait takes too long. */
  async take(payer: Payer): Promise<void> {
    if (this.mayBegin(payer) && !this.queues.has(payer)) return this.begin(payer);
    const waiting = this.queues.get(payer)?.length ?? 0;
    if (payer !== null && waiting >= waitingOfOneTeam) throw teamBusy();
    if (waiting >= waitingOfNoTeam || this.waiting >= waitingOfAll) throw serviceBusy();
    await this.turn(payer);
  }

  giveBack(payer: Payer): void {
    this.inUse -= 1;
    const left = (this.held.get(payer) ?? 1) - 1;
    if (left > 0) this.held.set(payer, left);
    else this.held.delete(payer);
    this.serveNext();
  }

  private turn(payer: Payer): Promise<void> {
    const since = performance.now();
    return new Promise((resolve, reject) => {
      const timers: NodeJS.Timeout[] = [];
      const end = (): void => timers.forEach((timer) => clearTimeout(timer));
      const begin = (): void => {
        end();
        this.waiting -= 1;
        this.begin(payer);
        resolve();
      };
      const refuse = (error: Error): void => {
        // Its turn may have come in the meantime.
        if (!this.leave(payer, begin)) return;
        end();
        this.waiting -= 1;
        reject(error);
      };
      const check = async (): Promise<void> => {
        if (!(await this.answers(since))) refuse(noAnswer());
      };
      timers.push(setTimeout(() => void check(), silentMs).unref());
      timers.push(setTimeout(() => refuse(this.refusal(payer)), this.limits.turnMs).unref());
      this.waiting += 1;
      const queue = this.queues.get(payer);
      if (queue) queue.push(begin);
      else this.queues.set(payer, [begin]);
    });
  }

  private mayBegin(payer: Payer): boolean {
    const limit = payer === null ? this.limits.places : this.limits.ofOneTeam;
    return this.inUse < this.limits.places && (this.held.get(payer) ?? 0) < limit;
  }

  private begin(payer: Payer): void {
    this.inUse += 1;
    this.held.set(payer, (this.held.get(payer) ?? 0) + 1);
  }

  private serveNext(): void {
    for (const [payer, [next, ...rest]] of this.queues) {
      if (!next || !this.mayBegin(payer)) continue;
      // Behind the other waiting payers.
      this.queues.delete(payer);
      if (rest.length > 0) this.queues.set(payer, rest);
      next();
      return;
    }
  }

  private leave(payer: Payer, begin: () => void): boolean {
    const queue = this.queues.get(payer) ?? [];
    if (!queue.includes(begin)) return false;
    const rest = queue.filter((one) => one !== begin);
    if (rest.length > 0) this.queues.set(payer, rest);
    else this.queues.delete(payer);
    return true;
  }

  private refusal(payer: Payer): Error {
    return payer !== null && (this.held.get(payer) ?? 0) >= this.limits.ofOneTeam ? teamBusy() : serviceBusy();
  }
}

/** Remembers when the database last answered, and checks when that was too long ago. Concurrent checks share one query. */
class Pulse {
  private last = performance.now();
  private asking: Promise<boolean> | undefined;

  constructor(private readonly connect: () => Promise<PoolClient>) {}

  note(): void {
    this.last = performance.now();
  }

  since(time: number): boolean | Promise<boolean> {
    if (this.last >= time) return true;
    return (this.asking ??= this.ask().finally(() => (this.asking = undefined)));
  }

  private ask(): Promise<boolean> {
    const answered = this.ping().then(
      () => true,
      () => false,
    );
    return Promise.race([
      answered,
      new Promise<boolean>((resolve) => setTimeout(() => resolve(false), probeMs).unref()),
    ]);
  }

  private async ping(): Promise<void> {
    const client = await this.connect();
    try {
      await client.query('select 1');
      this.note();
    } finally {
      client.release();
    }
  }
}

/** From now on the pool assigns connections by lane (`lanes.ts`), with limits per team and for large reads. */
export function lendByLane(pool: Pool, lanes: Record<Lane, LaneLimits>): void {
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const pulse = new Pulse(connect);
  const lanesOf = (limits: LaneLimits): LaneTurns => new LaneTurns(limits, (since) => pulse.since(since));
  const turns = new Map(Object.entries(lanes).map(([lane, limits]) => [lane, lanesOf(limits)]));
  const largeReads = lanesOf(largeReadsFor(lanes));
  const lend = async (): Promise<PoolClient> => {
    const { lane = 'requests', payer = null, isLarge = false } = currentWork() ?? {};
    const lent = turns.get(lane);
    if (!lent) throw new Error(`There is no lane "${lane}".`);
    const taken: LaneTurns[] = [];
    const giveBack = (): void => taken.splice(0).forEach((turn) => turn.giveBack(payer));
    try {
      for (const turn of isLarge ? [largeReads, lent] : [lent]) {
        await turn.take(payer);
        taken.push(turn);
      }
      const client = await connect();
      const release = client.release.bind(client);
      client.release = (error?: Error | boolean) => {
        giveBack();
        if (!error) pulse.note();
        release(error);
      };
      return client;
    } catch (error) {
      giveBack();
      throw error;
    }
  };
  Object.assign(pool, { connect: lend });
}
