import { Injectable } from '@nestjs/common';
import { QueryBus, QueryHandlerNotFoundException } from '@nestjs/cqrs';
import { MayOrderBeSent } from '../../contract.js';
import { OrderOwners } from '../../domain/vendor-orders.js';

/** Asks the context that placed the order. */
@Injectable()
export class AnsweredOrderOwners extends OrderOwners {
  constructor(private readonly queries: QueryBus) {
    super();
  }

  async stillWant(teamId: string, orderId: string): Promise<boolean> {
    try {
      return await this.queries.execute<MayOrderBeSent, boolean>(new MayOrderBeSent(teamId, orderId));
    } catch (error) {
      if (error instanceof QueryHandlerNotFoundException) return true;
      throw error;
    }
  }
}
