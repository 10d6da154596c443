import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { isoTime } from '#platform/database/times';
import { countCap, type Page, type Paging, totalOf, window } from '#platform/http/paging';
import type { FailedCandidate } from '../domain/erasures.js';
import { dueBy } from './due-candidates.js';

/** Candidates that are due but could not be anonymised. Those that have failed for longest come first. */
@Injectable()
export class FailedCandidates {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list(teamId: string, paging: Paging): Promise<Page<FailedCandidate>> {
    const found = sql`
      from hiring.erasure_failure f join ${dueBy(teamId, this.clock.now(), 'each')} d on d.id = f.candidate_id
      where f.team_id = ${teamId}`;
    const { limit, offset } = window(paging);
    const items = await this.database.rows(sql<FailedCandidate>`
      select d.id, d.name, f.tries, f.first_failed_at, f.next_try_at ${found}
      order by f.first_failed_at, d.id limit ${limit} offset ${offset}`);
    const counted = sql<{ total: number }>`
      select count(*)::int as total from (select 1 ${found} limit ${countCap + 1}) counted`;
    const total = await totalOf(paging, items.length, () => this.database.first(counted));
    return { items: items.map(shown), total };
  }
}

const shown = (failed: FailedCandidate): FailedCandidate => ({
  ...failed,
  first_failed_at: isoTime(failed.first_failed_at),
  next_try_at: isoTime(failed.next_try_at),
});
