import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { ChangingThings, type ShownThing } from '#platform/changes/changing-things';
import { ApplicationsView } from './applications.js';

/** Whose names an application shows, and how its rows are found by them. */
const byName: Record<string, (teamId: string, ids: string[]) => RawBuilder<unknown>> = {
  job: (teamId, ids) => sql`
    select a.id from hiring.pub_application a where a.team_id = ${teamId} and a.job_id = any(${ids}::uuid[])`,
  candidate: (teamId, ids) => sql`
    select a.id from hiring.pub_application a where a.team_id = ${teamId} and a.candidate_id = any(${ids}::uuid[])`,
  stage: (teamId, ids) => sql`
    select p.application_id as id from interview_planning.placement p
    where p.team_id = ${teamId} and p.stage_id = any(${ids}::uuid[])`,
};

/** Applications in the changes feed, with their stage. */
@Injectable()
export class ChangedApplicationsView extends ChangingThings {
  readonly name = 'application';

  constructor(private readonly applications: ApplicationsView) {
    super();
  }

  shown(caller: Caller, ids: readonly Id[]): Promise<ShownThing[]> {
    return this.applications.ofIds(caller, ids);
  }

  override showing(teamId: string, type: string, ids: readonly string[]): RawBuilder<unknown> | null {
    return byName[type]?.(teamId, [...ids]) ?? null;
  }

  override seenThrough(teamId: string, type: string, ids: readonly string[]): RawBuilder<unknown> | null {
    return type === 'job' ? this.showing(teamId, type, ids) : null;
  }
}
