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

/** Columns that the domain does not know. */
interface Stored {
  /** Kind and vendor in one word, as releases before 0.8 store them. The columns `kind` and `vendor` come from it. */
  storedType: string;
}

const storedTypeOf = ({ type, vendor }: PlanItem): string => (vendor === null ? type : `${vendor}_${type}`);

export const planItemSchema = new EntitySchema<Omit<PlanItem, 'content'> & Stored>({
  class: PlanItem as unknown as new () => PlanItem & Stored,
  schema,
  tableName: 'item',
  forceConstructor: true,
  properties: {
    teamId: { type: 'uuid', primary: true },
    id: { type: 'uuid', primary: true },
    stageId: { type: 'uuid' },
    storedType: {
      type: 'text',
      fieldName: 'type',
      lazy: true,
      onCreate: (item) => storedTypeOf(item as PlanItem & Stored),
    },
    type: { type: 'text', fieldName: 'kind', generated: 'from type' },
    vendor: { type: 'text', nullable: true, generated: 'from type' },
    name: { type: 'text' },
    packageId: { type: 'text', nullable: true },
    packageName: { type: 'text', nullable: true },
    configuration: { type: 'json', columnType: 'jsonb', nullable: true },
    createdAt: time,
    updatedAt: time,
    deletedAt: { ...time, nullable: true },
  },
});
