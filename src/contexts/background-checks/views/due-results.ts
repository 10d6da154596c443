import { type RawBuilder, sql } from 'kysely';
import { candidateView } from '#contexts/hiring';
import { warningDays } from '#kernel/retention';
import { terminalStatuses } from '../contract.js';

const warning = sql`${warningDays} * interval '1 day'`;
/** Months differ in length by up to three days. The indexed condition allows four more days, and `due_on` decides the exact day. */
const slack = sql`interval '4 days'`;

/**
 * Defines which results a team's rule removes and when, as `(id, candidate_id, candidate_name, package_name, status, due_on)`.
 * A result is due the rule's number of months after its check ended, also when the candidate was hired. It is never due while
 * the candidate is on legal hold, nor within a week after the rule was set or a hold ended, so that admins can see it coming.
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
       and c.status = any(${sql.lit(`{${terminalStatuses.join()}}`)}::text[])
     join ${sql.table(candidateView)} cand
       on cand.team_id = c.team_id and cand.id = c.candidate_id and not cand.legal_hold and cand.anonymised_at is null
     where r.team_id = ${teamId} and r.months is not null
       and c.status_changed_at <= ${horizon}::timestamptz - make_interval(months => r.months) + ${slack}) k
   where k.due_on <= ${horizon})`;
