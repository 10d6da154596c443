import { Aggregate } from '#kernel/events';
import type { Id } from '#kernel/id';
import { CheckRequested, CheckStatusChanged } from '../contract.js';
import { nothingKnownYet, nothingSaid, withoutResult, withoutIdentifyingFields } from './blank-facts.js';
import { outcomeOf } from './case-outcome.js';
import { type CheckResult, type CheckStatus, isFinished, mayBecome } from './check-status.js';
import { alreadyFinished } from './errors.js';
import {
  cancelledUnsent,
  cancelUnconfirmed,
  type Failure,
  type FailureReason,
  outcomeOfOrder,
} from './order-outcome.js';
import { mustBeResendable } from './resending-rules.js';
import type { CaseSnapshot, Environment, OrderStatus } from './order-status.js';

/** What is asked for, fixed once and for all at the request: later changes of plan or candidate do not touch it. */
export interface CheckRequest {
  teamId: string;
  id: Id;
  applicationId: Id;
  candidateId: Id;
  jobId: Id;
  jobStageItemId: Id;
  packageId: string;
  packageName: string;
  sentTo: string;
  requestedBy: string;
  /** The check that this one is sent in place of. */
  replacesId: string | null;
}

export type HistorySource = 'user' | 'certn' | 'system';

/** One line of a check's history. Revisions start at 1 and have no gaps. */
export interface HistoryEntry {
  revision: number;
  at: Date;
  kind: 'requested' | 'status_changed' | 'cancel_requested' | 'resent' | 'decided' | 'result_changed';
  from: string | null;
  to: string | null;
  by: string | null;
  source: HistorySource;
}

type Author = { source: HistorySource; by?: string };

/** The data of a check without its verbs. */
type Facts = {
  -readonly [
    K in keyof BackgroundCheck as BackgroundCheck[K] extends (...args: never[]) => unknown ? never : K
  ]: BackgroundCheck[K];
};

/**
 * One background check on one application, asked for from one activity of the plan. It is read like a record and changed
 * only by its verbs; every change of status or result writes history and tells the house, in the same save.
 */
export class BackgroundCheck extends Aggregate {
  readonly teamId!: string;
  readonly id!: Id;
  readonly applicationId!: Id;
  readonly candidateId!: Id;
  readonly jobId!: Id;
  readonly jobStageItemId!: Id;
  readonly packageId!: string;
  readonly packageName!: string;
  /** null: erased. */
  readonly sentTo!: string | null;
  readonly requestedBy!: string;
  readonly requestedAt!: Date;
  readonly status!: CheckStatus;
  readonly result!: CheckResult | null;
  readonly statusChangedAt!: Date;
  readonly failureReason!: FailureReason | null;
  readonly failureMessage!: string | null;
  readonly failureCandidates!: readonly string[];
  readonly caseId!: string | null;
  readonly shortId!: string | null;
  readonly vendorStatus!: string | null;
  readonly vendorScore!: string | null;
  readonly portalUrl!: string | null;
  readonly environment!: Environment | null;
  readonly caseRevision!: number;
  readonly confirmedAt!: Date | null;
  readonly cancelRequestedAt!: Date | null;
  /** Holds the only place for its application and activity until it first finishes; never takes it again. */
  readonly holdsSlot!: boolean;
  readonly replacesId!: string | null;
  readonly replacedById!: string | null;
  /** When its candidate was anonymised. From then on it learns how it stands, and nothing that leads to a person or a case. */
  readonly erasedAt!: Date | null;
  /** When an erased check ended and went into the counts of the proof. From then on it learns nothing. */
  readonly settledAt!: Date | null;
  /** When its result was removed by the team's rule. From then on it learns how far it is, and nothing about a result or a case. */
  readonly resultRemovedAt!: Date | null;
  /** Of the newest line of its history. */
  readonly revision!: number;
  readonly createdAt!: Date;
  readonly updatedAt!: Date;
  private unsaved: HistoryEntry[] | undefined;

