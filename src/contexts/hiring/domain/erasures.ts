import type { Id } from '#kernel/id';
import type { FailedErasure } from '#kernel/retention';

/** The proof of erasure, which is all that remains of an anonymised candidate. `by` is null for the team's retention rule. */
export interface Erasure {
  teamId: string;
  candidateId: Id;
  at: Date;
  by: string | null;
  /** The candidate was also a user of the team. Users must not see how the checks of a colleague ended. */
  outcomesWithheld: boolean;
}

/** The id that an erased record had in the customer's own system. Imports recognise it, but no user can read it. */
export interface ErasedId {
  kind: 'candidate' | 'application';
  externalId: string;
  recordId: Id;
}

/** `status` is counted instead of the outcome where outcomes are withheld. */
export interface EndedCheck {
  packageName: string;
  outcome: string;
  status: string;
}

export abstract class Erasures {
  /** Adds the proof and removes recorded failures of this candidate. */
  abstract add(erasure: Erasure): Promise<void>;
  abstract rememberId(teamId: string, erased: ErasedId): Promise<void>;
  /** Counts one more ended check. Changes nothing when the candidate is not anonymised. */
  abstract countCheck(teamId: string, candidateId: Id, ended: EndedCheck): Promise<void>;
  /** Records that anonymising failed. Delays the next try; the team's next daily run starts no later than that. */
  abstract noteFailure(teamId: string, candidateId: Id, now: Date): Promise<void>;
}

/** A candidate whom the retention rule could not anonymise yet. */
export interface FailedCandidate extends FailedErasure {
  id: string;
  name: string;
}
