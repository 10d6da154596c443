import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { sql } from 'kysely';
import { OrdersAboutCandidates } from '#contexts/integrations';
import { Database } from '#platform/database/database';

/** Answers integrations which orders are about these candidates. An order has the id of its check. */
@QueryHandler(OrdersAboutCandidates)
export class OrdersAboutCandidatesHandler implements IQueryHandler<OrdersAboutCandidates, string[]> {
  constructor(private readonly database: Database) {}

  async execute({ teamId, candidateIds }: OrdersAboutCandidates): Promise<string[]> {
    const rows = await this.database.rows(sql<{ id: string }>`
      select id from background_checks.background_check
      where team_id = ${teamId} and candidate_id = any(${[...candidateIds]}::uuid[])`);
    return rows.map(({ id }) => id);
  }
}
