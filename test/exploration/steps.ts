import { type Job, type Machine, timing } from './machine.js';
import { type Json, quantum } from './values.js';
import type { Ended, Player, Position } from './player.js';
import type { Entry } from './entry.js';
import { type OrderRow, orderOf } from './rows.js';
import { later } from './passing-time.js';
import { isOver, requestsIn } from './requests.js';
import { choices } from './vendor.js';
import type { Fault, World, Worker } from './world.js';

export interface Step {
  label: string;
  world: World;
  /** Set on the step that hands an order over: the attempt that the run claimed. */
  sends?: { attempt: number };
  /** Set on the step that changes the order's state: the new state, and the events committed with it. */
  moved?: { to: string; by: string; published: string[] };
}

/** The number and the kinds of faults allowed in one execution, in any combination. */
export interface Allowance {
  faults: number;
  of: readonly Fault[];
}

/** Far more than every time limit of an order. */
const wrongBySeconds = 600;

/** Whose step it is: the index of a worker or of a person with a request. */
type Actor = { of: 'workers' | 'people'; index: number };

/** Every step that is possible in a world. */
export class Steps {
  constructor(
    private readonly machine: Machine,
    private readonly player: Player,
    private readonly order: { teamId: string; orderId: string; email: string; packageId: string },
    private readonly allowance: Allowance,
  ) {}

  async from(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    for (const actor of everyActor(world)) {
      if (world[actor.of][actor.index]?.asleep) steps.push(this.wakes(world, actor));
      else steps.push(...(await this.next(world, actor)), ...(await this.fallsAsleep(world, actor)));
    }
    for (const index of world.workers.keys()) steps.push(...this.crash(world, index));
    if (world.workers.length < 2) steps.push(...(await this.starts(world)));
    if (world.people.length < 2) steps.push(...(await this.requests(world)));
    steps.push(...this.closes(world));
    steps.push(...this.lateCommits(world), ...this.time(world));
    return steps;
  }

  private after(world: World, fault: Fault | undefined): World | null {
    if (!fault) return world;
    const allowed = world.faults < this.allowance.faults && this.allowance.of.includes(fault);
    return allowed ? { ...world, faults: world.faults + 1 } : null;
  }

  /** An idle worker takes a due job, or a job that another worker already has, and makes its first step. */
  private async starts(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    const due = new Map(world.queue.flatMap((entry, index) => (entry.due <= 0 ? [[entry.job, index]] : [])));
    for (const [job, index] of due) {
      const recording = this.player.heap.put([]);
      const taken = { ...world, queue: world.queue.filter((_, i) => i !== index) };
      const [twice, wrong] = [this.after(world, 'duplicate'), this.after(taken, 'clock wrong')];
      for (const [from, note, clock] of [
        [taken, '', undefined],
        [twice, ', which another worker may have', undefined],
        [wrong, ' on a machine whose clock is behind', -wrongBySeconds],
        [wrong, ' on a machine whose clock is ahead', wrongBySeconds],
      ] as const) {
        if (!from) continue;
        const begun: Worker = { job, recording, ...(clock !== undefined && { clock }) };
        const to = { ...from, workers: [...from.workers, begun] };
        const first = await this.next(to, { of: 'workers', index: to.workers.length - 1 });
        steps.push(...first.map((step) => ({ ...step, label: `takes the job${note}; ${step.label}` })));
      }
    }
    return steps;
  }

  /** A person's request, at any moment: its first step. */
  private async requests(world: World): Promise<Step[]> {
    const steps: Step[] = [];
    for (const { fault, job } of requestsIn(world, this.rowOf(world.rows), this.order)) {
      const from = this.after(world, fault);
      if (!from) continue;
      const person = { job: this.player.heap.put(job as unknown as Json), recording: this.player.heap.put([]) };
      const decided = world.decided || job.name === 'DecideOrder';
      const to = { ...from, decided, people: [...from.people, person] };
      steps.push(...(await this.next(to, { of: 'people', index: to.people.length - 1 })));
    }
    return steps;
  }

