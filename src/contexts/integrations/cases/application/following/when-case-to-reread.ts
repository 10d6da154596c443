import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { CaseReported } from '../../../orders/domain/events.js';
import { CaseToReread, CaseToReadSoon } from '../../domain/events.js';
import { VendorCases } from '../../domain/vendor-cases.js';

/** The read is due: coalesces with other hints about the case. At most one job per `again` waits, not one per hint. */
@HandlesEvent(CaseToReread, {
  name: 'report-case',
  formerQueues: ['integrations.case-to-look-at-again.v1/report-case'],
  coalesceBy: ['orderId', 'again'],
})
export class WhenCaseToReread implements EventHandler<CaseToReread> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId, orderId, again }: CaseToReread): Promise<void> {
    await this.unitOfWork.run(() => this.outbox.publish([new CaseReported(teamId, orderId, again)]));
  }
}

/** The pause is over. Skips the read when the case was read meanwhile, because that covers the earlier events. */
@HandlesEvent(CaseToReadSoon, { name: 'report-case', coalesceBy: ['orderId'] })
export class WhenCaseToReadSoon implements EventHandler<CaseToReadSoon> {
  constructor(
    private readonly cases: VendorCases,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId, orderId, again, unlessReadSince }: CaseToReadSoon): Promise<void> {
    const followed = await this.cases.find(teamId, orderId);
    if (!followed || followed.readAt > new Date(unlessReadSince)) return;
    await this.unitOfWork.run(() => this.outbox.publish([new CaseReported(teamId, orderId, again)]));
  }
}
