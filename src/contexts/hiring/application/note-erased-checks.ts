import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { NoteErasedChecks } from '../contract.js';
import { Erasures } from '../domain/erasures.js';

@CommandHandler(NoteErasedChecks)
export class NoteErasedChecksHandler implements ICommandHandler<NoteErasedChecks, void> {
  constructor(private readonly erasures: Erasures) {}

  execute({ teamId, candidateId, checks }: NoteErasedChecks): Promise<void> {
    return this.erasures.noteChecks(teamId, candidateId, checks);
  }
}
