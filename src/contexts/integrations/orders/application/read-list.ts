import { Injectable } from '@nestjs/common';
import { ConnectionCalls } from '../../connections/application/connection-calls.js';
import type { Connection } from '../../connections/domain/connection.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import { mergeWindows, windowOf } from '../domain/order-match.js';
import { UnknownOutcomes } from '../domain/unknown-outcomes.js';
import type { VendorOrder } from '../domain/vendor-order.js';

/** The vendor's list for the time in which orders of unknown outcome can have been executed. */
export interface ListSnapshot {
  cases: VendorCase[];
  /** The list shows the sentinel case, or there is none yet. Only then a missing case counts as absent (docs/reliability.md). */
  healthy: boolean;
}

/** Reads the list by time only. The vendor's address filter compares exactly, so an empty result would prove nothing. */
@Injectable()
export class ReadList {
  constructor(
    private readonly calls: ConnectionCalls,
    private readonly unknownOutcomes: UnknownOutcomes,
  ) {}

  /** All pages, each taken from the rate budget. Throws `VendorFailure`, or `DomainError` `budget_exhausted`. */
  async around(orders: readonly VendorOrder[], connection: Connection): Promise<ListSnapshot> {
    const sentinel = await this.unknownOutcomes.sentinelCase(connection.teamId, connection.id);
    const windows = orders.map(windowOf).filter((window) => window !== null);
    const cases = new Map<string, VendorCase>();
    for (const { from, to } of mergeWindows(sentinel ? [...windows, sentinel] : windows)) {
      const list = await this.calls.list(connection, 'urgent', { from, to });
      for (const found of list.cases) cases.set(found.id, found);
    }
    return { cases: [...cases.values()], healthy: sentinel === null || cases.has(sentinel.caseId) };
  }
}
