import { type RawBuilder, sql } from 'kysely';
import { candidateView } from '#contexts/hiring';
import { warningDays } from '#kernel/retention';
import { finishedStatuses } from '../contract.js';

const warning = sql`${warningDays} * interval '1 day'`;
/** A month is 28 days at least: what could be due lies within the index's range; the exact day is asked afterwards. */
const slack = sql`interval '4 days'`;

/**
 * The one answer to which results a team's rule removes and when, as `(id, candidate_id, candidate_name, package_name, status,
 * due_on)`: of checks that are over, so many months after they ended, whatever became of the candidate; never while the
 * candidate is on legal hold; and none before a week after the rule, or the end of a hold, could first be seen to mean it.
 */
export const dueResults = (teamId: string, horizon: Date): RawBuilder<unknown> => sql`
  (select k.* from (
     select c.id, c.candidate_id, cand.first_name || ' ' || cand.last_name as candidate_name, c.package_name, c.status,
       greatest(
         c.status_changed_at + make_interval(months => r.months),
         r.since + ${warning}, cand.legal_hold_ended_at + ${warning}) as due_on
     from background_checks.result_retention_rule r
     join background_checks.background_check c
       on c.team_id = r.team_id and c.erased_at is null and c.result_removed_at is null
       and c.status = any(${sql.lit(`{${finishedStatuses.join()}}`)}::text[])
     join ${sql.table(candidateView)} cand
       on cand.team_id = c.team_id and cand.id = c.candidate_id and not cand.legal_hold and cand.anonymised_at is null
     where r.team_id = ${teamId} and r.months is not null
       and c.status_changed_at <= ${horizon}::timestamptz - make_interval(months => r.months) + ${slack}) k
   where k.due_on <= ${horizon})`;
