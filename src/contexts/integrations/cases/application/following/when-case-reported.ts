import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Connections } from '../../../connections/domain/connections.js';
import { VendorCalls } from '../../../gateway/application/vendor-calls.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { CaseReported } from '../../../orders/domain/events.js';
import { CaseToReadSoon } from '../../domain/events.js';
import { InboundEvents, type FollowedCase, VendorCases } from '../../domain/vendor-cases.js';
import { CaseReader } from './case-reader.js';

/** Minimum time between two reads of one case while calls are scarce. Events in between share one read. */
const scarceGapMs = 10_000;
/** How long a read waits when the vendor rejected the call: a person must fix the connection first. Also the longest wait. */
const rejectedCallMs = 5 * 60_000;

/** A case may have changed: it is read once, however many hints there were. */
@HandlesEvent(CaseReported, { name: 're-read-case', coalesceBy: ['orderId'] })
export class WhenCaseReported implements EventHandler<CaseReported> {
  private readonly log = new Logger('cases');

  constructor(
    private readonly cases: VendorCases,
    private readonly connections: Connections,
    private readonly inboundEvents: InboundEvents,
    private readonly vendorCalls: VendorCalls,
    private readonly reader: CaseReader,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
  ) {}

  async handle({ teamId, orderId, again }: CaseReported): Promise<void> {
    const followed = await this.cases.find(teamId, orderId);
    if (!followed) return;
    const waitMs = await this.waitMs(followed);
    if (waitMs > 0) return this.readSoon(followed, again, waitMs);
    try {
      await this.reader.read(followed, again);
    } catch (error) {
      if (isGone(error)) return this.inboundEvents.fail(teamId, orderId, (error as Error).message);
      const delayMs = postponedBy(error);
      if (delayMs === null) throw error;
      this.log.warn({ orderId }, `a case could not be read yet: ${(error as Error).message}`);
      await this.readSoon(followed, again, delayMs);
    }
  }

  onDeadLetter({ teamId, orderId }: CaseReported, why: string): Promise<void> {
    return this.inboundEvents.fail(teamId, orderId, why);
  }

  private async waitMs({ teamId, connectionId, readAt }: FollowedCase): Promise<number> {
    const now = await this.cases.readStartsAt();
    const dueInMs = readAt.getTime() + scarceGapMs - now.getTime();
    if (dueInMs <= 0) return 0;
    const connection = await this.connections.byId(teamId, connectionId);
    return connection && (await this.vendorCalls.isUnderPressure(connection)) ? dueInMs : 0;
  }

  private async readSoon({ teamId, orderId }: FollowedCase, again: number, delayMs: number): Promise<void> {
    const now = await this.cases.readStartsAt();
    const soon = new CaseToReadSoon(teamId, orderId, again, now.toISOString());
    const inSeconds = Math.min(delayMs, rejectedCallMs) / 1000;
    await this.unitOfWork.run(() => this.outbox.publish([soon], { inSeconds }));
  }
}

/** The vendor does not know the case (any more), so a retry is useless. The daily reconciliation reads it once more. */
const isGone = (error: unknown): boolean => error instanceof VendorFailure && error.reason === 'not_found';

/** How many milliseconds to postpone the read; null: the queue retries the job. */
function postponedBy(error: unknown): number | null {
  if (error instanceof DomainError && error.reason === 'budget_exhausted')
    return (error.retryAfterSeconds ?? 60) * 1000;
  if (error instanceof VendorFailure && error.remedy === 'fix') return rejectedCallMs;
  if (error instanceof VendorFailure && error.retryAfterMs !== null) return error.retryAfterMs;
  return null;
}
