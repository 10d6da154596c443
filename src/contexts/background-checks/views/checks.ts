import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller, JobScope } from '#kernel/caller';
import { spellingsOf } from '#kernel/email';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { storableText } from '#kernel/storable-text';
import { Database } from '#platform/database/database';
import { anyIdOf, anyOf, type TimeFilters, timesWithin } from '#platform/database/filters';
import { withinScope } from '#platform/database/job-scope';
import { pageOf, sorted } from '#platform/database/list';
import type { Page, Paging } from '#platform/http/paging';
import { type CheckAnswer, checkColumns, type CheckRow, checksWithRequester } from './check-answer.js';
import { CheckPresenter } from './check-presenter.js';

export interface CheckFilters extends TimeFilters {
  status?: string[];
  result?: string[];
  job_id?: Id[];
  application_id?: Id[];
  candidate_id?: Id[];
  package_id?: string[];
  sent_to?: string[];
}

/** Reads of checks, each as the caller may see it. */
@Injectable()
export class ChecksView {
  constructor(
    private readonly database: Database,
    private readonly presenter: CheckPresenter,
  ) {}

  async one(caller: Caller, id: Id): Promise<CheckAnswer> {
    const row = await this.database.first<CheckRow>(sql`
      select ${checkColumns} from ${checksWithRequester} where ${visibleTo(caller)} and c.id = ${id}`);
    const [answer] = row ? await this.presenter.present([row], caller) : [];
    if (!answer) throw notFound();
    return answer;
  }

  async list(caller: Caller, filters: CheckFilters, paging: Paging): Promise<Page<CheckAnswer>> {
    const chosen = sql`
      ${visibleTo(caller)} ${timesWithin('c', filters)} ${resultFilter(caller, filters.result)}
      ${anyOf('c.status', filters.status)} ${anyIdOf('c.job_id', filters.job_id)}
      ${anyIdOf('c.application_id', filters.application_id)}
      ${anyIdOf('c.candidate_id', filters.candidate_id)} ${anyOf('c.package_id', filters.package_id)}
      ${sentTo(filters.sent_to)}`;
    const page = await pageOf(this.database, paging, {
      columns: checkColumns,
      found: sql`from ${checksWithRequester} where ${chosen}`,
      counted: sql`from background_checks.background_check c where ${chosen}`,
      order: sorted('desc', 'c.created_at', 'c.id'),
      shown: (row: CheckRow) => row,
    });
    return { ...page, items: await this.presenter.present(page.items, caller) };
  }
}

/** By address, in every spelling in which it may be stored. */
function sentTo(addresses: string[] | undefined): RawBuilder<unknown> {
  if (addresses === undefined) return sql``;
  const spellings = addresses.flatMap(spellingsOf).filter((address) => storableText.test(address));
  return sql`and lower(trim(c.sent_to)) = any(${spellings}::text[])`;
}

/** The checks that a caller may see: on jobs they see, never about themselves. */
export function visibleTo(caller: Caller): RawBuilder<boolean> {
  return sql<boolean>`c.team_id = ${caller.teamId} and ${withinScope('c.job_id', caller.scope)}
    and not (c.candidate_id = any(${[...caller.ownCandidateIds]}::uuid[]))`;
}

/** A filter by result finds only checks whose results the caller may see. Otherwise the filter would reveal what the answer hides. */
function resultFilter(caller: Caller, results: string[] | undefined): RawBuilder<unknown> {
  if (results === undefined) return sql``;
  const jobIds = [...caller.grants.keys()].filter((jobId) => caller.can('view_background_check_results', jobId));
  const seesAll = caller.can('view_background_check_results');
  const scope: JobScope = seesAll ? { kind: 'all_but', jobIds: [] } : { kind: 'only', jobIds };
  return sql`${anyOf('c.result', results)} and ${withinScope('c.job_id', scope)}`;
}
