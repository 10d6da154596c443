import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Caller } from '#kernel/caller';
import { DomainError, notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { Audit, UnitOfWork } from '#kernel/ports';
import { ownRecord } from '../domain/errors.js';
import { Candidates } from '../domain/ports.js';
import { ErasePerson } from './erase-person.js';

/** An admin anonymises a candidate, hired or not. Repeating the command changes nothing. */
export class AnonymiseCandidate {
  constructor(
    readonly caller: Caller,
    readonly candidateId: Id,
  ) {}
}

@CommandHandler(AnonymiseCandidate)
export class AnonymiseCandidateHandler implements ICommandHandler<AnonymiseCandidate, void> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly candidates: Candidates,
    private readonly erasePerson: ErasePerson,
    private readonly audit: Audit,
  ) {}

  async execute({ caller, candidateId }: AnonymiseCandidate): Promise<void> {
    caller.require('administer_team');
    // The link between user and candidate hides a user's own checks from them. Anonymising would end it.
    if (caller.isSelf(candidateId)) throw ownRecord();
    try {
      await this.unitOfWork.run(async () => {
        const candidate = await this.candidates.find(caller.teamId, candidateId);
        if (!candidate) throw notFound();
        await this.erasePerson.of(candidate, caller);
      });
    } catch (error) {
      if (error instanceof DomainError && error.kind === 'conflict') await this.refused(caller, candidateId, error);
      throw error;
    }
  }

  private refused(caller: Caller, entityId: string, { reason }: DomainError): Promise<void> {
    const entry = { action: 'candidate.anonymise', entity: 'candidate', entityId, outcome: 'refused' } as const;
    return this.audit.record(caller, { ...entry, to: { reason } });
  }
}
