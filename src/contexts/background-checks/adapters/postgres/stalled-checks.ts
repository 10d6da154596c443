import { Injectable } from '@nestjs/common';
import { type RawBuilder, sql } from 'kysely';
import { orderView } from '#contexts/integrations';
import { StalledWork, stalled } from '#platform/stalled-work/stalled-work';
import { CheckRequested } from '../../contract.js';
import { CancelOutstanding, CheckFellBehind } from '../../domain/events.js';

interface Found {
  team_id: string;
  id: string;
}

const atOnce = 200;
const order = sql.table(orderView);

/** A check without a job two minutes after it was due gets one. It gets no second one for ten minutes, because the job may still run. */
const late = (due: RawBuilder<unknown>): RawBuilder<unknown> => sql`
  ${due} < now() - interval '2 minutes' and coalesce(c.nudged_at, '-infinity') < now() - interval '10 minutes'`;

const nudged = (from: RawBuilder<unknown>): RawBuilder<Found> => sql`
  update background_checks.background_check set nudged_at = now()
  where (team_id, id) in (select c.team_id, c.id ${from} limit ${atOnce} for update of c skip locked)`;

/** The condition of the partial index, to the letter. */
const awaitsCase = sql`c.status in ('requested', 'confirming', 'needs_decision')`;
/** Whether the check shows the state of its order that has no case yet. */
const isShown = sql`(o.state in ('requested', 'sending') and c.status = 'requested'
  or o.state = 'in_doubt' and c.status = 'confirming' or o.state = 'needs_decision' and c.status = 'needs_decision')`;
const isTerminal = sql`c.status in ('not_sent', 'undeliverable', 'expired', 'declined', 'cancelled', 'complete')`;

/**
 * Finds checks that need work and seem to have no job, from their rows and their orders' rows. The `kind` of each names
 * recurring work in stored rows and metrics.
 */
@Injectable()
export class StalledChecks extends StalledWork {
  readonly kinds = [
    stalled<Found>({
      kind: 'checks to order',
      take: sql`${nudged(sql`
        from background_checks.background_check c
        where c.status = 'requested' and c.sent_to is not null and ${late(sql`c.updated_at`)}
          and not exists (select 1 from ${order} o where o.team_id = c.team_id and o.id = c.id)`)}
        returning team_id, id`,
      event: ({ team_id, id }) => new CheckRequested(team_id, id),
    }),
    stalled<Found>({
      kind: 'checks that do not show how their order stands',
      take: sql`${nudged(sql`
        from background_checks.background_check c join ${order} o on o.team_id = c.team_id and o.id = c.id
        where ${awaitsCase} and not ${isShown} and ${late(sql`o.changed_at`)}`)}
        returning team_id, id`,
      event: ({ team_id, id }) => new CheckFellBehind(team_id, id),
    }),
    stalled<Found>({
      // Three days is longer than any job is retried.
      kind: 'checks that do not show how their case stands',
      take: sql`${nudged(sql`
        from ${order} o join background_checks.background_check c on c.team_id = o.team_id and c.id = o.id
        where o.case_revised_at > now() - interval '3 days' and c.case_revision < o.case_revision
          and c.settled_at is null and (c.result_removed_at is null or not ${isTerminal}) and c.status <> 'not_sent'
          and ${late(sql`o.case_revised_at`)}`)}
        returning team_id, id`,
      event: ({ team_id, id }) => new CheckFellBehind(team_id, id),
    }),
    stalled<Found & { cancel_asked: number; cancel_accepted: boolean }>({
      kind: 'cases to cancel',
      take: sql`${nudged(sql`
        from background_checks.background_check c
        where c.cancel_requested_at is not null and not ${isTerminal} and c.case_id is not null
          and ${late(sql`coalesce(c.cancel_due_at, c.cancel_requested_at)`)}`)}
        returning team_id, id, cancel_asked, cancel_accepted`,
      event: (row) => new CancelOutstanding(row.team_id, row.id, row.cancel_asked, row.cancel_accepted),
    }),
  ];
}
