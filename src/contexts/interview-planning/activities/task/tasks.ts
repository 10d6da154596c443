import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { taskType } from './task-fields.js';

/** A task as it stands for one application. */
export interface PlacedTask {
  assigneeId: Id | null;
  /** Whether the application is in the task's stage or a later one. */
  reached: boolean;
}

/** Which tasks are done for which application. */
export abstract class Tasks {
  /** null: the plan of the application's job has no such task, or it is removed. */
  abstract find(teamId: string, applicationId: Id, itemId: Id): Promise<PlacedTask | null>;
  /** Whether this changed anything: a task that is done keeps who did it first. */
  abstract complete(teamId: string, applicationId: Id, itemId: Id, userId: Id, now: Date): Promise<boolean>;
  abstract reopen(teamId: string, applicationId: Id, itemId: Id): Promise<boolean>;
}

@Injectable()
export class PostgresTasks extends Tasks {
  constructor(private readonly database: Database) {
    super();
  }

  find(teamId: string, applicationId: Id, itemId: Id): Promise<PlacedTask | null> {
    return this.database.first(sql<PlacedTask>`
      select i.configuration->>'assignee_id' as "assigneeId", coalesce(s.priority <= here.priority, false) as reached
      from interview_planning.placement p
      join interview_planning.item i on i.team_id = p.team_id and i.id = ${itemId} and i.type = ${taskType} and i.deleted_at is null
      join interview_planning.stage s on s.team_id = i.team_id and s.id = i.stage_id and s.job_id = p.job_id
      left join interview_planning.stage here on here.team_id = p.team_id and here.id = p.stage_id
      where p.team_id = ${teamId} and p.application_id = ${applicationId}`);
  }

  async complete(teamId: string, applicationId: Id, itemId: Id, userId: Id, now: Date): Promise<boolean> {
    const changed = await this.database.affected(sql`
      insert into interview_planning.task_completion (team_id, application_id, item_id, completed_by, completed_at)
      values (${teamId}, ${applicationId}, ${itemId}, ${userId}, ${now})
      on conflict (team_id, application_id, item_id) do nothing`);
    return changed > 0;
  }

  async reopen(teamId: string, applicationId: Id, itemId: Id): Promise<boolean> {
    const changed = await this.database.affected(sql`
      delete from interview_planning.task_completion
      where team_id = ${teamId} and application_id = ${applicationId} and item_id = ${itemId}`);
    return changed > 0;
  }
}
