import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CountErasedCheck } from '../contract.js';
import { Erasures } from '../domain/erasures.js';

@CommandHandler(CountErasedCheck)
export class CountErasedCheckHandler implements ICommandHandler<CountErasedCheck, void> {
  constructor(private readonly erasures: Erasures) {}

  execute({ teamId, candidateId, ...ended }: CountErasedCheck): Promise<void> {
    return this.erasures.countCheck(teamId, candidateId, ended);
  }
}
