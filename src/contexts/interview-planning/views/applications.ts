import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { ShownThing } from '#platform/changes/changing-things';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, type TimeFilters, timesWithin } from '#platform/database/filters';
import { withinScope } from '#platform/database/job-scope';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { Status } from '../domain/applications.js';

export interface ApplicationRow {
  id: string;
  external_id: string | null;
  candidate_id: Id;
  candidate: { id: string; first_name: string; last_name: string };
  job_id: Id;
  job: { id: string; name: string };
  status: Status;
  current_stage: { id: string; name: string } | null;
  created_at: string;
  updated_at: string;
  deleted_at: null;
}

export interface ApplicationFilters extends TimeFilters {
  job_id?: Id[];
  candidate_id?: Id[];
  status?: string[];
  stage_id?: Id[];
  external_id?: string[];
}

interface StoredApplication {
  id: string;
  external_id: string | null;
  candidate_id: Id;
  first_name: string;
  last_name: string;
  job_id: Id;
  job_name: string;
  status: Status;
  stage_id: string | null;
  stage_name: string | null;
  created_at: Date;
  updated_at: Date;
}

/** An application with its stage. `updated_at` also changes with the stage. */
const placed = sql`(
  select a.team_id, a.id, a.external_id, a.candidate_id, a.job_id, a.status, p.stage_id, a.created_at,
         a.version + coalesce(p.moves, 0) as revision,
         greatest(a.updated_at, p.updated_at) as updated_at
  from hiring.pub_application a
  left join interview_planning.placement p on p.team_id = a.team_id and p.application_id = a.id)`;

const columns = sql`a.id, a.external_id, a.candidate_id, c.first_name, c.last_name, a.job_id, j.name as job_name, a.status,
  s.id as stage_id, s.name as stage_name, a.created_at, a.updated_at`;
const named = sql`${placed} a
  join hiring.pub_candidate c on c.team_id = a.team_id and c.id = a.candidate_id
  join hiring.pub_job j on j.team_id = a.team_id and j.id = a.job_id
  left join interview_planning.stage s on s.team_id = a.team_id and s.id = a.stage_id`;

/** The talent pipeline: applications with candidate, job and stage, on the jobs that the caller sees. */
@Injectable()
export class ApplicationsView {
  constructor(private readonly database: Database) {}

  async page(caller: Caller, filters: ApplicationFilters & Paging): Promise<Page<ApplicationRow>> {
    const condition = sql`a.team_id = ${caller.teamId} and ${withinScope('a.job_id', caller.scope)}
      ${anyIdOf('a.job_id', filters.job_id)} ${anyIdOf('a.candidate_id', filters.candidate_id)}
      ${anyOf('a.status', filters.status)} ${anyIdOf('a.stage_id', filters.stage_id)}
      ${anyOf(
        'a.external_id',
        filters.external_id?.map((id) => id.trim()),
      )}
      ${timesWithin('a', filters)}`;
    return pageOf(this.database, filters, {
      ...{ columns, found: sql`from ${named} where ${condition}`, counted: sql`from ${placed} a where ${condition}` },
      ...{ order: sorted('desc', 'a.created_at', 'a.id'), shown },
    });
  }

  async one(teamId: string, applicationId: Id): Promise<ApplicationRow> {
    const application = await this.database.first(sql<StoredApplication>`
      select ${columns} from ${named} where a.team_id = ${teamId} and a.id = ${applicationId}`);
    if (!application) throw notFound();
    return shown(application);
  }

  /** Those of these that the caller sees. */
  async ofIds(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    const rows = await this.database.rows(sql<StoredApplication & { revision: number }>`
      select ${columns}, a.revision from ${named}
      where a.team_id = ${caller.teamId} and a.id = any(${[...ids]}::uuid[]) and ${withinScope('a.job_id', caller.scope)}`);
    return rows.map((row) => ({ id: row.id, revision: row.revision, data: shown(row) }));
  }
}

const shown = (row: StoredApplication): ApplicationRow => ({
  id: row.id,
  external_id: row.external_id,
  candidate_id: row.candidate_id,
  candidate: { id: row.candidate_id, first_name: row.first_name, last_name: row.last_name },
  job_id: row.job_id,
  job: { id: row.job_id, name: row.job_name },
  status: row.status,
  current_stage: row.stage_id === null ? null : { id: row.stage_id, name: row.stage_name ?? '' },
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
  deleted_at: null,
});
