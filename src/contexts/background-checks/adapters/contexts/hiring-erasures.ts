import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { CountErasedCheck } from '#contexts/hiring';
import type { BackgroundCheck } from '../../domain/background-check.js';
import { ErasureProofs } from '../../domain/ports.js';

@Injectable()
export class HiringErasures extends ErasureProofs {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  count({ teamId, candidateId, packageName, status }: BackgroundCheck, outcome: string): Promise<void> {
    const command = new CountErasedCheck(teamId, candidateId, packageName, outcome, status);
    return this.commands.execute<CountErasedCheck, void>(command);
  }
}
