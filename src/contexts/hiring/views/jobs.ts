import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller, PublicCapability } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { ShownThing } from '#platform/changes/changing-things';
import { Database } from '#platform/database/database';
import { anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
import { withinScope } from '#platform/database/job-scope';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { JobStatus } from '../contract.js';
import { containing, externalIdOf } from './search.js';

export interface JobView {
  id: Id;
  external_id: string | null;
  name: string;
  requisition_id: string | null;
  status: JobStatus;
  confidential: boolean;
  capabilities: PublicCapability[];
  created_at: string;
  updated_at: string;
  deleted_at: null;
}
type JobRow = Omit<JobView, 'capabilities' | 'deleted_at'>;

export interface JobFilters extends TimeFilters {
  search?: string[];
  external_id?: string[];
  status?: JobStatus[];
}

const columns = sql`j.id, j.external_id, j.name, j.requisition_id, j.status, j.confidential, j.created_at, j.updated_at`;

/** The jobs that a caller sees, with what they may do there. */
@Injectable()
export class JobsView {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, filters: JobFilters & Paging): Promise<Page<JobView>> {
    const found = sql`
      from hiring.job j
      where j.team_id = ${caller.teamId} and ${withinScope('j.id', caller.scope)} ${timesWithin('j', filters)}
        ${containing('j.search_text', filters.search)} ${anyOf('j.status', filters.status)}
        ${externalIdOf('j.external_id', filters.external_id)}`;
    return pageOf(this.database, filters, {
      ...{ columns, found, order: sorted('desc', 'j.created_at', 'j.id') },
      shown: (row: JobRow) => shownTo(caller, row),
    });
  }

  async one(caller: Caller, jobId: Id): Promise<JobView | null> {
    const row = await this.database.first(sql<JobRow>`
      select ${columns} from hiring.job j
      where j.team_id = ${caller.teamId} and j.id = ${jobId} and ${withinScope('j.id', caller.scope)}`);
    return row && shownTo(caller, row);
  }

  /** Those of these that the caller sees. */
  async ofIds(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    const rows = await this.database.rows(sql<JobRow & { version: number }>`
      select ${columns}, j.version from hiring.job j
      where j.team_id = ${caller.teamId} and j.id = any(${[...ids]}::uuid[]) and ${withinScope('j.id', caller.scope)}`);
    return rows.map(({ version, ...row }) => ({ id: row.id, revision: version, data: shownTo(caller, row) }));
  }
}

const shownTo = (caller: Caller, row: JobRow): JobView => ({
  ...row,
  capabilities: caller.capabilities(row.id),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
  deleted_at: null,
});
