import { CommandBus } from '@nestjs/cqrs';
import { CandidateAnonymised } from '#contexts/hiring';
import { type Reaction, ReactsTo } from '#platform/events/reaction';
import { Checks } from '../domain/ports.js';
import { EraseCheck } from './erase-check.js';
import { NoteOutcomes } from './note-outcomes.js';

/** A check that is being requested in this very moment is not among them: its own job sees that the candidate is gone. */
@ReactsTo(CandidateAnonymised, { name: 'erase-checks' })
export class WhenCandidateAnonymised implements Reaction<CandidateAnonymised> {
  constructor(
    private readonly checks: Checks,
    private readonly commands: CommandBus,
    private readonly noteOutcomes: NoteOutcomes,
  ) {}

  async handle({ teamId, candidateId }: CandidateAnonymised): Promise<void> {
    const ids = await this.checks.idsOfCandidate(teamId, candidateId);
    for (const checkId of ids) await this.commands.execute(new EraseCheck(teamId, checkId));
    await this.noteOutcomes.of(teamId, candidateId);
  }
}
