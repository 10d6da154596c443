import type { Pool, PoolClient } from 'pg';
import { DomainError } from '#kernel/errors';
import type { LaneLimits } from './lanes.js';
import { currentWork, type Lane } from './scope.js';

/** So much work of one team waits for a turn; more is told to come back at once. */
const waitingOfOneTeam = 200;

const teamBusy = (): DomainError =>
  new DomainError('too_many', 'team_busy', 'Your team is asking for too much at once. Try again shortly.', {}, 1);
/** Known to `isDatabaseDown`: nothing that holds a place had an answer meanwhile. */
const noAnswer = (): Error => new Error('timeout exceeded when trying to connect: the database does not answer');
const serviceBusy = (): DomainError =>
  new DomainError('unavailable', 'service_busy', 'The service is busy just now. Try again shortly.', {}, 1);

interface Waiting {
  payer: string | null;
  begin: () => void;
}

/** The turns of one lane. Teams that wait take turns with each other, so that a long queue of one is not before another's. */
class LaneTurns {
  private readonly held = new Map<string | null, number>();
  private inUse = 0;
  /** By payer, in the order in which they are served next. */
  private readonly queues = new Map<string | null, Waiting[]>();

  constructor(
    private readonly limits: LaneLimits,
    private readonly lastAnswer: () => number,
  ) {}

  /** Resolves when the work may use a connection. Throws after the lane's time for a turn. */
  async take(payer: string | null): Promise<void> {
    if (this.mayBegin(payer) && !this.queues.has(payer)) return this.begin(payer);
    const queue = this.queues.get(payer) ?? [];
    if (payer !== null && queue.length >= waitingOfOneTeam) throw teamBusy();
    this.queues.set(payer, queue);
    const since = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        this.leave(waiting);
        reject(this.refusal(payer, since));
      }, this.limits.turnMs).unref();
      const waiting: Waiting = {
        payer,
        begin: () => {
          clearTimeout(timer);
          this.begin(payer);
          resolve();
        },
      };
      queue.push(waiting);
    });
  }

  giveBack(payer: string | null): void {
    this.inUse -= 1;
    const left = (this.held.get(payer) ?? 1) - 1;
    if (left > 0) this.held.set(payer, left);
    else this.held.delete(payer);
    this.serveNext();
  }

  private mayBegin(payer: string | null): boolean {
    const limit = payer === null ? this.limits.places : this.limits.ofOneTeam;
    return this.inUse < this.limits.places && (this.held.get(payer) ?? 0) < limit;
  }

  private begin(payer: string | null): void {
    this.inUse += 1;
    this.held.set(payer, (this.held.get(payer) ?? 0) + 1);
  }

  private serveNext(): void {
    for (const [payer, queue] of this.queues) {
      if (!this.mayBegin(payer)) continue;
      const next = queue.shift();
      this.queues.delete(payer);
      if (queue.length > 0) this.queues.set(payer, queue);
      next?.begin();
      return;
    }
  }

  private leave(waiting: Waiting): void {
    const queue = this.queues.get(waiting.payer) ?? [];
    const rest = queue.filter((one) => one !== waiting);
    if (rest.length > 0) this.queues.set(waiting.payer, rest);
    else this.queues.delete(waiting.payer);
  }

  private refusal(payer: string | null, since: number): Error {
    if (this.lastAnswer() < since) return noAnswer();
    return payer !== null && (this.held.get(payer) ?? 0) >= this.limits.ofOneTeam ? teamBusy() : serviceBusy();
  }
}

/** From now on the pool lends connections lane by lane (`lanes.ts`), and of a lane's so many to one team. */
export function lendByLane(pool: Pool, lanes: Record<Lane, LaneLimits>): void {
  let lastAnswer = performance.now();
  const turns = new Map(Object.entries(lanes).map(([lane, limits]) => [lane, new LaneTurns(limits, () => lastAnswer)]));
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const lend = async (): Promise<PoolClient> => {
    const { lane = 'requests', payer = null } = currentWork() ?? {};
    const turn = turns.get(lane);
    if (!turn) throw new Error(`There is no lane "${lane}".`);
    await turn.take(payer);
    try {
      const client = await connect();
      const release = client.release.bind(client);
      let given = false;
      client.release = (error?: Error | boolean) => {
        if (!given) {
          given = true;
          lastAnswer = error ? lastAnswer : performance.now();
          turn.giveBack(payer);
        }
        release(error);
      };
      return client;
    } catch (error) {
      turn.giveBack(payer);
      throw error;
    }
  };
  Object.assign(pool, { connect: lend });
}
