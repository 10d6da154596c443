import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { UnlinkCandidate } from '../contract.js';
import { Users } from '../domain/ports.js';

@CommandHandler(UnlinkCandidate)
export class UnlinkCandidateHandler implements ICommandHandler<UnlinkCandidate, void> {
  constructor(private readonly users: Users) {}

  execute({ teamId, candidateId }: UnlinkCandidate): Promise<void> {
    return this.users.unlinkCandidate(teamId, candidateId);
  }
}
