import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Database } from '#platform/database/database';
import { withinScope } from '#platform/database/job-scope';
import type { Candidates } from '../domain/applications.js';

/** A candidate is visible through a job they applied for. One without applications is visible to callers who may create candidates. */
@Injectable()
export class VisibleCandidatesView implements Candidates {
  constructor(private readonly database: Database) {}

  async seenBy(caller: Caller, candidateId: Id): Promise<boolean> {
    const found = await this.database.first(sql<{ applied: boolean; seen: boolean }>`
      select count(a.id) > 0 as applied, count(a.id) filter (where ${withinScope('a.job_id', caller.scope)}) > 0 as seen
      from hiring.pub_candidate c
      left join hiring.pub_application a on a.team_id = c.team_id and a.candidate_id = c.id
      where c.team_id = ${caller.teamId} and c.id = ${candidateId}
      group by c.id`);
    if (!found) return false;
    return found.applied ? found.seen : caller.can('create_records');
  }
}
