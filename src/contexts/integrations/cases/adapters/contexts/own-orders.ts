import { Injectable } from '@nestjs/common';
import { QueryBus, QueryHandlerNotFoundException } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { OrdersAboutCandidates } from '../../../contract.js';

/** The orders about the caller as a candidate. The caller never sees the webhook events of these orders. */
@Injectable()
export class OwnOrders {
  constructor(private readonly queries: QueryBus) {}

  async of({ teamId, ownCandidateIds }: Caller): Promise<string[]> {
    return ownCandidateIds.length === 0 ? [] : this.about(teamId, ownCandidateIds);
  }

  private async about(teamId: string, candidateIds: readonly string[]): Promise<string[]> {
    try {
      const query = new OrdersAboutCandidates(teamId, candidateIds);
      return await this.queries.execute<OrdersAboutCandidates, string[]>(query);
    } catch (error) {
      if (error instanceof QueryHandlerNotFoundException) return [];
      throw error;
    }
  }
}
