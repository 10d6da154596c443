import type { Readable } from 'node:stream';

/** Vendor-neutral states of a case. `unknown` is never terminal. */
export type NeutralCaseState =
  | 'ordered'
  | 'undeliverable'
  | 'expired'
  | 'invited'
  | 'opened'
  | 'started'
  | 'submitted'
  | 'in_progress'
  | 'candidate_action_required'
  | 'client_action_required'
  | 'in_dispute'
  | 'declined'
  | 'cancelled'
  | 'complete'
  | 'unknown';
export type NeutralResult = 'clear' | 'review' | 'reject' | 'not_applicable' | 'restricted' | 'unknown';

/** Query: the last snapshot of an order's case. Null before the first read. */
export class GetCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export interface CaseFacts {
  /** null: erased. */
  caseId: string | null;
  shortId: string | null;
  state: NeutralCaseState;
  result: NeutralResult | null;
  vendorStatus: string;
  vendorScore: string | null;
  environment: 'production' | 'sandbox';
  portalUrl: string;
  /** Grows with every snapshot that differed; the higher one is newer. */
  revision: number;
  /** When the vendor last confirmed this state, ISO 8601. */
  confirmedAt: string;
}

/**
 * Command: read this order's case now, within the rate budget. If the order's outcome is unknown, reconcile it now. Does nothing
 * for other orders without a case. Throws `DomainError`: `vendor_unreachable` (503), `vendor_error` (502), `budget_exhausted` (429).
 */
export class RefreshCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}

/**
 * Command: ask the vendor once, now, to cancel this order's case. `accepted`: the case will show it. `no_answer`: not confirmed.
 * `refused` carries the vendor's reason.
 */
export class CancelCase {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
export type CancelAnswer = { kind: 'accepted' | 'no_answer' } | { kind: 'refused'; message: string };

/**
 * Command: the vendor's report on this order's case as a stream of `application/pdf`. Waits up to ten seconds for the vendor;
 * concurrent callers share one report. Never stored. The caller must read or destroy the stream. Throws `DomainError`:
 * `results_not_ready` (503, still being created), `report_failed` (502), `report_unusable` (502: not from the vendor's hosts,
 * not a PDF, too large), `too_many_reports` (429), `vendor_unreachable` (503), `vendor_error` (502).
 */
export class OpenReport {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
    readonly vendor: string,
  ) {}
}
export interface OpenedReport {
  stream: Readable;
  length: number | null;
}

/** Command: a case was not cancelled although we asked. Admins see a discrepancy until the case ends. Joins the transaction. */
export class ReportUncancelled {
  constructor(
    readonly teamId: string,
    readonly orderId: string,
  ) {}
}
