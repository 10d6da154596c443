import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { candidateView } from '#contexts/hiring';
import type { Caller } from '#kernel/caller';
import { Clock } from '#kernel/ports';
import { type FailedErasure, previewEnd } from '#kernel/retention';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import { dueResults } from './due-results.js';

/** A check whose result is due for removal, was removed, or could not be removed. */
export interface CheckWithResult {
  id: string;
  candidate_id: string;
  candidate_name: string;
  package: string;
}
export interface DueResult extends CheckWithResult {
  status: string;
  due_on: string;
}
export interface FailedRemoval extends CheckWithResult, FailedErasure {}
export interface RemovedResult extends CheckWithResult {
  removed_at: string;
}

/** Leaves out the caller's own checks. */
const othersThan = ({ ownCandidateIds }: Caller, column: string): RawBuilder<unknown> =>
  sql`not (${sql.ref(column)} = any(${[...ownCandidateIds]}::uuid[]))`;

/** The result retention rule, the results due within a week, the failed removals, and the proofs of removals. */
@Injectable()
export class ResultRetentionView {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async rule(teamId: string): Promise<{ months: number | null }> {
    const rule = await this.database.first(sql<{ months: number | null }>`
      select months from background_checks.result_retention_rule where team_id = ${teamId}`);
    return { months: rule?.months ?? null };
  }

  async due(caller: Caller, paging: Paging): Promise<Page<DueResult>> {
    const found = sql`
      from ${dueResults(caller.teamId, previewEnd(this.clock.now()))} d where ${othersThan(caller, 'd.candidate_id')}`;
    const columns = sql`d.id, d.candidate_id, d.candidate_name, d.package_name as package, d.status, d.due_on`;
    const shown = (due: DueResult): DueResult => ({ ...due, due_on: isoTime(due.due_on) });
    return pageOf(this.database, paging, { columns, found, order: sorted('asc', 'd.due_on', 'd.id'), shown });
  }

  async failures(caller: Caller, paging: Paging): Promise<Page<FailedRemoval>> {
    const found = sql`
      from background_checks.removal_failure f
      join ${dueResults(caller.teamId, this.clock.now())} d on d.id = f.check_id
      where f.team_id = ${caller.teamId} and ${othersThan(caller, 'd.candidate_id')}`;
    const columns = sql`d.id, d.candidate_id, d.candidate_name, d.package_name as package, f.tries, f.first_failed_at,
      f.next_try_at`;
    const shown = (failed: FailedRemoval): FailedRemoval => ({
      ...failed,
      first_failed_at: isoTime(failed.first_failed_at),
      next_try_at: isoTime(failed.next_try_at),
    });
    return pageOf(this.database, paging, { columns, found, order: sorted('asc', 'f.first_failed_at', 'd.id'), shown });
  }

  /** Newest first. Results of anonymised candidates are not listed; they are counted in the proof of erasure. */
  async removed(caller: Caller, paging: Paging): Promise<Page<RemovedResult>> {
    const found = sql`
      from background_checks.background_check c
      join ${sql.table(candidateView)} cand on cand.team_id = c.team_id and cand.id = c.candidate_id
      where c.team_id = ${caller.teamId} and c.result_removed_at is not null and c.erased_at is null
        and ${othersThan(caller, 'c.candidate_id')}`;
    const columns = sql`c.id, c.candidate_id, cand.first_name || ' ' || cand.last_name as candidate_name,
      c.package_name as package, c.result_removed_at as removed_at`;
    const shown = (one: RemovedResult): RemovedResult => ({ ...one, removed_at: isoTime(one.removed_at) });
    return pageOf(this.database, paging, {
      columns,
      found,
      order: sorted('desc', 'c.result_removed_at', 'c.id'),
      shown,
    });
  }
}
