import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { UnplacedOrders, type UnplacedOrderFacts } from '#contexts/integrations';
import { Database } from '#platform/database/database';
import { acrossTeams } from '#platform/database/scope';

/** Answers integrations, after a restore, which checks are still in `requested`. */
@QueryHandler(UnplacedOrders)
export class UnplacedOrdersHandler implements IQueryHandler<UnplacedOrders, UnplacedOrderFacts[]> {
  constructor(private readonly database: Database) {}

  execute(): Promise<UnplacedOrderFacts[]> {
    return acrossTeams('shared-account', () =>
      this.database.rows(sql<UnplacedOrderFacts>`
        select team_id as "teamId", id as "orderId", vendor, package_id as "packageId", sent_to as email,
               requested_at::text as "requestedAt"
        from background_checks.background_check
        where status = 'requested' and sent_to is not null and erased_at is null`),
    );
  }
}
