import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { ShownThing } from '#platform/changes/changing-things';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, timesWithin, type TimeFilters } from '#platform/database/filters';
import { withinScope } from '#platform/database/job-scope';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import { canonicalEmail } from '#kernel/email';
import type { Id } from '#kernel/id';
import type { EmailAddress } from '../domain/email.js';
import { containing, externalIdOf } from './search.js';

export interface CandidateView {
  id: string;
  external_id: string | null;
  first_name: string;
  last_name: string;
  email_addresses: EmailAddress[];
  phone_numbers: { value: string }[];
  application_ids: string[];
  anonymised_at: string | null;
  legal_hold: boolean;
  created_at: string;
  updated_at: string;
  deleted_at: null;
}

export interface CandidateFilters extends TimeFilters {
  search?: string[];
  email?: string[];
  external_id?: string[];
  job_id?: Id[];
}

/** The applications of candidate `c` that a caller sees. */
const seenApplications = (caller: Caller): RawBuilder<unknown> => sql`
  hiring.application a
  where a.team_id = c.team_id and a.candidate_id = c.id
    and ${withinScope('a.job_id', caller.scope)}`;

/** Visible through a job that the caller sees. Without applications, visible to callers who may create records. */
function seenBy(caller: Caller): RawBuilder<unknown> {
  const mayCreate = caller.can('create_records');
  // A caller who sees every job sees every candidate, so the query can skip the applications.
  if (mayCreate && caller.scope.kind === 'all_but' && caller.scope.jobIds.length === 0) return sql`true`;
  return sql`(
    exists (select 1 from ${seenApplications(caller)})
    or (${mayCreate} and not exists (
      select 1 from hiring.application a
      where a.team_id = c.team_id and a.candidate_id = c.id)))`;
}

const columns = (caller: Caller): RawBuilder<CandidateView> => sql<CandidateView>`
  c.id, c.external_id, c.first_name, c.last_name, c.email_addresses, c.phone_numbers,
  array(select a.id from ${seenApplications(caller)} order by a.created_at desc, a.id desc) as application_ids,
  c.anonymised_at, c.legal_hold, c.created_at, c.updated_at`;

function matching(caller: Caller, { email, job_id, external_id }: CandidateFilters): RawBuilder<unknown> {
  const byEmail = sql`and exists (
    select 1 from hiring.candidate_email e
    where e.team_id = c.team_id and e.candidate_id = c.id ${anyOf('e.canonical', email?.map(canonicalEmail))})`;
  const byJob = sql`and exists (select 1 from ${seenApplications(caller)} ${anyIdOf('a.job_id', job_id)})`;
  return sql`${email ? byEmail : sql``} ${job_id ? byJob : sql``} ${externalIdOf('c.external_id', external_id)}`;
}

/** The candidates that a caller sees. */
@Injectable()
export class CandidatesView {
  constructor(private readonly database: Database) {}

  async list(caller: Caller, filters: CandidateFilters & Paging): Promise<Page<CandidateView>> {
    const found = sql`
      from hiring.candidate c
      where c.team_id = ${caller.teamId} and ${seenBy(caller)} ${timesWithin('c', filters)}
        ${containing('c.search_text', filters.search)} ${matching(caller, filters)}`;
    const order = sorted('desc', 'c.created_at', 'c.id');
    return pageOf(this.database, filters, { columns: columns(caller), found, order, shown });
  }

  async one(caller: Caller, candidateId: Id): Promise<CandidateView | null> {
    const row = await this.database.first(sql<CandidateView>`
      select ${columns(caller)} from hiring.candidate c
      where c.team_id = ${caller.teamId} and c.id = ${candidateId} and ${seenBy(caller)}`);
    return row && shown(row);
  }

  /** Those of these that the caller sees. */
  async ofIds(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    const rows = await this.database.rows(sql<CandidateView & { version: number }>`
      select ${columns(caller)}, c.version from hiring.candidate c
      where c.team_id = ${caller.teamId} and c.id = any(${[...ids]}::uuid[]) and ${seenBy(caller)}`);
    return rows.map(({ version, ...row }) => ({ id: row.id, revision: version, data: shown(row) }));
  }
}

const shown = (row: CandidateView): CandidateView => ({
  ...row,
  anonymised_at: isoTime(row.anonymised_at),
  created_at: isoTime(row.created_at),
  updated_at: isoTime(row.updated_at),
  deleted_at: null,
});
