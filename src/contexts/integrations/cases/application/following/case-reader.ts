import { Injectable, Logger } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import { Connections } from '../../../connections/domain/connections.js';
import { CaseChanged } from '../../../contract.js';
import { VendorFailure, type VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { Discrepancies } from '../../domain/discrepancies.js';
import { CaseToReread } from '../../domain/events.js';
import { MissedWebhooks } from '../../domain/missed-webhooks.js';
import { InboundEvents, type FollowedCase, VendorCases } from '../../domain/vendor-cases.js';

const minute = 60;
/** A completed case without a score is read again after 1, 2, 4 … minutes, then four times a day. */
const scoreDelaySeconds = (again: number): number => Math.min(6 * 60 * minute, minute * 2 ** again);
/** Covers about three months. After that no score is expected. */
const maxScoreReads = 400;

/** Reads one case at the vendor, once, and stores the differences. */
@Injectable()
export class CaseReader {
  private readonly log = new Logger('cases');

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly connections: Connections,
    private readonly cases: VendorCases,
    private readonly inboundEvents: InboundEvents,
    private readonly discrepancies: Discrepancies,
    private readonly missedWebhooks: MissedWebhooks,
    private readonly calls: ConnectionCalls,
    private readonly outbox: Outbox,
  ) {}

  /** Throws `VendorFailure`, or `DomainError` `budget_exhausted`. */
  async read(followed: FollowedCase, again = 0): Promise<void> {
    const connection = await this.connections.byId(followed.teamId, followed.connectionId);
    if (!connection) return;
    const readAt = await this.cases.readStartsAt();
    try {
      const snapshot = await this.calls.call(connection, 'read', (c, vendor) =>
        vendor.cases.readCase(c, followed.caseId),
      );
      await this.unitOfWork.run(() => this.record(followed, snapshot, readAt, again));
    } catch (error) {
      if (error instanceof VendorFailure && error.reason === 'not_found') {
        await this.discrepancies.caseIsGone(followed.teamId, followed.orderId);
      }
      throw error;
    }
  }

  private async record(followed: FollowedCase, snapshot: VendorCase, readAt: Date, again: number): Promise<void> {
    const { teamId, orderId } = followed;
    const outcome = await this.cases.record(teamId, orderId, snapshot, readAt);
    const changed = outcome === 'changed';
    const announced = await this.inboundEvents.settleAll(teamId, [orderId], readAt, changed ? 'applied' : 'unchanged');
    await this.discrepancies.caseIsThere(teamId, [orderId]);
    if (changed) await this.outbox.publish([new CaseChanged(teamId, orderId)]);
    if (changed) this.warnAboutUnknownWords(orderId, snapshot);
    if (changed && announced === 0) await this.missedWebhooks.missed({ teamId, id: followed.connectionId }, 1);
    const scoreMissing = snapshot.state === 'complete' && snapshot.result === null;
    if (scoreMissing && again < maxScoreReads) await this.readAgain(followed, again + 1, scoreDelaySeconds(again));
  }

  /** An unmapped word leaves the check's status unchanged. The warning tells the operator that the mapping must be extended. */
  private warnAboutUnknownWords(orderId: string, { state, result, vendorStatus, vendorScore }: VendorCase): void {
    if (state === 'unknown') this.log.warn({ orderId, vendorStatus }, 'a case has a status that we do not know');
    if (result === 'unknown') this.log.warn({ orderId, vendorScore }, 'a case has a score that we do not know');
  }

  private async readAgain({ teamId, orderId }: FollowedCase, again: number, inSeconds: number): Promise<void> {
    await this.outbox.publish([new CaseToReread(teamId, orderId, again)], { inSeconds });
  }
}
