import type { Activity, ActivityType } from './activity';
import { certnBackgroundCheck } from './certn_background_check/CertnBackgroundCheck';
import { interview } from './interview/Interview';
import { task } from './task/Task';

/** How each kind of activity is drawn. Types fail to check while one is missing. */
export const activities: Record<ActivityType, Activity> = {
  interview,
  certn_background_check: certnBackgroundCheck,
  task,
};

/** null: a newer service sent it. It is shown by its name only. */
export const activityOf = (type: string): Activity | null =>
  Object.hasOwn(activities, type) ? activities[type as ActivityType] : null;
