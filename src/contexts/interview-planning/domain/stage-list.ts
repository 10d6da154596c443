import type { Id } from '#kernel/id';
import type { InterviewPlan } from './interview-plan.js';
import type { Stage } from './stage.js';

/**
 * Makes a plan hold these stages in this order, by name. Missing stages are added and those out of order are moved. Stages that the
 * list does not name stay where they are, so importing the same list again changes nothing. Returns the ids of added stages.
 * The plan's order is read once and arranged once. Reading it for every name made long lists take minutes.
 */
export function followStageList(plan: InterviewPlan, names: string[], nextId: () => Id, now: Date): Id[] {
  const order = plan.stages;
  const known = firstByName(order);
  const added: Id[] = [];
  let moved = false;
  /** The number of stages at the front that already follow the list. */
  let settled = 0;
  for (const name of names) {
    const stage = known.get(name);
    if (!stage) {
      const made = plan.newStage(nextId(), name, now);
      order.splice(settled, 0, made);
      added.push(made.id);
      settled += 1;
      continue;
    }
    const at = order.indexOf(stage);
    if (at + 1 < settled) {
      order.splice(at, 1);
      order.splice(settled - 1, 0, stage);
      moved = true;
    } else {
      settled = at + 1;
    }
  }
  if (moved || added.length > 0) plan.arrange(order, now);
  return added;
}

function firstByName(stages: Stage[]): Map<string, Stage> {
  const found = new Map<string, Stage>();
  for (const stage of stages) if (!found.has(stage.name)) found.set(stage.name, stage);
  return found;
}
