import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, Clock, UnitOfWork } from '#kernel/ports';
import { Candidates } from '../domain/ports.js';

/** An admin puts a candidate on legal hold or lifts it. During a hold, neither users nor rules can anonymise the candidate. */
export class HoldCandidate {
  constructor(
    readonly caller: Caller,
    readonly candidateId: Id,
    readonly held: boolean,
  ) {}
}

@CommandHandler(HoldCandidate)
export class HoldCandidateHandler implements ICommandHandler<HoldCandidate, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly clock: Clock,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, candidateId, held }: HoldCandidate): Promise<void> {
    caller.require('administer_team');
    await this.unitOfWork.run(async () => {
      const candidate = await this.candidates.find(caller.teamId, candidateId);
      if (!candidate) throw notFound();
      if (!candidate.hold(held, this.clock.now())) return;
      await this.candidates.save(candidate);
      const entry = { action: 'candidate.legal_hold', entity: 'candidate', entityId: candidateId };
      await this.audit.record(caller, { ...entry, from: { held: !held }, to: { held } });
    });
  }
}
