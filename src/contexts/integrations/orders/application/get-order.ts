import { type IQueryHandler, QueryHandler } from '@nestjs/cqrs';
import { Connections } from '../../connections/domain/connections.js';
import { GetOrder, type OrderFacts } from '../../contract.js';
import { Vendors } from '../../gateway/domain/vendors.js';
import { VendorOrders } from '../domain/vendor-orders.js';

@QueryHandler(GetOrder)
export class GetOrderHandler implements IQueryHandler<GetOrder> {
  constructor(
    private readonly orders: VendorOrders,
    private readonly connections: Connections,
    private readonly vendors: Vendors,
  ) {}

  async execute({ teamId, orderId }: GetOrder): Promise<OrderFacts | null> {
    const order = await this.orders.find(teamId, orderId);
    const connection = order && (await this.connections.byId(teamId, order.connectionId));
    if (!order || !connection) return null;
    const { id, name, account } = this.vendors.of(connection.vendor);
    return {
      state: order.state,
      message: order.message,
      waitingFor: order.waitingFor,
      caseId: order.caseId,
      candidates: order.state === 'needs_decision' ? order.candidates : [],
      vendor: { id, name },
      environment: connection.environment,
      portalUrl: account.portalUrl(connection.region),
    };
  }
}
