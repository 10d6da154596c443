import { Injectable } from '@nestjs/common';
import { Clock, UnitOfWork } from '#kernel/ports';
import { announcedOf, changesOf, type CheckStanding } from '../domain/check-changes.js';
import { WebhookEvents } from '../domain/webhook-events.js';
import { Announcer } from './announcer.js';

/** Announces what is new about a check. Running it again announces nothing more. */
@Injectable()
export class AnnounceCheck {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WebhookEvents,
    private readonly announcer: Announcer,
    private readonly clock: Clock,
  ) {}

  /** `read` reads the check once no one else announces it, so that a newer state is never announced before an older one. */
  async of(teamId: string, checkId: string, read: () => Promise<CheckStanding | null>): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (!(await this.announcer.isHeardIn(teamId))) return;
      const before = await this.events.lockAnnounced(teamId, checkId);
      const check = await read();
      if (!check) return;
      await this.announcer.announce(teamId, checkId, changesOf(check, before, this.clock.now()));
      await this.events.setAnnounced(teamId, checkId, announcedOf(check));
    });
  }
}
