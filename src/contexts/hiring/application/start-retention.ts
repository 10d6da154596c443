import { Injectable } from '@nestjs/common';
import { Clock, Outbox, UnitOfWork } from '#kernel/ports';
import { RetentionDue } from '../domain/events.js';
import { Retention } from '../domain/retention.js';

const dayMs = 24 * 3600 * 1000;
/** So many teams are handed out at once; the rest with the next look. */
const atOnce = 50;

/** Every team with a rule has one round a day. */
export const nextRoundAfter = (now: Date): Date => new Date(now.getTime() + dayMs);

/** Hands out the daily rounds that are due, however many replicas do so at the same time. */
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
      const teams = await this.retention.takeDueTeams(now, nextRoundAfter(now), atOnce);
      if (teams.length > 0) await this.outbox.publish(teams.map((teamId) => new RetentionDue(teamId)));
    });
  }
}
