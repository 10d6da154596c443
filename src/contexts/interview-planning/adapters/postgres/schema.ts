import type { ContextSchema } from '#platform/database/context-schema';
import { activities } from '../../activities/index.js';
import { interviewPlanSchema, planItemSchema, stageSchema } from './interview-plan.schema.js';
import { Start } from './migrations/0001-start.js';
import { ImportPlaces } from './migrations/0002-import-places.js';
import { Configurations } from './migrations/0003-configurations.js';
import { VendorsOfActivities } from './migrations/0067-vendors-of-activities.js';
import { Changes } from './migrations/0074-changes.js';

export const interviewPlanningSchema: ContextSchema = {
  name: 'interview-planning',
  entities: [interviewPlanSchema, stageSchema, planItemSchema],
  migrations: [
    { name: '0001-start', class: Start },
    { name: '0002-import-places', class: ImportPlaces },
    { name: '0003-configurations', class: Configurations },
    { name: '0067-vendors-of-activities', class: VendorsOfActivities },
    { name: '0074-changes', class: Changes },
    ...activities.flatMap(({ migrations = [] }) => migrations),
  ],
  columns: {
    stage: { nothing: 'name' },
    item: { nothing: 'type kind vendor name package_id package_name configuration' },
    ...Object.fromEntries(activities.flatMap(({ columns = {} }) => Object.entries(columns))),
  },
};