  private async next(world: World, actor: Actor): Promise<Step[]> {
    const one: Worker = world[actor.of][actor.index] ?? { job: -1, recording: -1 };
    const { job } = one;
    const at = await this.player.position(one);
    const name = `${actor.of === 'people' ? 'person' : 'worker'} on ${this.nameOf(job)}`;
    if (!at.waitsFor) return this.advance(world, actor, at, `${name}: ends`);
    if (at.waitsFor.kind === 'database') {
      const after = await this.player.step({ ...one, recording: at.recording }, world.rows);
      const label = `${name}: ${this.summary(world.rows, after.rows, at.waitsFor.what)}`;
      const moved = this.moved(world.rows, after, this.nameOf(job));
      const advanced = this.advance({ ...world, rows: after.rows }, actor, after, label);
      return advanced.map((step) => ({ ...step, moved }));
    }
    const steps: Step[] = [];
    const entries = this.player.heap.get<Entry[]>(at.recording);
    for (const choice of choices(world, at.waitsFor, this.order)) {
      const { what } = at.waitsFor;
      const from = this.after(world, choice.fault);
      if (!from) continue;
      const entry: Entry = choice.failure ? { what, failure: choice.failure } : { what, answer: choice.answer };
      const recording = this.player.heap.put([...entries, entry] as unknown as Json);
      const after = await this.player.position({ ...one, recording });
      const sends = what === 'hand over' ? { attempt: claimedAttempt(entries) } : undefined;
      const changed = { ...from, handed: choice.handed ?? from.handed, sends: from.sends + (sends ? 1 : 0) };
      const advanced = this.advance(changed, actor, after, `${name} ${choice.label}`);
      steps.push(...advanced.map((step) => ({ ...step, sends })));
    }
    return steps;
  }

  /** Queues the published jobs; ends the actor's work when its run has ended. */
  private advance(world: World, actor: Actor, { recording, published, ended }: Position, label: string): Step[] {
    const jobs = published.filter(({ event }) => this.machine.handles(event));
    const queue = [
      ...world.queue,
      ...jobs.map(({ event: name, payload, due }) => ({ job: this.player.heap.put({ name, payload }), due })),
    ];
    const after = { ...world, queue };
    const one = world[actor.of][actor.index] ?? { job: -1, recording: -1 };
    if (!ended) {
      return [{ label, world: replaced(after, actor, { ...one, recording }) }];
    }
    const gone = { ...after, [actor.of]: world[actor.of].filter((_, index) => index !== actor.index) };
    return actor.of === 'people'
      ? [this.answered(gone, one.job, ended, label)]
      : this.worked(gone, one.job, ended, label);
  }

  private worked(world: World, job: number, ended: Ended, label: string): Step[] {
    if ('threw' in ended) {
      const queue = [...world.queue, { job, due: quantum }];
      return [{ label: `${label}; fails (${ended.threw}) and is retried`, world: { ...world, queue } }];
    }
    const crashed = this.after({ ...world, queue: [...world.queue, { job, due: 0 }] }, 'crash');
    const done = this.answered(world, job, ended, label);
    return crashed ? [done, { label: `${label}; dies before the job is acknowledged`, world: crashed }] : [done];
  }

  private answered(world: World, job: number, ended: Ended, label: string): Step {
    if ('threw' in ended) return { label: `${label}; is refused (${ended.threw})`, world };
    if (this.nameOf(job) !== 'WithdrawOrder') return { label: `${label}; done`, world };
    const attempt = this.rowOf(world.rows)?.attempt ?? 0;
    const cancel = ended.returned === 'withdrawn' ? 'withdrawn' : { tooLateAfter: attempt };
    return { label: `${label}; is answered ${JSON.stringify(ended.returned)}`, world: { ...world, cancel } };
  }

  /** The application is closed. The job that withdraws an unsent order is committed in the same transaction. */
  private closes(world: World): Step[] {
    const from = world.closed || isOver(this.rowOf(world.rows)) ? null : this.after(world, 'application closed');
    if (!from) return [];
    const { teamId, orderId } = this.order;
    const job = this.player.heap.put({ name: 'WithdrawOrder', payload: { teamId, orderId, vendor: 'fake' } });
    const queue = [...from.queue, { job, due: 0 }];
    return [{ label: 'The application is closed', world: { ...from, queue, closed: true } }];
  }

