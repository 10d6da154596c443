import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import type { Connection } from '../../../connections/domain/connection.js';
import { Connections } from '../../../connections/domain/connections.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { OrderLimits } from '../../../orders/application/order-limits.js';
import { ReconcileOrders } from '../../../orders/application/reconcile-orders.js';
import { CaseLinks } from '../../../orders/domain/case-links.js';
import { CaseReported, UnknownCaseSeen } from '../../../orders/domain/events.js';
import { fitOf } from '../../../orders/domain/order-match.js';
import { UnknownOutcomes } from '../../../orders/domain/unknown-outcomes.js';
import { InboundEvents } from '../../domain/vendor-cases.js';

/**
 * The second way to find a lost order (docs/reliability.md): an unmatched case may belong to an order of unknown outcome, and is
 * often seen before the list shows it. The case is read from the vendor, and the list shows whether it is the only one that fits.
 */
@HandlesEvent(UnknownCaseSeen, {
  name: 'identify-case',
  coalesceBy: ['connectionId', 'caseHash'],
})
export class WhenUnknownCaseSeen implements EventHandler<UnknownCaseSeen> {
  private readonly log = new Logger('orders');

  constructor(
    private readonly connections: Connections,
    private readonly unknownOutcomes: UnknownOutcomes,
    private readonly calls: ConnectionCalls,
    private readonly inboundEvents: InboundEvents,
    private readonly links: CaseLinks,
    private readonly reconcileOrders: ReconcileOrders,
    private readonly limits: OrderLimits,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle(event: UnknownCaseSeen): Promise<void> {
    const { teamId, connectionId, caseHash } = event;
    const connection = await this.connections.byId(teamId, connectionId);
    const caseId = await this.links.unmatchedCase(teamId, connectionId, caseHash);
    // No longer unmatched: its order has it, and the case was read because of that.
    if (!connection || caseId === null || (await this.isKnown(event, caseId, connection))) return;
    if ((await this.unknownOutcomes.ofConnection(teamId, connectionId)).length === 0) return this.waitForAnswers(event);
    try {
      await this.identify(caseId, connection);
    } catch (error) {
      await this.postpone(error, event, caseId);
    }
  }

  /** The answer to its order came at the same moment as the event: the case still has to be read because of the event (B7). */
  private async isKnown(
    { teamId, connectionId }: UnknownCaseSeen,
    caseId: string,
    { vendor }: Connection,
  ): Promise<boolean> {
    const owner = (await this.inboundEvents.ownersOf([caseId], vendor)).get(caseId);
    if (owner?.teamId !== teamId) return owner !== undefined;
    await this.unitOfWork.run(async () => {
      await this.links.takeUnmatchedCase(teamId, connectionId, caseId);
      await this.outbox.publish([new CaseReported(teamId, owner.orderId)]);
    });
    return true;
  }

  /** It may belong to an order that is still being sent. Tries once more after the time limit of an attempt. */
  private async waitForAnswers({ teamId, connectionId, caseHash, again }: UnknownCaseSeen): Promise<void> {
    if (again > 0) return;
    const inSeconds = this.limits.timeoutMs / 1000;
    const later = new UnknownCaseSeen(teamId, connectionId, caseHash, again + 1);
    await this.unitOfWork.run(() => this.outbox.publish([later], { inSeconds }));
  }

  private async identify(caseId: string, connection: Connection): Promise<void> {
    const seen = await this.calls.call(connection, 'urgent', (c, { cases }) => cases.readCase(c, caseId));
    for (const order of await this.unknownOutcomes.ofConnection(connection.teamId, connection.id)) {
      if (fitOf(order, seen) !== 'fits') continue;
      this.log.log({ orderId: order.id, caseId }, 'an unmatched case may belong to an order');
      await this.reconcileOrders.now(order.teamId, order.id, seen);
    }
  }

  /** The queue retries temporary failures. After the others, the scheduled reconciliation finds the order in the list. */
  private async postpone(error: unknown, event: UnknownCaseSeen, caseId: string): Promise<void> {
    if (error instanceof DomainError && error.reason === 'budget_exhausted') {
      const inSeconds = error.retryAfterSeconds ?? 60;
      return this.unitOfWork.run(() => this.outbox.publish([event], { inSeconds }));
    }
    if (!(error instanceof VendorFailure) || error.remedy === 'retry') throw error;
    this.log.warn({ caseId }, `an unmatched case could not be read: ${error.message}`);
  }
}