  static request(request: CheckRequest, now: Date): BackgroundCheck {
    const check = new BackgroundCheck();
    check.set({ ...request, ...nothingKnownYet, requestedAt: now, statusChangedAt: now, createdAt: now }, now);
    check.write('requested', null, 'requested', { source: 'user', by: request.requestedBy }, now);
    check.record(new CheckRequested(request.teamId, request.id));
    return check;
  }

  /** News of the order, while its application is `active` or not. Late or repeated news changes nothing. */
  recordOrder(order: OrderStatus, now: Date, active = true): void {
    if (this.settledAt || !this.awaitsItsCase()) return;
    this.learn({ environment: order.environment, portalUrl: order.portalUrl, caseId: order.caseId }, now);
    const closed = active ? 'integration_disabled' : 'application_closed';
    const { source, ...outcome } = outcomeOfOrder(order, this.cancelRequestedAt === null ? closed : 'cancelled');
    this.become({ ...outcome, result: null }, { source }, now);
  }

  /** A reading of the case. An older one than the last is ignored; the same one may confirm. */
  recordCase(reading: CaseSnapshot, now: Date): void {
    if (this.isClosed() || reading.revision < this.caseRevision) return;
    const { state, result: read, confirmedAt, revision, ...shown } = reading;
    const result = this.resultRemovedAt ? null : read;
    if (revision > this.caseRevision) {
      this.learn({ ...shown, caseRevision: revision }, now);
      const outcome = outcomeOf(this, state, result);
      this.become({ ...outcome, failure: this.lastingFailure(outcome.status) }, { source: 'certn' }, now);
    }
    if (!this.confirmedAt || confirmedAt > this.confirmedAt) this.set({ confirmedAt }, now);
    if (this.resultRemovedAt && isFinished(this.status)) this.set(withoutResult, now);
  }

  /** Somebody (null: we ourselves) wants it cancelled; the vendor has the last word. Asking again keeps the first time. */
  askToCancel(by: string | null, now: Date): void {
    if (isFinished(this.status)) throw alreadyFinished();
    if (this.cancelRequestedAt) return;
    this.set({ cancelRequestedAt: now }, now);
    if (this.failureReason === 'cancel_unconfirmed') this.explain(null, now);
    this.write('cancel_requested', null, null, authorOf(by), now);
  }

  /** The vendor refused to cancel: the wish is void, and may be uttered again. */
  dropCancelRequest(now: Date): void {
    this.set({ cancelRequestedAt: null }, now);
  }

