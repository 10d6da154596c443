import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { InterviewPlan } from './interview-plan.js';

const now = new Date('2026-10-01T09:00:00Z');
const later = new Date('2026-10-01T10:00:00Z');
const none = '' as Id;
const basic = { id: 'pkg-basic', name: 'Basic' };
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
    plan.addBackgroundCheck(b, 'item' as Id, basic, now);
    plan.removeStage(b, 0, later);
    expect(names(plan)).toEqual(['A', 'C']);
    expect(priorities(plan)).toEqual([1, 2]);
    const removed = plan.allStages.find(({ id }) => id === b);
    expect([removed?.deletedAt, removed?.items[0]?.deletedAt]).toEqual([later, later]);
    expect(refusalOf(() => plan.renameStage(b, 'again', later))).toBe('not_found');
    expect(refusalOf(() => plan.removeItem('item' as Id, later))).toBe('not_found');
  });

  it('a background check holds exactly one package and has the fixed display name [R-02, R-45]', () => {
    const plan = aPlan('Any stage');
    const item = plan.addBackgroundCheck(idOf(plan, 'Any stage'), 'item' as Id, basic, now);
    expect(item).toMatchObject({ packageId: 'pkg-basic', packageName: 'Basic', name: 'Send Certn background check' });
  });

  it('gives a background check another package, and removes it [R-47]', () => {
    const plan = aPlan('A');
    plan.addBackgroundCheck(idOf(plan, 'A'), 'item' as Id, basic, now);
    plan.changePackage('item' as Id, { id: 'pkg-plus', name: 'Plus' }, later);
    expect(plan.item('item' as Id)).toMatchObject({ packageId: 'pkg-plus', packageName: 'Plus', updatedAt: later });
    plan.removeItem('item' as Id, later);
    expect(plan.stages[0]?.currentItems).toEqual([]);
  });

  it('refuses to change an activity as one of the other type', () => {
    const plan = aPlan('A');
    plan.addInterview(idOf(plan, 'A'), 'talk' as Id, 'Phone call', now);
    plan.addBackgroundCheck(idOf(plan, 'A'), 'check' as Id, basic, now);
    expect(refusalOf(() => plan.changePackage('talk' as Id, basic, later))).toBe('invalid_request');
    expect(refusalOf(() => plan.renameInterview('check' as Id, 'x', later))).toBe('invalid_request');
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
