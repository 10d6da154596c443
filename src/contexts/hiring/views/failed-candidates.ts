import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';
import type { FailedCandidate } from '../domain/erasures.js';
import { dueBy } from './due-candidates.js';

/** Candidates that are due but could not be anonymised. Those that have failed for longest come first. */
@Injectable()
export class FailedCandidatesView {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list(teamId: string, paging: Paging): Promise<Page<FailedCandidate>> {
    const found = sql`
      from hiring.erasure_failure f join ${dueBy(teamId, this.clock.now(), 'each')} d on d.id = f.candidate_id
      where f.team_id = ${teamId}`;
    const columns = sql`d.id, d.name, f.tries, f.first_failed_at, f.next_try_at`;
    return pageOf(this.database, paging, { columns, found, order: sorted('asc', 'f.first_failed_at', 'd.id'), shown });
  }
}

const shown = (failed: FailedCandidate): FailedCandidate => ({
  ...failed,
  first_failed_at: isoTime(failed.first_failed_at),
  next_try_at: isoTime(failed.next_try_at),
});
