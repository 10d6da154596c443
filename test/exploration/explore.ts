import { brokenAt, brokenAtTheEnd, brokenByMoving, brokenBySending } from './invariants.js';
import type { Step, Steps } from './steps.js';
import type { Store } from './store.js';
import { keyOf, type World } from './world.js';

export interface Exploration {
  states: number;
  /** Steps tried, each from a state of its own: the edges. */
  steps: number;
  ends: number;
  /** Statements made for real, each once for the rows it met. */
  made: number;
  /** The most orders handed over in one execution, one after the other. */
  mostSends: number;
  /** States from which no end can be reached. */
  trapped: number;
  /** Ends by the order's state. */
  endStates: Record<string, number>;
  broken: { rule: string; story: string[] } | null;
}

interface Found {
  world: World;
  /** The state it was reached from. */
  from: number;
  says: string;
}

/**
 * Visits every state once, those after fewer mishaps first and among them those after fewer steps; so a story that breaks a rule
 * is a simplest one.
 */
export class Explorer {
  private readonly numbers = new Map<string, number>();
  private readonly parents: number[] = [];
  private readonly tales: string[] = [];
  private readonly edges: [number, number][] = [];
  private readonly ends: number[] = [];
  private readonly endStates: Record<string, number> = {};

  private mostSends = 0;

  constructor(
    private readonly steps: Steps,
    private readonly store: Store,
  ) {}

  async explore(start: World): Promise<Exploration> {
    let found: Found[] = [{ world: start, from: -1, says: 'An order was requested.' }];
    while (found.length > 0) {
      const afterOneMore: Found[] = [];
      // Grows while it is walked through.
      for (const { world, from, says } of found) {
        const { number, isNew } = this.enter(world, from, says);
        if (!isNew) continue;
        const broken = this.reconciliation(world, number) ?? (await this.goOn(world, number, found, afterOneMore));
        if (broken) return this.result(broken);
      }
      found = afterOneMore;
    }
    return this.result(null);
  }

  private async goOn(
    world: World,
    from: number,
    found: Found[],
    afterOneMore: Found[],
  ): Promise<Exploration['broken']> {
    for (const step of await this.steps.from(world)) {
      const rule = this.ruleBrokenBy(step, world);
      if (rule) return { rule, story: [...this.storyOf(from), step.says] };
      const next = step.world.mishaps > world.mishaps ? afterOneMore : found;
      next.push({ world: step.world, from, says: step.says });
    }
    return null;
  }

  private reconciliation(world: World, number: number): Exploration['broken'] {
    if (!this.isEnd(world)) return null;
    this.ends.push(number);
    const row = this.steps.rowOf(world.rows);
    const state = row?.state ?? 'none';
    this.endStates[state] = (this.endStates[state] ?? 0) + 1;
    const rule = brokenAtTheEnd(row, world);
    return rule ? { rule, story: this.storyOf(number) } : null;
  }

  private ruleBrokenBy(step: Step, before: World): string | null {
    return (
      (step.sends && brokenBySending(before, step.sends)) ??
      (step.moved && brokenByMoving(step.moved)) ??
      brokenAt(step.world, this.steps.rowOf(step.world.rows))
    );
  }

  private isEnd({ queue, workers, people }: World): boolean {
    return queue.length === 0 && workers.length === 0 && people.length === 0;
  }

  private enter(world: World, from: number, says: string): { number: number; isNew: boolean } {
    const key = keyOf(world);
    const known = this.numbers.get(key);
    const number = known ?? this.numbers.size;
    if (from >= 0) this.edges.push([from, number]);
    if (known !== undefined) return { number, isNew: false };
    this.numbers.set(key, number);
    this.parents.push(from);
    this.tales.push(says);
    this.mostSends = Math.max(this.mostSends, world.sends);
    return { number, isNew: true };
  }

  private storyOf(number: number): string[] {
    const story: string[] = [];
    for (let at = number; at >= 0; at = this.parents[at] ?? -1) story.unshift(this.tales[at] ?? '');
    return story;
  }

  private result(broken: Exploration['broken']): Exploration {
    const trapped = broken ? 0 : this.trapped();
    const { ends, endStates, mostSends } = this;
    const [states, steps, { made }] = [this.numbers.size, this.edges.length, this.store];
    return { states, steps, ends: ends.length, made, mostSends, trapped, endStates, broken };
  }

  /** Whether the machine can run in circles for ever: states that no end can be reached from. */
  private trapped(): number {
    const into: number[][] = [];
    for (const [from, to] of this.edges) (into[to] ??= []).push(from);
    const reached = new Set(this.ends);
    const todo = [...this.ends];
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      for (const from of into[at] ?? []) {
        if (reached.has(from)) continue;
        reached.add(from);
        todo.push(from);
      }
    }
    return this.numbers.size - reached.size;
  }
}
