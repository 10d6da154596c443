import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { retryGaps } from '#kernel/retention';
import { Database } from '#platform/database/database';
import { type EndedCheck, type ErasedId, type Erasure, Erasures } from '../../domain/erasures.js';
import { ErasedIds } from './erased-ids.js';

@Injectable()
export class PostgresErasures extends Erasures {
  constructor(
    private readonly database: Database,
    private readonly erasedIds: ErasedIds,
  ) {
    super();
  }

  async add({ teamId, candidateId, at, by, outcomesWithheld }: Erasure): Promise<void> {
    await this.database.affected(sql`
      insert into hiring.erasure (team_id, candidate_id, at, by_user_id, outcomes_withheld)
      values (${teamId}, ${candidateId}, ${at}, ${by}, ${outcomesWithheld}) on conflict do nothing`);
    await this.database.affected(sql`
      delete from hiring.erasure_failure where team_id = ${teamId} and candidate_id = ${candidateId}`);
  }

  rememberId(teamId: string, erased: ErasedId): Promise<void> {
    return this.erasedIds.add(teamId, erased);
  }

  async countCheck(teamId: string, candidateId: Id, { packageName, outcome, status }: EndedCheck): Promise<void> {
    const one = sql`jsonb_build_object('package', ${packageName}::text, 'count', 1,
      'outcome', case when e.outcomes_withheld then ${status}::text else ${outcome}::text end)`;
    await this.database.affected(sql`
      update hiring.erasure e set checks = (
        select jsonb_agg(counted.line order by counted.line ->> 'package', counted.line ->> 'outcome')
        from (
          select (line - 'count') || jsonb_build_object('count', sum((line ->> 'count')::int)) as line
          from (select jsonb_array_elements(e.checks || ${one}) as line) lines
          group by line - 'count') counted)
      where e.team_id = ${teamId} and e.candidate_id = ${candidateId}`);
  }

  async noteFailure(teamId: string, candidateId: string, now: Date): Promise<void> {
    const after = sql`(${[...retryGaps]}::int[])[least(f.tries + 1, ${retryGaps.length}::int)] * interval '1 second'`;
    const failure = await this.database.first(sql<{ next_try_at: Date | string }>`
      insert into hiring.erasure_failure as f (team_id, candidate_id, tries, first_failed_at, next_try_at)
      values (${teamId}, ${candidateId}, 1, ${now}, ${now}::timestamptz + ${retryGaps[0]}::int * interval '1 second')
      on conflict (team_id, candidate_id) do update
        set tries = f.tries + 1, next_try_at = ${now}::timestamptz + ${after}
      returning next_try_at`);
    await this.database.affected(sql`
      update hiring.retention_rule set due_at = least(due_at, ${failure?.next_try_at ?? now}::timestamptz)
      where team_id = ${teamId}`);
  }
}
