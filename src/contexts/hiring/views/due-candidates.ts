import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { Clock } from '#kernel/ports';
import { previewEnd, warningDays } from '#kernel/retention';
import { Database } from '#platform/database/database';
import { pageOf, sorted } from '#platform/database/list';
import { isoTime } from '#platform/database/times';
import type { Page, Paging } from '#platform/http/paging';

export interface DueCandidate {
  id: string;
  name: string;
  due_on: string;
}

const warning = sql`${warningDays} * interval '1 day'`;

/** When the last application of candidate `c` was closed, and whether all are rejected. One lookup each, or one for all. */
const closings = {
  each: sql`
     cross join lateral (
       select max(a.closed_at) as at, coalesce(bool_and(a.status = 'rejected'), true) as all_rejected
       from hiring.application a where a.team_id = c.team_id and a.candidate_id = c.id) closed`,
  all: sql`
     left join (
       select a.team_id, a.candidate_id, max(a.closed_at) as at, bool_and(a.status = 'rejected') as all_rejected
       from hiring.application a group by a.team_id, a.candidate_id) closed
       on closed.team_id = c.team_id and closed.candidate_id = c.id`,
};

/**
 * The single definition of which candidates a team's rule anonymises and when, as `(id, name, due_on)`. Due are candidates all
 * of whose applications are rejected, the rule's months after the last rejection, and candidates without applications, the
 * rule's months after they were created. Never a candidate on legal hold. Never earlier than a week after the rule was set or
 * a hold ended, so that admins can see it first. `closed` chooses how applications are looked up: for few candidates or all.
 */
export const dueBy = (teamId: string, horizon: Date, closed: keyof typeof closings): RawBuilder<unknown> => sql`
  (select k.id, k.name, k.due_on from (
     select c.id, c.first_name || ' ' || c.last_name as name,
       greatest(
         coalesce(closed.at, c.created_at) + make_interval(months => r.months),
         r.since + ${warning}, c.legal_hold_ended_at + ${warning}) as due_on
     from hiring.retention_rule r
     join hiring.candidate c on c.team_id = r.team_id and c.anonymised_at is null and not c.legal_hold
     ${closings[closed]}
     where r.team_id = ${teamId} and r.months is not null and coalesce(closed.all_rejected, true)
       and c.created_at + make_interval(months => r.months) <= ${horizon}) k
   where k.due_on <= ${horizon})`;

/** The candidates that the rule anonymises within a week, shown to admins in advance. */
@Injectable()
export class DueCandidatesView {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async list(teamId: string, paging: Paging): Promise<Page<DueCandidate>> {
    return pageOf(this.database, paging, {
      columns: sql`d.id, d.name, d.due_on`,
      found: sql`from ${dueBy(teamId, previewEnd(this.clock.now()), 'all')} d where true`,
      order: sorted('asc', 'd.due_on', 'd.id'),
      shown: (due: DueCandidate): DueCandidate => ({ ...due, due_on: isoTime(due.due_on) }),
    });
  }
}
