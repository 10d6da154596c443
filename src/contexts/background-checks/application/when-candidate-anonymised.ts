import { CommandBus } from '@nestjs/cqrs';
import { UnlinkCandidate } from '#contexts/access';
import { CandidateAnonymised } from '#contexts/hiring';
import { type EventHandler, HandlesEvent } from '#platform/events/event-handler';
import { Checks } from '../domain/ports.js';
import { EraseCheck } from './erase-check.js';

/**
 * Erases each check by itself. When one fails, the others are still erased, and the job is retried until all are. A check that is
 * being requested at the same time is missed here; its own job sees that the candidate is anonymised. Links to users end last,
 * because a link keeps the person from reading their own checks, and those must be erased first.
 */
@HandlesEvent(CandidateAnonymised, { name: 'erase-checks' })
export class WhenCandidateAnonymised implements EventHandler<CandidateAnonymised> {
  constructor(
    private readonly checks: Checks,
    private readonly commands: CommandBus,
  ) {}

  async handle({ teamId, candidateId }: CandidateAnonymised): Promise<void> {
    const failures: unknown[] = [];
    for (const checkId of await this.checks.idsOfCandidate(teamId, candidateId)) {
      await this.commands.execute(new EraseCheck(teamId, checkId)).catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
    await this.commands.execute<UnlinkCandidate, void>(new UnlinkCandidate(teamId, candidateId));
  }
}
