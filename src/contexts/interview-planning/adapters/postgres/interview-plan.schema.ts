import { EntitySchema } from '@mikro-orm/core';
import { InterviewPlan } from '../../domain/interview-plan.js';
import { PlanItem } from '../../domain/plan-item.js';
import { Stage } from '../../domain/stage.js';

const schema = 'interview_planning';
const time = { type: 'datetime', columnType: 'timestamptz(3)' } as const;

// Each part is mapped by itself and the repository joins them, so that the domain does not use the ORM's collections.

export const interviewPlanSchema = new EntitySchema<Omit<InterviewPlan, 'allStages' | 'stages'>>({
  class: InterviewPlan,
  schema,
  tableName: 'plan',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    jobId: { type: 'uuid', primary: true },
    version: { type: 'integer', version: true },
    createdAt: time,
    updatedAt: time,
  },
});

export const stageSchema = new EntitySchema<Omit<Stage, 'items' | 'currentItems'>>({
  class: Stage,
  schema,
  tableName: 'stage',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    jobId: { type: 'uuid' },
    name: { type: 'text' },
    priority: { type: 'integer' },
    createdAt: time,
    updatedAt: time,
    deletedAt: { ...time, nullable: true },
  },
});

export const planItemSchema = new EntitySchema<Omit<PlanItem, 'content'>>({
  class: PlanItem,
  schema,
  tableName: 'item',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    stageId: { type: 'uuid' },
    type: { type: 'text' },
    name: { type: 'text' },
    packageId: { type: 'text', nullable: true },
    packageName: { type: 'text', nullable: true },
    configuration: { type: 'json', columnType: 'jsonb', nullable: true },
    createdAt: time,
    updatedAt: time,
    deletedAt: { ...time, nullable: true },
  },
});
