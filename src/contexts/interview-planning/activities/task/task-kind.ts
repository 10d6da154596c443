import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { invalidField, unknownReference } from '#kernel/errors';
import { ActivityKind, type Configuration, type ItemContent, type PlanPlace } from '../../domain/activity-kind.js';
import { Assignees } from './assignees.js';
import type { CreateTaskRequest, ShownTask, ChangeTaskRequest, TaskConfiguration } from './task-fields.js';

@Injectable()
export class TaskKind extends ActivityKind<CreateTaskRequest, ChangeTaskRequest> {
  constructor(private readonly assignees: Assignees) {
    super();
  }

  async create(place: PlanPlace, { title, assignee_id = null }: CreateTaskRequest): Promise<ItemContent> {
    await this.mustBeAssignable(place, assignee_id);
    return content({ title, assignee_id });
  }

  async change(place: PlanPlace, fields: ChangeTaskRequest): Promise<(present: ItemContent) => ItemContent> {
    await this.mustBeAssignable(place, fields.assignee_id ?? null);
    return ({ configuration }) => {
      const present = stored(configuration ?? {});
      const { title = present.title, assignee_id = present.assignee_id } = fields;
      return content({ title, assignee_id });
    };
  }

  override async show(teamId: string, configurations: readonly Configuration[]): Promise<ShownTask[]> {
    const tasks = configurations.map(stored);
    const names = await this.assignees.names(
      teamId,
      tasks.map(({ assignee_id }) => assignee_id).filter((id) => id !== null),
    );
    return tasks.map(({ title, assignee_id }) => {
      const name = assignee_id && names.get(assignee_id);
      return { title, assignee: assignee_id && name ? { id: assignee_id, name } : null };
    });
  }

  private async mustBeAssignable({ teamId, jobId }: PlanPlace, userId: Id | null): Promise<void> {
    if (userId === null) return;
    const found = await this.assignees.find(teamId, jobId, userId);
    if (found === 'unknown') throw unknownReference('assignee_id');
    if (found === 'unavailable') throw assigneeUnavailable();
  }
}

/** Its title is also the name of the item, which lists and the audit log show. */
const content = ({ title, assignee_id }: TaskConfiguration): ItemContent => ({
  vendor: null,
  name: title,
  package: null,
  configuration: { title, assignee_id },
});

const stored = (configuration: Configuration): TaskConfiguration => configuration as unknown as TaskConfiguration;

const assigneeUnavailable = () =>
  invalidField(
    'assignee_id',
    'assignee_unavailable',
    'This person cannot open the job. Choose someone who can, or give them access first.',
  );
