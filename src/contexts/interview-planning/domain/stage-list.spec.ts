import type { Id } from '#kernel/id';
import { InterviewPlan } from './interview-plan.js';
import { followStageList } from './stage-list.js';

const now = new Date('2026-10-01T09:00:00Z');

describe('an imported list of stages', () => {
  it.each([
    ['makes a new plan', '', 'ABC', 'ABC'],
    ['changes nothing the second time', 'ABC', 'ABC', 'ABC'],
    ['adds a missing stage at its position', 'AC', 'ABC', 'ABC'],
    ['puts stages in the order of the list', 'CBA', 'ABC', 'ABC'],
    ['leaves stages that it does not name where they are', 'AXBYC', 'ABC', 'AXBYC'],
    ['keeps stages that it no longer names', 'ABC', 'AC', 'ABC'],
    ['moves a stage behind the one before it', 'BXA', 'AB', 'XAB'],
  ])('%s: %s and %s give %s', (_, before, list, after) => {
    const plan = planOf(before);
    follow(plan, list);
    expect(outline(plan)).toBe(after);
    const added = follow(plan, list);
    expect([outline(plan), added]).toEqual([after, []]);
  });

  it('refuses a plan of more than 100 stages, and accepts 100', () => {
    const hundred = Array.from({ length: 100 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
    const plan = planOf('');
    expect(follow(plan, hundred)).toHaveLength(100);
    expect(() => follow(plan, `${hundred}A`)).toThrow('at most 100 stages');
    expect(outline(plan)).toBe(hundred);
  });

  it('returns the ids of added stages', () => {
    expect(follow(planOf('B'), 'ABC')).toEqual(['new-1', 'new-2']);
  });
});

function planOf(names: string): InterviewPlan {
  const plan = new InterviewPlan('team', 'job' as Id, now);
  for (const name of names) plan.addStage(`old-${name}` as Id, name, undefined, now);
  return plan;
}

function follow(plan: InterviewPlan, names: string): string[] {
  let made = 0;
  return followStageList(plan, [...names], () => `new-${(made += 1)}` as Id, now);
}

const outline = (plan: InterviewPlan) => plan.stages.map(({ name }) => name).join('');
