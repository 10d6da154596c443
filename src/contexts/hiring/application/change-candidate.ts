import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { type CandidateDetails, mustBeAllowedToChange } from '../domain/candidate.js';
import { Candidates } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { RecordAudit } from './record-audit.js';

export class ChangeCandidate {
  constructor(
    readonly caller: Caller,
    readonly candidateId: Id,
    readonly changes: Partial<CandidateDetails>,
  ) {}
}

@CommandHandler(ChangeCandidate)
export class ChangeCandidateHandler implements ICommandHandler<ChangeCandidate, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ caller, candidateId, changes }: ChangeCandidate): Promise<void> {
    await this.unitOfWork.run(async () => {
      const candidate = await this.candidates.find(caller.teamId, candidateId);
      if (!candidate) throw notFound();
      mustBeAllowedToChange(caller, await this.candidates.jobsOf(caller.teamId, candidateId));
      const before = { ...candidate };
      const { externalId = null } = changes;
      if (externalId !== candidate.externalId) await mustBeFree.candidate(this.candidates, caller, externalId);
      if (!candidate.change(changes, this.clock.now())) return;
      await this.candidates.save(candidate);
      await this.audit.candidateChanged(caller, before, candidate);
    });
  }
}
