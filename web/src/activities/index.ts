import type { Activity, ActivityType } from './activity';
import { backgroundCheck } from './background_check/BackgroundCheck';
import { interview } from './interview/Interview';
import { task } from './task/Task';

/** How each kind of activity is drawn. Types fail to check while one is missing. */
export const activities: Record<ActivityType, Activity> = {
  interview,
  background_check: backgroundCheck,
  task,
};

/** null: a newer service sent it. It is shown by its name only. */
export const activityOf = (type: string): Activity | null =>
  Object.hasOwn(activities, type) ? activities[type as ActivityType] : null;
