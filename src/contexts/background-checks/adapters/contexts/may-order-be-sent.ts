import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { applicationView, candidateView } from '#contexts/hiring';
import { MayOrderBeSent } from '#contexts/integrations';
import { Database } from '#platform/database/database';

/** Tells integrations, right before an order leaves, whether its check may still be sent. An order without a check may be sent. */
@QueryHandler(MayOrderBeSent)
export class MayOrderBeSentHandler implements IQueryHandler<MayOrderBeSent, boolean> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, orderId }: MayOrderBeSent): Promise<boolean> {
    const row = await this.database.first(sql<{ wanted: boolean }>`
      select coalesce(a.status = 'active' and k.anonymised_at is null, false) as wanted
      from background_checks.background_check c
      left join ${sql.table(applicationView)} a on a.team_id = c.team_id and a.id = c.application_id
      left join ${sql.table(candidateView)} k on k.team_id = c.team_id and k.id = c.candidate_id
      where c.team_id = ${teamId} and c.id = ${orderId}`);
    return row?.wanted ?? true;
  }
}
