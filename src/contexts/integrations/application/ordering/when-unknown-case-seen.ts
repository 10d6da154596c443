import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { CaseReported, UnknownCaseSeen } from '../../domain/events.js';
import { fitOf } from '../../domain/order-match.js';
import { UnknownOutcomes } from '../../domain/unknown-outcomes.js';
import { ProviderFailure, ScreeningProvider } from '../../domain/screening-provider.js';
import { InboundEvents } from '../../domain/vendor-cases.js';
import { VendorCalls } from '../vendor-calls.js';
import { ReconcileOrders } from './reconcile-orders.js';
import { OrderLimits } from './order-limits.js';

/**
 * The second channel (reliability.md 3, rule 8): a case that nobody knows may be what came of an order in doubt, and is often
 * seen before the list shows it. What it says is read from the vendor, and the list is asked whether it is the only one.
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
    private readonly provider: ScreeningProvider,
    private readonly calls: VendorCalls,
    private readonly inboundEvents: InboundEvents,
    private readonly lookFor: ReconcileOrders,
    private readonly limits: OrderLimits,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle(event: UnknownCaseSeen): Promise<void> {
    const { teamId, connectionId, caseHash } = event;
    const connection = await this.connections.byId(teamId, connectionId);
    const caseId = await this.inboundEvents.unmatchedCase(teamId, connectionId, caseHash);
    // No orphan any more: its order has it, and the case was read because of that.
    if (!connection || caseId === null || (await this.isKnown(event, caseId))) return;
    if ((await this.unknownOutcomes.ofConnection(teamId, connectionId)).length === 0) return this.waitForAnswers(event);
    try {
      await this.identify(caseId, connection);
    } catch (error) {
      await this.postpone(error, event, caseId);
    }
  }

  /** The answer to its order came at the same moment as the notice: what the notice said is still to be read (B7). */
  private async isKnown({ teamId, connectionId }: UnknownCaseSeen, caseId: string): Promise<boolean> {
    const owner = (await this.inboundEvents.ownersOf([caseId])).get(caseId);
    if (owner?.teamId !== teamId) return owner !== undefined;
    await this.unitOfWork.run(async () => {
      await this.inboundEvents.takeUnmatchedCase(teamId, connectionId, caseId);
      await this.outbox.publish([new CaseReported(teamId, owner.orderId)]);
    });
    return true;
  }

  /** An order that is still being sent may have led to it; if its answer gets lost, the case is looked at then. */
  private async waitForAnswers({ teamId, connectionId, caseHash, again }: UnknownCaseSeen): Promise<void> {
    if (again > 0) return;
    const inSeconds = this.limits.timeoutMs / 1000;
    const later = new UnknownCaseSeen(teamId, connectionId, caseHash, again + 1);
    await this.unitOfWork.run(() => this.outbox.publish([later], { inSeconds }));
  }

  private async identify(caseId: string, connection: Connection): Promise<void> {
    const seen = await this.calls.call(connection, 'urgent', (c) => this.provider.readCase(c, caseId));
    for (const order of await this.unknownOutcomes.ofConnection(connection.teamId, connection.id)) {
      if (fitOf(order, seen) !== 'fits') continue;
      this.log.log({ orderId: order.id, caseId }, 'a case that nobody knew may be what came of an order');
      await this.lookFor.now(order.teamId, order.id, seen);
    }
  }

  /** Passing faults are the queue's to retry; with what only a person can mend, the list helps in its turn. */
  private async postpone(error: unknown, event: UnknownCaseSeen, caseId: string): Promise<void> {
    if (error instanceof DomainError && error.reason === 'budget_exhausted') {
      const inSeconds = error.retryAfterSeconds ?? 60;
      return this.unitOfWork.run(() => this.outbox.publish([event], { inSeconds }));
    }
    if (!(error instanceof ProviderFailure) || error.remedy === 'retry') throw error;
    this.log.warn({ caseId }, `a case that nobody knew could not be read: ${error.message}`);
  }
}
