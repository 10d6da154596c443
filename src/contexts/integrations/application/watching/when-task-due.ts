import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { type Reaction, ReactsTo } from '#platform/events/event-handler';
import { RecurringWork } from '#platform/recurring/recurring-work';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { RoundDue } from '../../domain/events.js';
import { type NextStep, type Round, roundKinds, Rounds } from '../../domain/scheduled-tasks.js';
import { ProviderFailure } from '../../domain/screening-provider.js';
import { CompareDay } from './reconcile-day.js';
import { ReadFeed } from './read-feed.js';
import { SweepCases } from './sweep-cases.js';

/** How long a round pauses when the vendor cannot be asked and names no pause: not longer than from step to step. */
const longestPauseSeconds = 60;

/** One step of a round. A step that fails is made up for by the next one: it is never repeated by the queue. */
@ReactsTo(RoundDue, {
  name: 'do-step',
  coalesceBy: ['connectionId', 'kind'],
  concurrency: 4,
  expireInSeconds: 300,
})
export class WhenRoundDue implements Reaction<RoundDue> {
  private readonly log = new Logger('rounds');

  constructor(
    private readonly rounds: Rounds,
    private readonly connections: Connections,
    private readonly sweepCases: SweepCases,
    private readonly readFeed: ReadFeed,
    private readonly compareDay: CompareDay,
    private readonly recurring: RecurringWork,
  ) {}

  async handle({ teamId, connectionId, kind }: RoundDue): Promise<void> {
    // Another release, running beside this one, may have kinds of its own.
    if (!roundKinds.includes(kind)) return;
    const round = await this.rounds.find(teamId, connectionId, kind);
    const connection = round && (await this.connections.byId(teamId, connectionId));
    if (!round || !connection) return;
    await this.rounds.plan(round, await this.step(round, connection));
  }

  /** A step with a fault of our own is counted, and in the end tried only once an hour: `RecurringWork`. */
  private async step(round: Round, connection: Connection): Promise<NextStep> {
    const subject = `${connection.teamId}/${connection.id}`;
    const step = await this.recurring.run(`round.${round.kind}`, () => this.takeStep(round, connection), subject);
    return step ?? { inSeconds: pauseOf(round) };
  }

  private async takeStep(round: Round, connection: Connection): Promise<NextStep> {
    // The vendor refuses our calls: a person must act first.
    if (connection.attention) return { inSeconds: pauseOf(round) };
    try {
      if (round.kind === 'sweep') return await this.sweepCases.step(round, connection);
      if (round.kind === 'feed') return await this.readFeed.step(round, connection);
      return await this.compareDay.step(round, connection);
    } catch (error) {
      if (!isPassing(error)) throw error;
      this.log.warn({ connectionId: connection.id, round: round.kind }, `a step waits: ${error.message}`);
      const pause = statedPause(error) ?? pauseOf(round);
      return { inSeconds: Math.min(pause, Math.max(longestPauseSeconds, round.intervalSeconds)) };
    }
  }
}

const pauseOf = (round: Round): number => Math.min(longestPauseSeconds, round.intervalSeconds);

function isPassing(error: unknown): error is DomainError | ProviderFailure {
  return error instanceof ProviderFailure || (error instanceof DomainError && error.reason === 'budget_exhausted');
}

/** In seconds; null when nobody named one. */
function statedPause(error: DomainError | ProviderFailure): number | null {
  if (error instanceof DomainError) return error.retryAfterSeconds;
  return error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1000);
}
