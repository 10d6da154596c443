import { brokenAt, brokenAtTheEnd, brokenByMoving, brokenBySending } from './invariants.js';
import type { Step, Steps } from './steps.js';
import type { Store } from './store.js';
import { keyOf, type World } from './world.js';

export interface Exploration {
  states: number;
  /** Steps tried, each from its own state: the edges of the graph. */
  steps: number;
  ends: number;
  /** Statements that ran in Postgres, once for each set of rows. */
  made: number;
  /** The most orders handed over in one execution. */
  mostSends: number;
  /** States that lead to no end. */
  trapped: number;
  /** Ends by the order's state. */
  endStates: Record<string, number>;
  broken: { rule: string; story: string[] } | null;
}

interface Found {
  world: World;
  /** Number of the state that led to this one. */
  from: number;
  label: string;
}

/**
 * Visits every state once. States after fewer faults come first, then those after fewer steps. A story that breaks a rule is
 * therefore among the simplest.
 */
export class Explorer {
  private readonly numbers = new Map<string, number>();
  private readonly parents: number[] = [];
  private readonly labels: string[] = [];
  private readonly edges: [number, number][] = [];
  private readonly ends: number[] = [];
  private readonly endStates: Record<string, number> = {};

  private mostSends = 0;

  constructor(
    private readonly steps: Steps,
    private readonly store: Store,
  ) {}

  async explore(start: World): Promise<Exploration> {
    let found: Found[] = [{ world: start, from: -1, label: 'An order was requested.' }];
    while (found.length > 0) {
      const afterOneMore: Found[] = [];
      // The list grows during the loop.
      for (const { world, from, label } of found) {
        const { number, isNew } = this.enter(world, from, label);
        if (!isNew) continue;
        const broken = this.brokenIfEnd(world, number) ?? (await this.expand(world, number, found, afterOneMore));
        if (broken) return this.result(broken);
      }
      found = afterOneMore;
    }
    return this.result(null);
  }

  private async expand(
    world: World,
    from: number,
    found: Found[],
    afterOneMore: Found[],
  ): Promise<Exploration['broken']> {
    for (const step of await this.steps.from(world)) {
      const rule = this.ruleBrokenBy(step, world);
      if (rule) return { rule, story: [...this.storyOf(from), step.label] };
      const next = step.world.faults > world.faults ? afterOneMore : found;
      next.push({ world: step.world, from, label: step.label });
    }
    return null;
  }

  private brokenIfEnd(world: World, number: number): Exploration['broken'] {
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

  private enter(world: World, from: number, label: string): { number: number; isNew: boolean } {
    const key = keyOf(world);
    const known = this.numbers.get(key);
    const number = known ?? this.numbers.size;
    if (from >= 0) this.edges.push([from, number]);
    if (known !== undefined) return { number, isNew: false };
    this.numbers.set(key, number);
    this.parents.push(from);
    this.labels.push(label);
    this.mostSends = Math.max(this.mostSends, world.sends);
    return { number, isNew: true };
  }

  private storyOf(number: number): string[] {
    const story: string[] = [];
    for (let at = number; at >= 0; at = this.parents[at] ?? -1) story.unshift(this.labels[at] ?? '');
    return story;
  }

  private result(broken: Exploration['broken']): Exploration {
    const trapped = broken ? 0 : this.trapped();
    const { ends, endStates, mostSends } = this;
    const [states, steps, { made }] = [this.numbers.size, this.edges.length, this.store];
    return { states, steps, ends: ends.length, made, mostSends, trapped, endStates, broken };
  }

  /** Counts the states that lead to no end: from there the machine runs in circles. */
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
