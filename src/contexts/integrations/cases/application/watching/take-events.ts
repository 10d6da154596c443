import { Injectable } from '@nestjs/common';
import { Ids, Outbox, UnitOfWork } from '#kernel/ports';
import type { Connection } from '../../../connections/domain/connection.js';
import type { VendorWebhookEvent } from '../../../gateway/domain/vendor-terms.js';
import { CaseLinks } from '../../../orders/domain/case-links.js';
import { CaseReported, UnknownCaseSeen } from '../../../orders/domain/events.js';
import { FeedEvents, type FeedEvent } from '../../domain/feed-events.js';
import { ScheduledTasks } from '../../domain/scheduled-tasks.js';

/** For more cases than this, an expedited sweep through the list costs less than reading each. */
const fewCases = 20;

/** Stores a page of the feed like webhook events, once each, and publishes their jobs in the same transaction. */
@Injectable()
export class TakeEvents {
  constructor(
    private readonly feed: FeedEvents,
    private readonly links: CaseLinks,
    private readonly tasks: ScheduledTasks,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly ids: Ids,
  ) {}

  /** Returns how many cases the page reported that no webhook had; `before`: the number from earlier pages of this step. */
  async of(connection: Connection, webhookEvents: VendorWebhookEvent[], before: number): Promise<number> {
    const events = webhookEvents.flatMap(({ eventId, eventType, caseId }) =>
      eventId && caseId ? [{ id: this.ids.next(), eventId, eventType, caseId }] : [],
    );
    if (events.length === 0) return 0;
    return this.unitOfWork.run(async () => {
      const fresh = await this.feed.store(connection, events);
      const { teamId } = connection;
      const many = before + fresh.length > fewCases;
      if (many && fresh.some(({ ended }) => !ended)) await this.tasks.expediteSweep(connection);
      // A sweep does not include ended cases.
      const toRead = many ? fresh.filter(({ ended }) => ended) : fresh;
      await this.outbox.publish(toRead.map(({ orderId }) => new CaseReported(teamId, orderId)));
      await this.takeUnknown(connection, events);
      return fresh.length;
    });
  }

  /** A case that no order has may belong to an order whose answer was lost. */
  private async takeUnknown(connection: Connection, events: FeedEvent[]): Promise<void> {
    const { teamId, id } = connection;
    if (!(await this.feed.isWaitingForACase(connection))) return;
    for (const caseId of await this.feed.unknownAmong(connection, events)) {
      const kept = await this.links.storeUnmatchedCase(connection, caseId);
      if (kept !== null) await this.outbox.publish([new UnknownCaseSeen(teamId, id, kept)]);
    }
  }
}
