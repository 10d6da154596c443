import { type Job, type Machine, timing } from './machine.js';
import { type Json, quantum } from './moments.js';
import type { Ended, Player, Position } from './player.js';
import type { Entry } from './run.js';
import { type OrderRow, orderOf } from './rows.js';
import { later } from './passing-time.js';
import { isOver, requestsIn } from './requests.js';
import { choices } from './vendor.js';
import type { Mishap, World, Worker } from './world.js';

export interface Step {
  says: string;
  world: World;
  /** Set on the step that hands an order over: which attempt it believes to be. */
  sends?: { attempt: number };
  /** Set on the step that moves the order on: the state it leads to, and the events that were committed with it. */
  moved?: { to: string; by: string; told: string[] };
}

/** How many mishaps may happen in one execution, in any combination, and which. */
export interface Allowance {
  mishaps: number;
  of: readonly Mishap[];
}

/** A clock that is so wrong is far beyond every time limit of an order. */
const wrongBySeconds = 600;

/** Whose step it is: the number of one of the workers, or of those who asked for something. */
type Who = { of: 'workers' | 'people'; index: number };

/** All that can happen next in a world. */
export class Steps {
  constructor(
    private readonly machine: Machine,
    private readonly player: Player,
    private readonly order: { teamId: string; orderId: string; email: string; packageId: string },
    private readonly allowance: Allowance,
  ) {}

  async from(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    for (const who of everybody(world)) {
      if (world[who.of][who.index]?.asleep) steps.push(this.wakes(world, who));
      else steps.push(...(await this.next(world, who)), ...(await this.fallsAsleep(world, who)));
    }
    for (const index of world.workers.keys()) steps.push(...this.crash(world, index));
    if (world.workers.length < 2) steps.push(...(await this.starts(world)));
    if (world.people.length < 2) steps.push(...(await this.requests(world)));
    steps.push(...this.closes(world));
    steps.push(...this.lateCommits(world), ...this.time(world));
    return steps;
  }

  private after(world: World, mishap: Mishap | undefined): World | null {
    if (!mishap) return world;
    const allowed = world.mishaps < this.allowance.mishaps && this.allowance.of.includes(mishap);
    return allowed ? { ...world, mishaps: world.mishaps + 1 } : null;
  }

  /** An idle worker takes a job that is due and makes its first step; or takes one that is being worked on already. */
  private async starts(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    const due = new Map(world.queue.flatMap((entry, index) => (entry.due <= 0 ? [[entry.job, index]] : [])));
    for (const [job, index] of due) {
      const tape = this.player.heap.put([]);
      const taken = { ...world, queue: world.queue.filter((_, i) => i !== index) };
      const [twice, wrong] = [this.after(world, 'duplicate'), this.after(taken, 'clock wrong')];
      for (const [from, note, clock] of [
        [taken, '', undefined],
        [twice, ', though another may be at it', undefined],
        [wrong, ' on a machine whose clock is behind', -wrongBySeconds],
        [wrong, ' on a machine whose clock is ahead', wrongBySeconds],
      ] as const) {
        if (!from) continue;
        const begun: Worker = { job, tape, ...(clock !== undefined && { clock }) };
        const to = { ...from, workers: [...from.workers, begun] };
        const first = await this.next(to, { of: 'workers', index: to.workers.length - 1 });
        steps.push(...first.map((step) => ({ ...step, says: `takes the job${note}; ${step.says}` })));
      }
    }
    return steps;
  }

  /** Somebody asks for something, at any moment; its first step. */
  private async requests(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    for (const { mishap, job } of requestsIn(world, this.rowOf(world.rows), this.order)) {
      const from = this.after(world, mishap);
      if (!from) continue;
      const person = { job: this.player.heap.put(job as unknown as Json), tape: this.player.heap.put([]) };
      const decided = world.decided || job.name === 'DecideOrder';
      const to = { ...from, decided, people: [...from.people, person] };
      steps.push(...(await this.next(to, { of: 'people', index: to.people.length - 1 })));
    }
    return steps;
  }

