import { Injectable } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { nextRunAfter } from '#kernel/retention';
import { RetentionDue } from '../domain/events.js';
import { Retention } from '../domain/retention.js';

/** Teams per run. The next run takes the rest. */
const atOnce = 50;

/** Publishes the daily retention runs that are due, each once, even when several replicas run this at the same time. */
@Injectable()
export class StartRetention {
  constructor(
    private readonly retention: Retention,
    private readonly unitOfWork: UnitOfWork,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async due(): Promise<void> {
    const now = this.clock.now();
    await this.unitOfWork.run(async () => {
      const teams = await this.retention.takeDueTeams(now, nextRunAfter(now), atOnce);
      if (teams.length > 0) await this.outbox.publish(teams.map((teamId) => new RetentionDue(teamId)));
    });
  }
}
