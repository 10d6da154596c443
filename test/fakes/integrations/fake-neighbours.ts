import { CallLog } from '../../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import { OrderOwners, type WantedOrder } from '../../../src/contexts/integrations/orders/domain/vendor-orders.js';
import type { IntegrationsTables } from './tables.js';

/** Passes the suite of `CallLog`. */
export class FakeCallLog extends CallLog {
  constructor(private readonly tables: IntegrationsTables) {
    super();
  }

  async failed(
    teamId: string,
    connectionId: string,
    { reason, message }: { reason: string; message: string },
  ): Promise<void> {
    this.tables.lastErrors.set(`${teamId}/${connectionId}`, { reason, message });
  }
}

/** The context that places orders: it wants all of them except those that the test names. */
export class FakeOrderOwners extends OrderOwners {
  /** Ids of orders that may no longer be sent. */
  readonly unwanted = new Set<string>();
  /** Orders that were requested and may not have been placed yet. */
  readonly wanted: WantedOrder[] = [];

  async stillWant(_teamId: string, orderId: string): Promise<boolean> {
    return !this.unwanted.has(orderId);
  }

  async unplaced(): Promise<WantedOrder[]> {
    return this.wanted;
  }
}