  private async next(world: World, who: Who): Promise<Step[]> {
    const one: Worker = world[who.of][who.index] ?? { job: -1, tape: -1 };
    const { job } = one;
    const at = await this.player.position(one);
    const name = `${who.of === 'people' ? 'person' : 'worker'} on ${this.nameOf(job)}`;
    if (!at.waitsFor) return this.settle(world, who, at, `${name}: ends`);
    if (at.waitsFor.kind === 'database') {
      const after = await this.player.step({ ...one, tape: at.tape }, world.rows);
      const says = `${name}: ${this.summary(world.rows, after.rows, at.waitsFor.what)}`;
      const moved = this.moved(world.rows, after, this.nameOf(job));
      const settled = this.settle({ ...world, rows: after.rows }, who, after, says);
      return settled.map((step) => ({ ...step, moved }));
    }
    const steps: Step[] = [];
    const entries = this.player.heap.get<Entry[]>(at.tape);
    for (const choice of choices(world, at.waitsFor, this.order)) {
      const { what } = at.waitsFor;
      const from = this.after(world, choice.mishap);
      if (!from) continue;
      const entry: Entry = choice.failure ? { what, failure: choice.failure } : { what, answer: choice.answer };
      const tape = this.player.heap.put([...entries, entry] as unknown as Json);
      const after = await this.player.position({ ...one, tape });
      const sends = what === 'hand over' ? { attempt: claimedAttempt(entries) } : undefined;
      const changed = { ...from, handed: choice.handed ?? from.handed, sends: from.sends + (sends ? 1 : 0) };
      const settled = this.settle(changed, who, after, `${name} ${choice.says}`);
      steps.push(...settled.map((step) => ({ ...step, sends })));
    }
    return steps;
  }

  private settle(world: World, who: Who, { tape, published, ended }: Position, says: string): Step[] {
    const jobs = published.filter(({ event }) => this.machine.handles(event));
    const queue = [
      ...world.queue,
      ...jobs.map(({ event: name, payload, due }) => ({ job: this.player.heap.put({ name, payload }), due })),
    ];
    const after = { ...world, queue };
    const one = world[who.of][who.index] ?? { job: -1, tape: -1 };
    if (!ended) {
      return [{ says, world: replaced(after, who, { ...one, tape }) }];
    }
    const gone = { ...after, [who.of]: world[who.of].filter((_, index) => index !== who.index) };
    return who.of === 'people' ? [this.answered(gone, one.job, ended, says)] : this.worked(gone, one.job, ended, says);
  }

  private worked(world: World, job: number, ended: Ended, says: string): Step[] {
    if ('threw' in ended) {
      const queue = [...world.queue, { job, due: quantum }];
      return [{ says: `${says}; fails (${ended.threw}), to be tried again`, world: { ...world, queue } }];
    }
    const crashed = this.after({ ...world, queue: [...world.queue, { job, due: 0 }] }, 'crash');
    const done = this.answered(world, job, ended, says);
    return crashed ? [done, { says: `${says}; dies before the job is acknowledged`, world: crashed }] : [done];
  }

  private answered(world: World, job: number, ended: Ended, says: string): Step {
    if ('threw' in ended) return { says: `${says}; is refused (${ended.threw})`, world };
    if (this.nameOf(job) !== 'WithdrawOrder') return { says: `${says}; done`, world };
    const attempt = this.rowOf(world.rows)?.attempt ?? 0;
    const cancel = ended.returned === 'withdrawn' ? 'withdrawn' : { tooLateAfter: attempt };
    return { says: `${says}; is told ${JSON.stringify(ended.returned)}`, world: { ...world, cancel } };
  }

  /** Somebody closes the application; the job that withdraws what was not sent is committed with it. */
  private closes(world: World): Step[] {
    const from = world.closed || isOver(this.rowOf(world.rows)) ? null : this.after(world, 'application closed');
    if (!from) return [];
    const { teamId, orderId } = this.order;
    const job = this.player.heap.put({ name: 'WithdrawOrder', payload: { teamId, orderId } });
    const queue = [...from.queue, { job, due: 0 }];
    return [{ says: 'The application is closed', world: { ...from, queue, closed: true } }];
  }