  private crash(world: World, index: number): Step[] {
    const worker = world.workers[index];
    const from = this.after(world, 'crash');
    if (!from || !worker) return [];
    const workers = world.workers.filter((_, i) => i !== index);
    const queue = [...world.queue, { job: worker.job, due: 0 }];
    return [{ label: `worker on ${this.nameOf(worker.job)} dies`, world: { ...from, workers, queue } }];
  }

  /** The process is stopped or its machine is busy. It continues later without noticing. */
  private async fallsAsleep(world: World, actor: Actor): Promise<Step[]> {
    const from = this.after(world, 'sleep');
    const one = world[actor.of][actor.index];
    if (!from || !one) return [];
    // No pause between the last check of the clock and the bytes: no order of steps could bound it.
    if ((await this.player.position(one)).waitsFor?.what === 'hand over') return [];
    const asleep = { ...one, asleep: true } as const;
    return [{ label: `the run of ${this.nameOf(one.job)} is paused`, world: replaced(from, actor, asleep) }];
  }

  private wakes(world: World, actor: Actor): Step {
    const { asleep: _, ...one }: Worker = world[actor.of][actor.index] ?? { job: -1, recording: -1 };
    return { label: `the run of ${this.nameOf(one.job)} continues`, world: replaced(world, actor, one) };
  }

  private lateCommits(world: World): Step[] {
    return world.handed.flatMap((entry, index) => {
      if (entry.committed !== null) return [];
      const handed = world.handed.map((other, i) => (i === index ? { ...entry, committed: 0 } : other));
      return [{ label: `Certn commits the order of send ${entry.send} late`, world: { ...world, handed } }];
    });
  }

  /** Time passes to just after the next deadline. Every running worker must be paused. */
  private time(world: World): Step[] {
    const row = this.rowOf(world.rows);
    const moments = [
      ...world.queue.map(({ due }) => due),
      ...[row?.deadline, row?.visible_at, row?.reconcile_at].map((time) => time?.$at ?? 0),
      ...world.handed.map(({ bound }) => bound),
    ].filter((seconds) => seconds > 0);
    if (moments.length === 0) return [];
    if ([...world.workers, ...world.people].some((one) => !one.asleep)) return [];
    const due = world.queue.some((entry) => entry.due <= 0);
    const from = this.after(world, due && world.workers.length < 2 ? 'late job' : undefined);
    if (!from) return [];
    const seconds = Math.min(...moments) + quantum;
    return [{ label: `${seconds} seconds pass`, world: later(from, seconds, this.player.heap) }];
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
    return { to, by, published: published.map(({ event }) => event) };
  }

  private summary(before: number, after: number, statement: string): string {
    const [was, is] = [this.rowOf(before)?.state ?? 'no order', this.rowOf(after)?.state ?? 'no order'];
    const words = statement.replace(/integrations\./g, '').slice(0, 70);
    return was === is ? words : `${words} [${was} → ${is}]`;
  }
}

const everyActor = ({ workers, people }: World): Actor[] => [
  ...workers.map((_, index) => ({ of: 'workers' as const, index })),
  ...people.map((_, index) => ({ of: 'people' as const, index })),
];

const replaced = (world: World, { of, index }: Actor, one: Worker): World => ({
  ...world,
  [of]: world[of].map((other, i) => (i === index ? one : other)),
});

/** The attempt that the run with this recording claimed. */
function claimedAttempt(entries: readonly Entry[]): number {
  for (const { answer } of [...entries].reverse()) {
    const [row] = Array.isArray(answer) ? answer : [];
    if (row && typeof row === 'object' && 'attempt' in row && 'state' in row && row.state === 'sending')
      return Number(row.attempt);
  }
  throw new Error(`An order was handed over without a claim (timeout ${timing.timeout}).`);
}
