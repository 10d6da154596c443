import type { Activity } from './activity.js';
import { backgroundCheck } from './background_check/background-check.js';
import { interview } from './interview/interview.js';
import { task } from './task/task.js';

/** The kinds of activity, in the order of "Add activity". */
export const activities: readonly Activity[] = [interview, backgroundCheck, task];
