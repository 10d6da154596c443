import type { Id } from '#kernel/id';
import type { FailedErasure } from '#kernel/retention';

/** What is left of an anonymised candidate: the proof that they are. `by` null: the team's retention rule. */
export interface Erasure {
  teamId: string;
  candidateId: Id;
  at: Date;
  by: string | null;
  /** The candidate was a user of the team, too: nobody reads how the checks of a colleague ended. */
  outcomesWithheld: boolean;
}

/** Ids of the customer's own systems, of records that were erased: an import knows them, nobody reads them. */
export interface ErasedId {
  kind: 'candidate' | 'application';
  externalId: string;
  recordId: Id;
}

/** `status`: what may be said where the outcome may not. */
export interface EndedCheck {
  packageName: string;
  outcome: string;
  status: string;
}

export abstract class Erasures {
  /** What failed before counts no more. */
  abstract add(erasure: Erasure): Promise<void>;
  abstract rememberId(teamId: string, erased: ErasedId): Promise<void>;
  /** One more check ended. Nothing happens when the candidate is not anonymised. */
  abstract countCheck(teamId: string, candidateId: Id, ended: EndedCheck): Promise<void>;
  /** The candidate could not be anonymised: the next try is put off, and the team's next round is not later than that. */
  abstract noteFailure(teamId: string, candidateId: Id, now: Date): Promise<void>;
}

/** A candidate whom the rule could not anonymise yet. */
export interface FailedCandidate extends FailedErasure {
  id: string;
  name: string;
}
