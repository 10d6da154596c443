import { Injectable, Logger } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { nextRunAfter } from '#kernel/retention';
import { describeError } from '#platform/describe-error';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { ResultRetentionDue } from '../domain/events.js';
import { ResultRetention } from '../domain/result-retention.js';
import { RemoveResult } from './remove-result.js';

/** Teams taken per tick. The next tick takes the rest. */
const teamsAtOnce = 50;
/** Checks per job. A job that finds this many publishes another one. */
const checksAtOnce = 100;

/** Publishes the daily removals that are due. Safe to run on several replicas at once. */
@Injectable()
export class StartResultRetention {
  constructor(
    private readonly retention: ResultRetention,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async due(): Promise<void> {
    const now = this.clock.now();
    await this.unitOfWork.run(async () => {
      const teams = await this.retention.takeDueTeams(now, nextRunAfter(now), teamsAtOnce);
      if (teams.length > 0) await this.outbox.publish(teams.map((teamId) => new ResultRetentionDue(teamId)));
    });
  }
}

/**
 * Removes the results that are due by the team's rule, each in its own transaction. A failure does not stop the others. It is noted,
 * shown to the admins, and retried later.
 */
@HandlesEvent(ResultRetentionDue, { name: 'remove-due-results', coalesceBy: ['teamId'] })
export class WhenResultRetentionDue implements EventHandler<ResultRetentionDue> {
  private readonly log = new Logger('retention');

  constructor(
    private readonly retention: ResultRetention,
    private readonly removeResult: RemoveResult,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async handle({ teamId }: ResultRetentionDue): Promise<void> {
    const due = await this.retention.due(teamId, this.clock.now(), checksAtOnce);
    for (const checkId of due) await this.tryToRemove(teamId, checkId);
    const more = due.length === checksAtOnce;
    if (more) await this.unitOfWork.run(() => this.outbox.publish([new ResultRetentionDue(teamId)]));
  }

  /** While the database is unavailable, a failure cannot be noted either. Then the whole job fails and is retried. */
  private async tryToRemove(teamId: string, checkId: string): Promise<void> {
    try {
      if (!(await this.removeResult.byRule(teamId, checkId))) await this.putOff(teamId, checkId);
    } catch (error) {
      await this.putOff(teamId, checkId);
      this.log.error({ checkId }, `a result could not be removed: ${describeError(error)}`);
    }
  }

  private putOff(teamId: string, checkId: string): Promise<void> {
    return this.unitOfWork.run(() => this.retention.noteFailure(teamId, checkId, this.clock.now()));
  }
}
