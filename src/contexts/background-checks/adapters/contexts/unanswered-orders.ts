import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { UnansweredOrders, type WantedOrderFacts } from '#contexts/integrations';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';

/** Answers integrations, after a restore, which checks are still in `requested`. */
@QueryHandler(UnansweredOrders)
export class UnansweredOrdersHandler implements IQueryHandler<UnansweredOrders, WantedOrderFacts[]> {
  constructor(private readonly database: Database) {}

  execute(): Promise<WantedOrderFacts[]> {
    return acrossTeams('vendor-account', () =>
      this.database.rows(sql<WantedOrderFacts>`
        select team_id as "teamId", id as "orderId", package_id as "packageId", sent_to as email,
               requested_at::text as "requestedAt"
        from background_checks.background_check
        where status = 'requested' and sent_to is not null and erased_at is null`),
    );
  }
}
