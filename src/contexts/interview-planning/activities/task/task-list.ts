import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { userView } from '#contexts/access';
import { applicationView } from '#contexts/hiring';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { taskType } from './task-fields.js';

interface Named {
  id: Id;
  name: string;
}

export const reasons = ['not_allowed', 'application_not_active', 'stage_not_reached'] as const;
type Reason = (typeof reasons)[number];

export interface TaskRow {
  job_stage_item_id: Id;
  title: string;
  assignee: Named | null;
  done: boolean;
  done_by: Named | null;
  done_at: string | null;
  can_change: boolean;
  cannot_change_reason: Reason | null;
}

interface StoredTask extends Pick<TaskRow, 'job_stage_item_id' | 'title' | 'assignee' | 'done_by'> {
  job_id: Id;
  status: string;
  reached: boolean;
  done_at: Date | null;
}

/** The tasks of an application's plan, in the order of the plan, and which of them are done. */
@Injectable()
export class TaskList {
  constructor(private readonly database: Database) {}

  async of(caller: Caller, applicationId: Id): Promise<TaskRow[]> {
    const rows = await this.database.rows(sql<StoredTask>`
      select i.id as job_stage_item_id, i.name as title, a.job_id, a.status,
        case when u.id is not null then json_build_object('id', u.id, 'name', u.name) end as assignee,
        case when d.item_id is not null then json_build_object('id', d.completed_by, 'name', b.name) end as done_by,
        d.completed_at as done_at, coalesce(s.priority <= here.priority, false) as reached
      from ${sql.table(applicationView)} a
      join interview_planning.placement p on p.team_id = a.team_id and p.application_id = a.id
      join interview_planning.stage s on s.team_id = a.team_id and s.job_id = a.job_id and s.deleted_at is null
      join interview_planning.item i on i.team_id = s.team_id and i.stage_id = s.id and i.type = ${taskType} and i.deleted_at is null
      left join interview_planning.stage here on here.team_id = p.team_id and here.id = p.stage_id
      left join ${sql.table(userView)} u on u.team_id = i.team_id and u.id = (i.configuration->>'assignee_id')::uuid
      left join interview_planning.task_completion d
        on d.team_id = i.team_id and d.application_id = a.id and d.item_id = i.id
      left join ${sql.table(userView)} b on b.team_id = d.team_id and b.id = d.completed_by
      where a.team_id = ${caller.teamId} and a.id = ${applicationId}
      order by s.priority, i.created_at, i.id`);
    return rows.map((row) => shown(row, caller));
  }

  async one(caller: Caller, applicationId: Id, itemId: Id): Promise<TaskRow> {
    const task = (await this.of(caller, applicationId)).find((row) => row.job_stage_item_id === itemId);
    if (!task) throw notFound();
    return task;
  }
}

function shown(row: StoredTask, caller: Caller): TaskRow {
  const { job_stage_item_id, title, assignee, done_by, done_at } = row;
  const reason = cannotChange(row, caller);
  const done = { done: done_at !== null, done_by, done_at: isoTime(done_at) };
  return { job_stage_item_id, title, assignee, ...done, can_change: reason === null, cannot_change_reason: reason };
}

/** In the order of the refusals of `MarkTask`. */
function cannotChange({ assignee, job_id, status, reached }: StoredTask, caller: Caller): Reason | null {
  if (assignee?.id !== caller.user.id && !caller.can('edit_job', job_id)) return 'not_allowed';
  if (status !== 'active') return 'application_not_active';
  return reached ? null : 'stage_not_reached';
}
