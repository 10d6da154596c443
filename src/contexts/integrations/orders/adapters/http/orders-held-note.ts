import { Injectable } from '@nestjs/common';
import { ReadinessNote } from '#platform/http/readiness';
import { OrderLimits } from '../../application/order-limits.js';

/** Shows operators that ORDERS_HELD is set and no order is sent. */
@Injectable()
export class OrdersHeldNote extends ReadinessNote {
  constructor(private readonly limits: OrderLimits) {
    super();
  }

  read(): Record<string, string> {
    return this.limits.held ? { orders: 'held' } : {};
  }
}