  private crash(world: World, index: number): Step[] {
    const worker = world.workers[index];
    const from = this.after(world, 'crash');
    if (!from || !worker) return [];
    const workers = world.workers.filter((_, i) => i !== index);
    const queue = [...world.queue, { job: worker.job, due: 0 }];
    return [{ says: `worker on ${this.nameOf(worker.job)} dies`, world: { ...from, workers, queue } }];
  }

  /** Its process is stopped, or its machine busy: it goes on later, as if nothing had been. */
  private async fallsAsleep(world: World, who: Who): Promise<Step[]> {
    const from = this.after(world, 'sleep');
    const one = world[who.of][who.index];
    if (!from || !one) return [];
    // Between its last look at the clock and the bytes themselves nobody sleeps: no order of steps could bound that.
    if ((await this.player.position(one)).waitsFor?.what === 'hand over') return [];
    const asleep = { ...one, asleep: true } as const;
    return [{ says: `whoever is on ${this.nameOf(one.job)} falls asleep`, world: replaced(from, who, asleep) }];
  }

  private wakes(world: World, who: Who): Step {
    const { asleep: _, ...one }: Worker = world[who.of][who.index] ?? { job: -1, tape: -1 };
    return { says: `whoever is on ${this.nameOf(one.job)} wakes up`, world: replaced(world, who, one) };
  }

  private lateCommits(world: World): Step[] {
    return world.handed.flatMap((entry, index) => {
      if (entry.committed !== null) return [];
      const handed = world.handed.map((other, i) => (i === index ? { ...entry, committed: 0 } : other));
      return [{ says: `Certn takes the order of send ${entry.send} after all`, world: { ...world, handed } }];
    });
  }

  /** Time passes to just after the next moment at which anything changes by itself, while nobody awake works. */
  private time(world: World): Step[] {
    const row = this.rowOf(world.rows);
    const moments = [
      ...world.queue.map(({ due }) => due),
      ...[row?.deadline, row?.settled_at, row?.look_at].map((time) => time?.$at ?? 0),
      ...world.handed.map(({ bound }) => bound),
    ].filter((seconds) => seconds > 0);
    if (moments.length === 0) return [];
    if ([...world.workers, ...world.people].some((one) => !one.asleep)) return [];
    const due = world.queue.some((entry) => entry.due <= 0);
    const from = this.after(world, due && world.workers.length < 2 ? 'late job' : undefined);
    if (!from) return [];
    const seconds = Math.min(...moments) + quantum;
    return [{ says: `${seconds} seconds pass`, world: later(from, seconds, this.player.heap) }];
  }

  rowOf(rows: number): OrderRow | null {
    return orderOf(this.player.heap.get(rows), this.order.orderId);
  }

  nameOf(job: number): string {
    return this.player.heap.get<Job>(job).name.replace(/^integrations\.|\.v1$/g, '');
  }

  private moved(before: number, { rows, published }: Position, by: string): Step['moved'] {
    const to = this.rowOf(rows)?.state;
    if (!to || to === this.rowOf(before)?.state) return undefined;
    return { to, by, told: published.map(({ event }) => event) };
  }

  private summary(before: number, after: number, statement: string): string {
    const [was, is] = [this.rowOf(before)?.state ?? 'no order', this.rowOf(after)?.state ?? 'no order'];
    const words = statement.replace(/integrations\./g, '').slice(0, 70);
    return was === is ? words : `${words} [${was} → ${is}]`;
  }
}

const everybody = ({ workers, people }: World): Who[] => [
  ...workers.map((_, index) => ({ of: 'workers' as const, index })),
  ...people.map((_, index) => ({ of: 'people' as const, index })),
];

const replaced = (world: World, { of, index }: Who, one: Worker): World => ({
  ...world,
  [of]: world[of].map((other, i) => (i === index ? one : other)),
});

/** The attempt that the run on this tape claimed. */
function claimedAttempt(entries: readonly Entry[]): number {
  for (const { answer } of [...entries].reverse()) {
    const [row] = Array.isArray(answer) ? answer : [];
    if (row && typeof row === 'object' && 'attempt' in row && 'state' in row && row.state === 'sending')
      return Number(row.attempt);
  }
  throw new Error(`An order is handed over that nobody claimed (timeout ${timing.timeout}).`);
}
