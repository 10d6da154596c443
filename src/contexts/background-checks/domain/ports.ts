import type { Readable } from 'node:stream';
import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { RequestKey } from '#kernel/request-key';
import type { BackgroundCheck } from './background-check.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';

/** All checks of all teams. */
export abstract class Checks {
  /** Throws 404 when the team has no such check. */
  abstract get(teamId: string, id: string): Promise<BackgroundCheck>;
  /** The id of the check that holds the slot of this application and activity. */
  abstract holderOfSlot(teamId: string, applicationId: Id, itemId: Id): Promise<string | null>;
  abstract idsOfCandidate(teamId: string, candidateId: Id): Promise<string[]>;
  /** Checks of an application for which no case is known yet. */
  abstract idsWithoutCase(teamId: string, applicationId: Id): Promise<string[]>;
  /** Throws `SlotTaken` when another check took the slot meanwhile. */
  abstract add(check: BackgroundCheck): Promise<void>;
  /** Throws `changed_meanwhile` when another transaction saved it since it was read. */
  abstract save(check: BackgroundCheck): Promise<void>;
  /** Blanks its history entries: every status and result of a settled check, only the results of any other. */
  abstract emptyHistory(check: BackgroundCheck): Promise<void>;
}

/** Another check for the same application and activity was saved first. The transaction is over; start a new one. */
export class SlotTaken extends Error {
  override readonly name = 'SlotTaken';
}

/** Answers to sends that succeeded (201), kept for a day. */
export abstract class IdempotencyRecords {
  /**
   * The first answer to this key. null: there is none, and the key is locked for other requests until this transaction
   * ends. Throws `idempotency_in_progress` and `idempotency_key_reused`.
   */
  abstract recall(key: RequestKey): Promise<object | null>;
  abstract remember(key: RequestKey, checkId: string, answer: object): Promise<void>;
  /** Deletes the answers about this check. They hold an address. */
  abstract erase(teamId: string, checkId: string): Promise<void>;
}

/** Counts the outcomes of an anonymised candidate's checks as proof of erasure: a result, else a status. */
export abstract class ErasureProofs {
  /** Joins the transaction. */
  abstract count(check: BackgroundCheck, outcome: string): Promise<void>;
}

/** A check as one caller may read it, as JSON: the answer to a send, also for repeated Idempotency-Keys. */
export abstract class Answers {
  abstract about(caller: Caller, checkId: Id): Promise<object>;
}

export interface SendableApplication {
  id: Id;
  active: boolean;
  jobId: Id;
  candidateId: Id;
  email: string | null;
  /** Its candidate was anonymised: no check can be sent. */
  anonymised: boolean;
}

export abstract class Applications {
  abstract find(teamId: string, id: Id): Promise<SendableApplication | null>;
}

export interface PlannedCheck {
  id: Id;
  jobId: Id;
  vendor: string;
  packageId: string;
}

/** The background checks of interview plans; null for other activities, deleted and unknown ones. */
export abstract class PlannedChecks {
  abstract find(teamId: string, itemId: Id): Promise<PlannedCheck | null>;
}

/** The team's accounts with vendors, as far as a send depends on them. */
export abstract class ScreeningAccounts {
  /** The name of a vendor, for sentences. */
  abstract nameOf(vendor: string): Promise<string>;
  abstract isEnabled(teamId: string, vendor: string): Promise<boolean>;
  /** null: the package is not in the account at that vendor or is inactive. */
  abstract findOrderable(
    teamId: string,
    vendor: string,
    packageId: string,
  ): Promise<{ id: string; name: string } | null>;
}

export type CancelAnswer = { kind: 'accepted' | 'no_answer' } | { kind: 'refused'; message: string };

/** How often the vendor was asked to cancel a case, and whether it ever accepted. */
export interface CancelProgress {
  asked: number;
  accepted: boolean;
}

/** The progress of cancelling cases at the vendor, timed by the database's clock. Every method joins the transaction. */
export abstract class Cancelling {
  /** The progress, when the next try is due; null while it is planned for later. Locks the check until the transaction ends. */
  abstract due(teamId: string, checkId: string): Promise<CancelProgress | null>;
  abstract plan(teamId: string, checkId: string, progress: CancelProgress, inSeconds: number): Promise<void>;
  abstract noteAccepted(teamId: string, checkId: string): Promise<void>;
}

export interface Report {
  /** The receiver must read it to the end or destroy it. */
  stream: Readable;
  length: number | null;
}

/** A person's decision about an order of unknown outcome: it led to that case, or the vendor has no case and it is sent again. */
export type Verdict = { caseId: string } | { sendAgain: true };

/**
 * The orders of checks. An order has the id of its check. `cancelCase`, `decide`, `readAgain` and `openReport` call the vendor:
 * never in a transaction.
 */
export abstract class Orders {
  /** null: there is no order yet. */
  abstract status(teamId: string, checkId: string): Promise<OrderStatus | null>;
  /** null: there is no case, or it was not read yet. */
  abstract lastSnapshot(teamId: string, checkId: string): Promise<CaseSnapshot | null>;
  /** True when the order was not sent and never will be. Joins the transaction. */
  abstract withdraw(teamId: string, checkId: string, vendor: string): Promise<boolean>;
  /** Erases the order, after its case is cancelled, as soon as that is possible. Joins the transaction. */
  abstract erase(teamId: string, checkId: string): Promise<void>;
  /**
   * Erases an ended case and its snapshot permanently, without a call to the vendor. Joins the transaction. `false`: the
   * order or its case has not ended here, and nothing was erased.
   */
  abstract eraseEnded(teamId: string, checkId: string): Promise<boolean>;
  /** Erases the snapshot of an erased order's case. Joins the transaction. */
  abstract eraseSnapshot(teamId: string, checkId: string): Promise<void>;
  abstract cancelCase(teamId: string, checkId: string): Promise<CancelAnswer>;
  /** Shows admins that the vendor did not confirm a cancellation, until the case ends. Joins the transaction. */
  abstract reportUncancelled(teamId: string, checkId: string): Promise<void>;
  /** Throws `nothing_to_decide`, and other errors when the verdict is not possible. */
  abstract decide(teamId: string, checkId: string, verdict: Verdict): Promise<void>;
  /** Reads the case. Reconciles the order when its outcome is unknown. */
  abstract readAgain(teamId: string, checkId: string): Promise<void>;
  abstract openReport(teamId: string, checkId: string, vendor: string): Promise<Report>;
}
