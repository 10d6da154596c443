import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { ItemContent } from './activity-kind.js';
import { InterviewPlan } from './interview-plan.js';

const now = new Date('2026-10-01T09:00:00Z');
const later = new Date('2026-10-01T10:00:00Z');
const none = '' as Id;
const basic: ItemContent = {
  vendor: 'certn',
  name: 'Check',
  package: { id: 'pkg-basic', name: 'Basic' },
  configuration: null,
};
const names = (plan: InterviewPlan) => plan.stages.map(({ name }) => name);
const priorities = (plan: InterviewPlan) => plan.stages.map(({ priority }) => priority);

describe('the interview plan of a job', () => {
  it('puts a new stage last [R-42]', () => {
    const plan = aPlan('Screen', 'Interview');
    plan.addStage('new' as Id, 'Background check', undefined, later);
    expect(names(plan)).toEqual(['Screen', 'Interview', 'Background check']);
    expect(priorities(plan)).toEqual([1, 2, 3]);
  });

  it.each([
    [1, 'NABC'],
    [2, 'ANBC'],
    [3, 'ABNC'],
    [4, 'ABCN'],
    [99, 'ABCN'],
  ])('inserting at priority %i gives the order %s', (priority, order) => {
    const plan = aPlan('A', 'B', 'C');
    expect(plan.addStage('n' as Id, 'N', priority, later).priority).toBe(order.indexOf('N') + 1);
    expect(names(plan).join('')).toBe(order);
    expect(priorities(plan)).toEqual([1, 2, 3, 4]);
  });

  const places = [1, 2, 3, 4, 5];
  it.each(places.flatMap((from) => places.map((to) => [from, to] as const)))(
    'moving from %i to %i leaves the others in their order',
    (from, to) => {
      const plan = aPlan('A', 'B', 'C', 'D', 'E');
      const moved = plan.stages[from - 1];
      const others = names(plan).filter((name) => name !== moved?.name);
      plan.moveStage(moved?.id ?? none, to, later);
      expect(moved?.priority).toBe(to);
      expect(names(plan).filter((name) => name !== moved?.name)).toEqual(others);
      expect(priorities(plan)).toEqual(places);
    },
  );

  it('keeps priorities dense through any changes', () => {
    for (let seed = 1; seed <= 60; seed += 1) {
      const random = generator(seed);
      const plan = aPlan();
      for (let step = 0; step < 40; step += 1) {
        doSomething(plan, `${step}`, random);
        expect({ seed, step, priorities: priorities(plan) }).toEqual({
          seed,
          step,
          priorities: plan.stages.map((_, index) => index + 1),
        });
      }
    }
  });

  it('marks only the stages that moved as changed', () => {
    const plan = aPlan('A', 'B', 'C');
    plan.moveStage(idOf(plan, 'B'), 1, later);
    expect(plan.stages.map(({ name, updatedAt }) => [name, updatedAt])).toEqual([
      ['B', later],
      ['A', later],
      ['C', now],
    ]);
  });

  it('a stage with an active application stays [R-48]', () => {
    const plan = aPlan('A', 'B');
    expect(refusalOf(() => plan.removeStage(idOf(plan, 'A'), 1, later))).toBe('stage_in_use');
    expect(names(plan)).toEqual(['A', 'B']);
  });

  it('removing a stage closes the gap, and keeps the stage and its activities for what refers to them', () => {
    const plan = aPlan('A', 'B', 'C');
    const b = idOf(plan, 'B');
    plan.addItem(b, 'item' as Id, 'check', basic, now);
    plan.removeStage(b, 0, later);
    expect(names(plan)).toEqual(['A', 'C']);
    expect(priorities(plan)).toEqual([1, 2]);
    const removed = plan.allStages.find(({ id }) => id === b);
    expect([removed?.deletedAt, removed?.items[0]?.deletedAt]).toEqual([later, later]);
    expect(refusalOf(() => plan.renameStage(b, 'again', later))).toBe('not_found');
    expect(refusalOf(() => plan.removeItem('item' as Id, later))).toBe('not_found');
  });

  it('gives an activity other content, and removes it [R-47]', () => {
    const plan = aPlan('A');
    plan.addItem(idOf(plan, 'A'), 'item' as Id, 'check', basic, now);
    plan.changeItem('item' as Id, { ...basic, package: { id: 'pkg-plus', name: 'Plus' } }, later);
    expect(plan.item('item' as Id)).toMatchObject({ packageId: 'pkg-plus', packageName: 'Plus', updatedAt: later });
    plan.removeItem('item' as Id, later);
    expect(plan.stages[0]?.currentItems).toEqual([]);
  });

  it('keeps content that no column has, and is not changed by the same content', () => {
    const plan = aPlan('A');
    const content: ItemContent = {
      vendor: null,
      name: 'Call',
      package: null,
      configuration: { title: 'Call', assignee_id: null },
    };
    const item = plan.addItem(idOf(plan, 'A'), 'item' as Id, 'task', content, now);
    expect(item.content).toEqual(content);
    plan.changeItem('item' as Id, structuredClone(content), later);
    expect(item.updatedAt).toEqual(now);
  });
});

function aPlan(...stages: string[]): InterviewPlan {
  const plan = new InterviewPlan('team', 'job' as Id, now);
  stages.forEach((name, index) => plan.addStage(`stage-${index}` as Id, name, undefined, now));
  return plan;
}

const idOf = (plan: InterviewPlan, name: string) => plan.stages.find((stage) => stage.name === name)?.id ?? none;

function refusalOf(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error.reason;
    throw error;
  }
  return 'none';
}

function doSomething(plan: InterviewPlan, name: string, random: (below: number) => number): void {
  const any = plan.stages[random(plan.stages.length)];
  const kind = random(5);
  if (!any || kind < 2) plan.addStage(name as Id, name, kind === 0 ? undefined : 1 + random(8), later);
  else if (kind < 4) plan.moveStage(any.id, 1 + random(8), later);
  else plan.removeStage(any.id, 0, later);
}

/** Park and Miller's generator. The same seed gives the same steps, so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => (state = (state * 48271) % 2147483647) % Math.max(1, below);
}
