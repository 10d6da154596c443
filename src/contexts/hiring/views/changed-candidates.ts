import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { ChangingThings, type ShownThing } from '#platform/changes/changing-things';
import { CandidatesView } from './candidates.js';

/** Candidates in the changes feed. */
@Injectable()
export class ChangedCandidatesView extends ChangingThings {
  readonly name = 'candidate';

  constructor(private readonly candidates: CandidatesView) {
    super();
  }

  shown(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    return this.candidates.ofIds(caller, ids);
  }

  override seenThrough(teamId: string, type: string, ids: readonly string[]): RawBuilder<unknown> | null {
    if (type !== 'job') return null;
    return sql`
      select distinct a.candidate_id as id from hiring.application a
      where a.team_id = ${teamId} and a.job_id = any(${[...ids]}::uuid[])`;
  }
}