  /** The vendor never confirmed it: a person must see to it, and may ask again. */
  giveUpCancelling(tries: number, now: Date): void {
    this.dropCancelRequest(now);
    this.explain(cancelUnconfirmed(tries), now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
  }

  /** Cancelled before the vendor heard of it. */
  withdraw(by: string | null, now: Date): void {
    if (isFinished(this.status)) throw alreadyFinished();
    this.become({ ...cancelledUnsent(), result: null }, authorOf(by), now);
  }

  /** Its candidate was anonymised. `unsent`: it was under way, and the vendor never heard of it. */
  erase(unsent: boolean, now: Date): void {
    if (!isFinished(this.status)) {
      if (unsent) this.withdraw(null, now);
      else this.askToCancel(null, now);
    }
    this.set(
      { ...withoutIdentifyingFields, failureMessage: null, failureCandidates: [], sentTo: null, erasedAt: now },
      now,
    );
  }

  /**
   * How an erased check ended, once: for the counts of the proof. It keeps when it was sent and whether it was completed, and
   * loses the rest. null: it is not over (`over` says that nothing more will be heard of it), or was told before.
   */
  settle(over: boolean, now: Date): string | null {
    if (!this.erasedAt || this.settledAt || !(over || isFinished(this.status))) return null;
    const outcome = this.result ?? this.status;
    const status = this.status === 'complete' ? 'complete' : 'cancelled';
    this.set({ ...withoutResult, failureReason: null, status, holdsSlot: false, settledAt: now }, now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
    return outcome;
  }

  /** The team's rule says that its result was kept for long enough; its candidate stays. False when it was removed before. */
  removeResult(at: Date, now: Date): boolean {
    if (this.erasedAt || this.resultRemovedAt) return false;
    this.set({ ...withoutResult, resultRemovedAt: at }, now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
    return true;
  }

  /** Whether its case is to be forgotten now: nothing about it may be read again. */
  mustLoseItsCase(): boolean {
    return this.resultRemovedAt !== null && !this.erasedAt && isFinished(this.status);
  }

  /** Somebody sent another check in its place. It stays what it is, and does not count any more. */
  replaceBy(successorId: string, by: string, now: Date): void {
    mustBeResendable(this);
    this.set({ replacedById: successorId }, now);
    this.write('resent', null, null, { source: 'user', by }, now);
  }

  /** Somebody said how its order ended. What follows from that is news of the order, and arrives as such. */
  noteDecision(by: string, now: Date): void {
    this.write('decided', null, null, { source: 'user', by }, now);
  }

  /** What a person was asked to see to does not go away because the case moves on; only when it ends. */
  private lastingFailure(next: CheckStatus): Failure | null {
    const { failureReason: reason, failureMessage: message } = this;
    if (reason !== 'cancel_unconfirmed' || message === null || isFinished(next)) return null;
    return { reason, message, candidates: [] };
  }

  /** Nothing that the vendor says counts any more. */
  private isClosed(): boolean {
    return (
      this.status === 'not_sent' ||
      this.settledAt !== null ||
      (this.resultRemovedAt !== null && isFinished(this.status))
    );
  }

  /** The vendor has not opened a case yet, as far as we know. */
  awaitsItsCase(): boolean {
    return this.status === 'requested' || this.status === 'confirming' || this.status === 'needs_decision';
  }

  /** What its repository must append to the history, once. */
  releaseHistory(): HistoryEntry[] {
    const entries = this.unsaved ?? [];
    this.unsaved = undefined;
    return entries;
  }

  private become(
    next: { status: CheckStatus; result: CheckResult | null; failure: Failure | null },
    author: Author,
    now: Date,
  ): void {
    const { status, result } = this;
    if (next.status !== status) {
      if (!mayBecome(status, next.status)) return;
      this.set({ status: next.status, statusChangedAt: now }, now);
      if (isFinished(next.status)) this.set({ holdsSlot: false }, now);
      this.write('status_changed', status, next.status, author, now);
    }
    if (next.result !== result) {
      this.set({ result: next.result }, now);
      this.write('result_changed', result, next.result, author, now);
    }
    const failureChanged = this.explain(next.failure, now);
    const changed = next.status !== status || next.result !== result || failureChanged;
    if (changed) this.record(new CheckStatusChanged(this.teamId, this.id));
  }

  private explain(failure: Failure | null, now: Date): boolean {
    const { failureReason, failureCandidates } = this;
    const reason = failure?.reason ?? null;
    const { message, candidates } = failure && !this.erasedAt && !this.resultRemovedAt ? failure : nothingSaid;
    const sameCandidates = candidates.join() === failureCandidates.join();
    this.set({ failureReason: reason, failureMessage: message }, now);
    if (!sameCandidates) this.set({ failureCandidates: candidates }, now);
    return reason !== failureReason || !sameCandidates;
  }

  private write(kind: HistoryEntry['kind'], from: string | null, to: string | null, author: Author, at: Date): void {
    this.set({ revision: this.revision + 1 }, at);
    const { source, by = null } = author;
    (this.unsaved ??= []).push({ revision: this.revision, at, kind, from, to, by, source });
  }

  private learn(facts: Partial<Facts>, now: Date): void {
    if (this.erasedAt) return this.set({ ...facts, ...withoutIdentifyingFields }, now);
    this.set(this.resultRemovedAt ? { ...facts, vendorScore: null } : facts, now);
  }

  private set(changes: Partial<Facts>, now: Date): void {
    const differs = Object.entries(changes).some(([name, value]) => this[name as keyof Facts] !== value);
    if (differs) Object.assign(this, changes, { updatedAt: now });
  }
}

const authorOf = (by: string | null): Author => (by === null ? { source: 'system' } : { source: 'user', by });
