import { Logger } from '@nestjs/common';
import { DomainError } from '#kernel/errors';
import { describeError, placesOf } from '#platform/describe-error';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import type { Connection } from '../../domain/connection.js';
import { Connections } from '../../domain/connections.js';
import { RoundDue } from '../../domain/events.js';
import { type NextStep, type Round, roundKinds, Rounds } from '../../domain/rounds.js';
import { ProviderFailure } from '../../domain/screening-provider.js';
import { CompareDay } from './compare-day.js';
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
  ) {}

  async handle({ teamId, connectionId, kind }: RoundDue): Promise<void> {
    // Another release, running beside this one, may have kinds of its own.
    if (!roundKinds.includes(kind)) return;
    const round = await this.rounds.find(teamId, connectionId, kind);
    const connection = round && (await this.connections.byId(teamId, connectionId));
    if (!round || !connection) return;
    await this.rounds.plan(round, await this.step(round, connection));
  }

  private async step(round: Round, connection: Connection): Promise<NextStep> {
    const pause = Math.min(longestPauseSeconds, round.intervalSeconds);
    // The vendor refuses our calls: a person must act first.
    if (connection.attention) return { inSeconds: pause };
    try {
      if (round.kind === 'sweep') return await this.sweepCases.step(round, connection);
      if (round.kind === 'feed') return await this.readFeed.step(round, connection);
      return await this.compareDay.step(round, connection);
    } catch (error) {
      const connectionId = connection.id;
      if (!isPassing(error)) {
        this.log.error({ connectionId, round: round.kind, at: placesOf(error) }, describeError(error));
        return { inSeconds: pause };
      }
      this.log.warn({ connectionId, round: round.kind }, `a step waits: ${error.message}`);
      return { inSeconds: Math.min(statedPause(error) ?? pause, Math.max(longestPauseSeconds, round.intervalSeconds)) };
    }
  }
}

function isPassing(error: unknown): error is DomainError | ProviderFailure {
  return error instanceof ProviderFailure || (error instanceof DomainError && error.reason === 'budget_exhausted');
}

/** In seconds; null when nobody named one. */
function statedPause(error: DomainError | ProviderFailure): number | null {
  if (error instanceof DomainError) return error.retryAfterSeconds;
  return error.retryAfterMs === null ? null : Math.ceil(error.retryAfterMs / 1000);
}
