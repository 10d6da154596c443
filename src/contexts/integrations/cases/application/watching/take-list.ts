import { Injectable } from '@nestjs/common';
import { Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../../connections/domain/connection.js';
import { CaseChanged } from '../../../contract.js';
import type { VendorCase } from '../../../gateway/domain/vendor-terms.js';
import { CaseReported } from '../../../orders/domain/events.js';
import { CaseWatch } from '../../domain/case-watch.js';
import { Discrepancies } from '../../domain/discrepancies.js';
import { MissedWebhooks } from '../../domain/missed-webhooks.js';
import { InboundEvents } from '../../domain/vendor-cases.js';
import { WatchLimits } from './watch-limits.js';

/** Stores what a list shows of our cases, as far as it can be believed. The other cases are read one by one. */
@Injectable()
export class TakeList {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly watch: CaseWatch,
    private readonly inboundEvents: InboundEvents,
    private readonly discrepancies: Discrepancies,
    private readonly missedWebhooks: MissedWebhooks,
    private readonly outbox: Outbox,
    private readonly limits: WatchLimits,
  ) {}

  /** `readAt`: when reading the list began. */
  async of(connection: Connection, listed: VendorCase[], readAt: Date): Promise<void> {
    const { teamId } = connection;
    const { visibilityLagSeconds } = this.limits;
    await this.unitOfWork.run(async () => {
      const verdicts = await this.watch.compare(connection, listed, readAt, visibilityLagSeconds);
      const those = (verdict: string): string[] =>
        verdicts.filter((entry) => entry.verdict === verdict).map(({ orderId }) => orderId);
      const believed = those('believed');
      await this.inboundEvents.settleAll(teamId, believed, readAt, 'applied');
      // The list may not show what was announced within its lag; those cases are read on their own.
      const visibleBefore = new Date(readAt.getTime() - visibilityLagSeconds * 1000);
      await this.inboundEvents.settleAll(teamId, those('same'), visibleBefore, 'unchanged');
      await this.outbox.publish(believed.map((orderId) => new CaseChanged(teamId, orderId)));
      await this.outbox.publish(those('hint').map((orderId) => new CaseReported(teamId, orderId)));
      await this.discrepancies.caseIsThere(
        teamId,
        verdicts.map(({ orderId }) => orderId),
      );
      const missed = verdicts.filter(({ verdict, unannounced }) => verdict === 'believed' && unannounced).length;
      if (missed > 0) await this.missedWebhooks.missed(connection, missed);
    });
  }

  /** Reads cases that a list should have shown. Skips those known to be gone unless `andGone`, because a sweep runs often. */
  async missing({ teamId }: Connection, orderIds: string[], { andGone = false } = {}): Promise<void> {
    if (orderIds.length === 0) return;
    const gone = andGone ? new Set<string>() : await this.discrepancies.goneAmong(teamId, orderIds);
    const toRead = orderIds.filter((orderId) => !gone.has(orderId));
    await this.unitOfWork.run(() => this.outbox.publish(toRead.map((orderId) => new CaseReported(teamId, orderId))));
  }
}
