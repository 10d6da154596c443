import type { Readable } from 'node:stream';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { BackgroundCheck } from './background-check.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';

/** All checks of all teams. */
export abstract class Checks {
  /** Throws 404 when the team has no such check. */
  abstract get(teamId: string, id: string): Promise<BackgroundCheck>;
  /** The check that holds the only place of this application and activity. */
  abstract holderOfSlot(teamId: string, applicationId: Id, itemId: Id): Promise<string | null>;
  abstract idsOfCandidate(teamId: string, candidateId: Id): Promise<string[]>;
  /** Checks of an application for which the vendor has not opened a case, as far as we know. */
  abstract idsWithoutCase(teamId: string, applicationId: Id): Promise<string[]>;
  /** Throws `SlotTaken` when another check took the place in the meantime. */
  abstract add(check: BackgroundCheck): Promise<void>;
  /** Throws `changed_meanwhile` when somebody else saved it since it was read. */
  abstract save(check: BackgroundCheck): Promise<void>;
  /** What the lines of its history said: every status and result of an erased check, only the results of another. */
  abstract emptyHistory(check: BackgroundCheck): Promise<void>;
}

/** Another check for the same application and activity was faster. Its transaction is over, ours must start anew. */
export class SlotTaken extends Error {
  override readonly name = 'SlotTaken';
}

/** What a client's Idempotency-Key stands for: one person, one path, one body. */
export interface SendKey {
  teamId: string;
  userId: Id;
  path: string;
  key: string;
  body: string;
}

/** Sends that were answered with 201, for a day. */
export abstract class IdempotencyRecords {
  /**
   * The first answer; null when there is none, and then nobody else gets past here with this key until our transaction
   * ends. Throws `idempotency_in_progress` and `idempotency_key_reused`.
   */
  abstract recall(key: SendKey): Promise<object | null>;
  abstract remember(key: SendKey, checkId: string, answer: object): Promise<void>;
  /** Answers about this check hold an address. */
  abstract forget(teamId: string, checkId: string): Promise<void>;
}

/** Where the outcomes of an anonymised candidate's checks are counted as proof: a result, else a status. */
export abstract class ErasureProofs {
  /** Joins the transaction. */
  abstract count(check: BackgroundCheck, outcome: string): Promise<void>;
}

/** Which user is which candidate. A link keeps the person from reading their own checks. */
export abstract class Links {
  /** No user is that candidate any more. */
  abstract end(teamId: string, candidateId: Id): Promise<void>;
}

/** A check as one caller may read it, as JSON: what is answered, and repeated to an Idempotency-Key. */
export abstract class Answers {
  abstract about(caller: Caller, checkId: Id): Promise<object>;
}

export interface SendableApplication {
  id: Id;
  active: boolean;
  jobId: Id;
  candidateId: Id;
  email: string | null;
  /** Nothing can be sent for a candidate who was anonymised. */
  anonymised: boolean;
}

export abstract class Applications {
  abstract find(teamId: string, id: Id): Promise<SendableApplication | null>;
}

export interface PlannedCheck {
  id: Id;
  jobId: Id;
  packageId: string;
}

/** The Certn activities of interview plans; null for other activities, deleted and unknown ones. */
export abstract class PlannedChecks {
  abstract find(teamId: string, itemId: Id): Promise<PlannedCheck | null>;
}

/** The team's account with the vendor, as far as a send depends on it. */
export abstract class ScreeningAccount {
  abstract isEnabled(teamId: string): Promise<boolean>;
  /** null: not in the account, or not to be ordered any more. */
  abstract findOrderable(teamId: string, packageId: string): Promise<{ id: string; name: string } | null>;
}

export type CancelAnswer = { kind: 'accepted' | 'no_answer' } | { kind: 'refused'; message: string };

/** How often the vendor was asked to cancel a case, and whether it ever agreed. */
export interface Asking {
  asked: number;
  accepted: boolean;
}

/** How far the cancelling of checks at the vendor is, on the database's clock; all of it joins the transaction. */
export abstract class Cancelling {
  /** How it stands when the next try is due; null while that is planned for later. Holds the check to the end of the transaction. */
  abstract due(teamId: string, checkId: string): Promise<Asking | null>;
  abstract plan(teamId: string, checkId: string, asking: Asking, inSeconds: number): Promise<void>;
  abstract noteAccepted(teamId: string, checkId: string): Promise<void>;
}

export interface Report {
  /** Whoever is given it reads it, or destroys it. */
  stream: Readable;
  length: number | null;
}

/** How a person says that an order in doubt ended: that case is its own, or the vendor has none and it is sent again. */
export type Verdict = { caseId: string } | { sendAgain: true };

/** The orders behind checks; an order has its check's id. All but the first six talk to the vendor: never in a transaction. */
export abstract class Orders {
  /** null: not placed yet. */
  abstract status(teamId: string, checkId: string): Promise<OrderStatus | null>;
  /** null: not read yet. */
  abstract lastSnapshot(teamId: string, checkId: string): Promise<CaseSnapshot | null>;
  /** True when it was not sent and never will be; joins the transaction. */
  abstract withdraw(teamId: string, checkId: string): Promise<boolean>;
  /** Forgets the order: its case is cancelled first, as soon as that can be; joins the transaction. */
  abstract erase(teamId: string, checkId: string): Promise<void>;
  /**
   * Forgets the ended case and what was read of it, without asking the vendor, for good; joins the transaction. `false`: the
   * order or its case is not over here, and nothing happened.
   */
  abstract eraseEnded(teamId: string, checkId: string): Promise<boolean>;
  /** Forgets how the case of an erased order stood; joins the transaction. */
  abstract eraseSnapshot(teamId: string, checkId: string): Promise<void>;
  abstract cancelCase(teamId: string, checkId: string): Promise<CancelAnswer>;
  /** Shows admins that the vendor did not confirm a cancel, until the case ends; joins the transaction. */
  abstract reportUncancelled(teamId: string, checkId: string): Promise<void>;
  /** Throws `nothing_to_decide`, and what else speaks against the verdict. */
  abstract decide(teamId: string, checkId: string, verdict: Verdict): Promise<void>;
  /** Reads the case, or looks for it when the order is in doubt. */
  abstract readAgain(teamId: string, checkId: string): Promise<void>;
  abstract openReport(teamId: string, checkId: string): Promise<Report>;
}
