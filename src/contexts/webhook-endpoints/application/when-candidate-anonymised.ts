import { CandidateAnonymised } from '#contexts/hiring';
import { UnitOfWork } from '#kernel/ports';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { WebhookEvents } from '../domain/webhook-events.js';
import { Announcer } from './announcer.js';

const once = { revision: null, isComplete: false, needsAttention: false, state: null };

/** Tells endpoints that a candidate was anonymised, so that other systems can do the same. */
@HandlesEvent(CandidateAnonymised, { name: 'announce-anonymised' })
export class WhenCandidateAnonymised implements EventHandler<CandidateAnonymised> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly events: WebhookEvents,
    private readonly announcer: Announcer,
  ) {}

  async handle({ teamId, candidateId }: CandidateAnonymised): Promise<void> {
    await this.unitOfWork.run(async () => {
      if (!(await this.announcer.isHeardIn(teamId))) return;
      if (await this.events.lockAnnounced(teamId, candidateId)) return;
      await this.announcer.announce(teamId, candidateId, ['candidate.anonymised']);
      await this.events.setAnnounced(teamId, candidateId, once);
    });
  }
}
