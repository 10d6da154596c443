import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { NoteErasedChecks } from '#contexts/hiring';
import type { Id } from '#kernel/id';
import { ErasureProofs, type PackageOutcome } from '../../domain/ports.js';

@Injectable()
export class HiringErasures extends ErasureProofs {
  constructor(private readonly commands: CommandBus) {
    super();
  }

  async note(teamId: string, candidateId: Id, outcomes: PackageOutcome[]): Promise<void> {
    const checks = outcomes.map(({ packageName, outcome, count }) => ({ package: packageName, outcome, count }));
    await this.commands.execute<NoteErasedChecks, unknown>(new NoteErasedChecks(teamId, candidateId, checks));
  }
}
