import { Injectable, Logger } from '@nestjs/common';
import { ConnectionCalls } from '../../../connections/application/connection-calls.js';
import type { Connection } from '../../../connections/domain/connection.js';
import type { FeedPart } from '../../../gateway/domain/vendor.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { CaseWatch } from '../../domain/case-watch.js';
import { FeedEvents } from '../../domain/feed-events.js';
import { feedSeconds, type NextStep, type ScheduledTask, ScheduledTasks } from '../../domain/scheduled-tasks.js';
import { MissedWebhooksAlarm } from './missed-webhooks-alarm.js';
import { TakeEvents } from './take-events.js';
import { WatchLimits } from './watch-limits.js';

/** Pages read in one step; the next step continues a longer feed. */
const pagesAtOnce = 5;

interface FeedProgress {
  /** The event after which the feed goes on. */
  after?: string | null;
  /** The end was reached once. From then on the feed is read without gaps. */
  caughtUp?: boolean;
  /** An event that the vendor refused to continue after. */
  refused?: string;
}

/** Reads the events feed, which finds events that no webhook brought. An event says that a case changed, not how. */
@Injectable()
export class ReadFeed {
  private readonly log = new Logger('feed');

  constructor(
    private readonly tasks: ScheduledTasks,
    private readonly watch: CaseWatch,
    private readonly feedEvents: FeedEvents,
    private readonly vendors: Vendors,
    private readonly calls: ConnectionCalls,
    private readonly takeEvents: TakeEvents,
    private readonly alarm: MissedWebhooksAlarm,
    private readonly limits: WatchLimits,
  ) {}

  async step(task: ScheduledTask, connection: Connection): Promise<NextStep> {
    const { feed, limits } = this.vendors.of(connection.vendor);
    const { sweepSeconds } = this.limits;
    const sharing = await this.tasks.connectionsOf(connection.accountKey);
    const intervalSeconds = Math.ceil(feedSeconds(sweepSeconds, limits.requestsPerDay / sharing));
    const next = { inSeconds: intervalSeconds, intervalSeconds };
    if (!feed || !(await this.watch.hasAnything(connection))) return next;
    const progress = task.progress as FeedProgress;
    const from = await this.beginning(progress, connection);
    try {
      const { reached, more } = await this.readPages(connection, feed, from);
      await this.alarm.check(connection);
      const now: FeedProgress = { ...progress, after: reached, caughtUp: !more || (progress.caughtUp ?? false) };
      return { ...next, ...(more && { inSeconds: 0 }), progress: now };
    } catch (error) {
      if (!isRefusedPlace(error) || from === null) throw error;
      this.log.warn({ connectionId: connection.id }, 'the vendor refused to continue the feed: it starts over');
      return { ...next, progress: { after: null, refused: from } };
    }
  }

  /** A feed may reach back for years. Until it was read to its end once, it starts at the newest event that is stored. */
  private async beginning({ after, caughtUp, refused }: FeedProgress, connection: Connection): Promise<string | null> {
    if (caughtUp && after) return after;
    const newest = await this.feedEvents.newestEventOf(connection);
    return newest !== null && newest !== refused ? newest : (after ?? null);
  }

  private async readPages(
    connection: Connection,
    feed: FeedPart,
    from: string | null,
  ): Promise<{ reached: string | null; more: boolean }> {
    let reached = from;
    let reported = 0;
    for (let page = 1; page <= pagesAtOnce; page += 1) {
      const { webhookEvents, more } = await this.calls.call(connection, 'feed', (c) => feed.readEvents(c, reached));
      reported += await this.takeEvents.of(connection, webhookEvents, reported);
      reached = webhookEvents.at(-1)?.eventId ?? reached;
      if (!more) return { reached, more };
    }
    return { reached, more: true };
  }
}

const isRefusedPlace = (error: unknown): boolean =>
  error instanceof VendorFailure && (error.reason === 'refused' || error.reason === 'not_found');
