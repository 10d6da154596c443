import { Injectable } from '@nestjs/common';
import type { Connection } from '../../domain/connection.js';
import { joined, windowOf } from '../../domain/order-match.js';
import { UnknownOutcomes } from '../../domain/unknown-outcomes.js';
import type { VendorCase } from '../../domain/screening-provider.js';
import type { VendorOrder } from '../../domain/vendor-order.js';
import { VendorCalls } from '../vendor-calls.js';

/** What the vendor's list shows of the time in which orders in doubt can have been taken. */
export interface ListReading {
  cases: VendorCase[];
  /** It shows a case that must be there (reliability.md 3, rule 7); what else it does not show can be believed absent. */
  healthy: boolean;
}

/** Reads the list by time alone: the vendor's filter on addresses is exact, and an empty answer to it would prove nothing. */
@Injectable()
export class ReadList {
  constructor(
    private readonly calls: VendorCalls,
    private readonly unknownOutcomes: UnknownOutcomes,
  ) {}

  /** All pages, each counted and paced. Throws `ProviderFailure`, or `DomainError` `budget_exhausted`. */
  async around(orders: readonly VendorOrder[], connection: Connection): Promise<ListReading> {
    const control = await this.unknownOutcomes.sentinelCase(connection.teamId, connection.id);
    const windows = orders.map(windowOf).filter((window) => window !== null);
    const cases = new Map<string, VendorCase>();
    for (const { from, to } of joined(control ? [...windows, control] : windows)) {
      const list = await this.calls.list(connection, 'urgent', { from, to });
      for (const found of list.cases) cases.set(found.id, found);
    }
    return { cases: [...cases.values()], healthy: control === null || cases.has(control.caseId) };
  }
}
