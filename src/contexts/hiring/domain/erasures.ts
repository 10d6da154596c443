import type { Id } from '#kernel/id';
import type { ErasedChecks } from '../contract.js';

/** What is left of an anonymised candidate: the proof that they are. `by` null: the team's retention rule. */
export interface Erasure {
  teamId: string;
  candidateId: Id;
  at: Date;
  by: string | null;
}

export abstract class Erasures {
  abstract add(erasure: Erasure): Promise<void>;
  /** Nothing happens when the candidate is not anonymised. */
  abstract noteChecks(teamId: string, candidateId: Id, checks: readonly ErasedChecks[]): Promise<void>;
}
