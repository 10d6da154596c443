import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { Clock, UnitOfWork } from '#kernel/ports';
import { Candidate, type CandidateDetails } from '../domain/candidate.js';
import { Candidates } from '../domain/ports.js';
import { mustBeFree } from './free-external-id.js';
import { RecordAudit } from './record-audit.js';

export class CreateCandidate {
  constructor(
    readonly caller: Caller,
    readonly candidateId: Id,
    readonly details: CandidateDetails,
  ) {}
}

@CommandHandler(CreateCandidate)
export class CreateCandidateHandler implements ICommandHandler<CreateCandidate, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly clock: Clock,
    private readonly audit: RecordAudit,
  ) {}

  async execute({ caller, candidateId, details }: CreateCandidate): Promise<void> {
    caller.require('create_records');
    const { firstName, lastName, emailAddresses, phoneNumbers, externalId } = details;
    const { teamId } = caller;
    const now = this.clock.now();
    await this.unitOfWork.run(async () => {
      await mustBeFree.candidate(this.candidates, caller, externalId);
      const names = [firstName, lastName] as const;
      const candidate = new Candidate(teamId, candidateId, ...names, emailAddresses, phoneNumbers, externalId, now);
      await this.candidates.save(candidate);
      await this.audit.candidateCreated(caller, candidate);
    });
  }
}
