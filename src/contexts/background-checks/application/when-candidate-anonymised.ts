import { CommandBus } from '@nestjs/cqrs';
import { CandidateAnonymised } from '#contexts/hiring';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Checks, Links } from '../domain/ports.js';
import { EraseCheck } from './erase-check.js';

/**
 * Each check by itself: one that cannot be erased keeps the job going until it can, and none of the others. A check that is
 * being requested in this very moment is not among them: its own job sees that the candidate is gone. Links to users end last:
 * before the checks are empty they keep the person from reading them.
 */
@HandlesEvent(CandidateAnonymised, { name: 'erase-checks' })
export class WhenCandidateAnonymised implements EventHandler<CandidateAnonymised> {
  constructor(
    private readonly checks: Checks,
    private readonly links: Links,
    private readonly commands: CommandBus,
  ) {}

  async handle({ teamId, candidateId }: CandidateAnonymised): Promise<void> {
    const failures: unknown[] = [];
    for (const checkId of await this.checks.idsOfCandidate(teamId, candidateId)) {
      await this.commands.execute(new EraseCheck(teamId, checkId)).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
    await this.links.end(teamId, candidateId);
  }
}
