import { Injectable } from '@nestjs/common';
import { QueryBus, QueryHandlerNotFoundException } from '@nestjs/cqrs';
import { MayOrderBeSent, UnplacedOrders, type UnplacedOrderFacts } from '../../../contract.js';
import { OrderOwners, type WantedOrder } from '../../domain/vendor-orders.js';

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

  /** Throws when no context answers the query: if that counted as "none", an order could be sent twice. */
  async unplaced(): Promise<WantedOrder[]> {
    const wanted = await this.queries.execute<UnplacedOrders, UnplacedOrderFacts[]>(new UnplacedOrders());
    return wanted.map(({ teamId, orderId, vendor, packageId, email, requestedAt }) => ({
      ...{ teamId, id: orderId, vendor, packageId, email },
      wantedSince: new Date(requestedAt),
    }));
  }
}
