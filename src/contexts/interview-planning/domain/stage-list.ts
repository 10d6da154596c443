import type { Id } from '#kernel/id';
import type { InterviewPlan } from './interview-plan.js';

/**
 * Makes a plan hold these stages in this order, by name: missing ones are added, those out of order moved. Stages that the
 * list does not name stay where they are, so importing the same list again changes nothing. Returns the ids of added stages.
 */
export function followStageList(plan: InterviewPlan, names: string[], nextId: () => Id, now: Date): Id[] {
  const added: Id[] = [];
  let last = 0;
  for (const name of names) {
    const stage = plan.stages.find((candidate) => candidate.name === name);
    if (!stage) {
      const { id, priority } = plan.addStage(nextId(), name, last + 1, now);
      added.push(id);
      last = priority;
    } else if (stage.priority < last) {
      plan.moveStage(stage.id, last, now);
    } else {
      last = stage.priority;
    }
  }
  return added;
}
