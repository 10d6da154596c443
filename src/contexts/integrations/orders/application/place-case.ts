import { Injectable, Logger } from '@nestjs/common';
import { Outbox } from '#kernel/ports';
import type { Connection } from '../../connections/domain/connection.js';
import { OrderPlaced } from '../../contract.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import { CaseLinks } from '../domain/case-links.js';
import { CaseReported } from '../domain/events.js';
import type { FoundBy, VendorOrder } from '../domain/vendor-order.js';
import { VendorOrders } from '../domain/vendor-orders.js';

/** The case belongs to another order. Thrown inside a unit of work, so that it is rolled back. */
export class CaseTaken extends Error {
  override readonly name = 'CaseTaken';
  constructor() {
    super('This case of the vendor belongs to another order.');
  }
}

/** Links an order to its case, however it was found. Permanent and exclusive. Inside a unit of work. */
@Injectable()
export class PlaceCase {
  private readonly log = new Logger('orders');

  constructor(
    private readonly orders: VendorOrders,
    private readonly links: CaseLinks,
    private readonly outbox: Outbox,
  ) {}

  /** `false`: the attempt is already decided. Throws `CaseTaken`. */
  async of(order: VendorOrder, connection: Connection, snapshot: VendorCase, foundBy: FoundBy): Promise<boolean> {
    const { teamId, id, attempt } = order;
    const details = { caseId: snapshot.id, foundBy, candidates: [] };
    if (!(await this.orders.move(teamId, id, 'place', attempt, details))) return false;
    const linked = await this.links.link({ teamId, id, connectionId: connection.id }, connection.host, snapshot);
    if (!linked) throw new CaseTaken();
    await this.outbox.publish([new OrderPlaced(teamId, id)]);
    const early = await this.links.takeUnmatchedCase(teamId, connection.id, snapshot.id);
    // A list may lag behind the case itself, and an early event may be newer than this snapshot.
    if (early || foundBy === 'list') await this.outbox.publish([new CaseReported(teamId, id)]);
    this.log.log({ orderId: id, attempt, caseId: snapshot.id, foundBy }, 'an order has its case');
    return true;
  }
}
