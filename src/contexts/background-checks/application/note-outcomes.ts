import { Injectable } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { Checks, ErasureProofs } from '../domain/ports.js';

/** What became of an anonymised candidate's checks is part of the proof: how many of which package ended how. */
@Injectable()
export class NoteOutcomes {
  constructor(
    private readonly checks: Checks,
    private readonly proofs: ErasureProofs,
  ) {}

  async of(teamId: string, candidateId: Id): Promise<void> {
    await this.proofs.note(teamId, candidateId, await this.checks.outcomesOf(teamId, candidateId));
  }
}
