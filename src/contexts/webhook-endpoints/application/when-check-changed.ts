import { Injectable } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { type CheckFacts, CheckRequested, CheckStatusChanged, FindCheck } from '#contexts/background-checks';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import type { CheckStanding } from '../domain/check-changes.js';
import { AnnounceCheck } from './announce-check.js';

/** Announces a check in its present state. */
@Injectable()
export class AnnouncePresentCheck {
  constructor(
    private readonly queries: QueryBus,
    private readonly announceCheck: AnnounceCheck,
  ) {}

  of(teamId: string, checkId: string): Promise<void> {
    return this.announceCheck.of(teamId, checkId, async () => {
      const check = await this.queries.execute<FindCheck, CheckFacts | null>(new FindCheck(teamId, checkId));
      return check && standingOf(check);
    });
  }
}

const standingOf = (check: CheckFacts): CheckStanding => ({
  revision: check.revision,
  hasMoved: check.status !== 'requested' || check.failureReason !== null,
  isComplete: check.status === 'complete',
  needsAttention: check.needsAttention,
  requestedAt: new Date(check.requestedAt),
  statusChangedAt: new Date(check.statusChangedAt),
});

/** Tells endpoints of a new check. */
@HandlesEvent(CheckRequested, { name: 'announce-request', coalesceBy: ['checkId'] })
export class WhenCheckRequestedAnnounce implements EventHandler<CheckRequested> {
  constructor(private readonly announce: AnnouncePresentCheck) {}

  handle({ teamId, checkId }: CheckRequested): Promise<void> {
    return this.announce.of(teamId, checkId);
  }
}

/** Tells endpoints what changed about a check. */
@HandlesEvent(CheckStatusChanged, { name: 'announce-change', coalesceBy: ['checkId'], concurrency: 4 })
export class WhenCheckStatusChangedAnnounce implements EventHandler<CheckStatusChanged> {
  constructor(private readonly announce: AnnouncePresentCheck) {}

  handle({ teamId, checkId }: CheckStatusChanged): Promise<void> {
    return this.announce.of(teamId, checkId);
  }
}
