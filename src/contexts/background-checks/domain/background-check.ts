import { Aggregate } from '#kernel/events';
import type { Id } from '#kernel/id';
import { CheckRequested, CheckStatusChanged } from '../contract.js';
import { initialFacts, noMessage, withoutResult, withoutIdentifyingFields } from './blank-facts.js';
import { outcomeOf } from './case-outcome.js';
import { type CheckResult, type CheckStatus, isTerminal, mayBecome } from './check-status.js';
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

/** What is asked for, fixed at the request. Later changes of the plan or the candidate do not affect it. */
export interface CheckRequest {
  teamId: string;
  id: Id;
  applicationId: Id;
  candidateId: Id;
  jobId: Id;
  jobStageItemId: Id;
  /** The id of the vendor that it is ordered from. */
  vendor: string;
  packageId: string;
  packageName: string;
  sentTo: string;
  requestedBy: string;
  /** The check that this one replaces. */
  replacesId: string | null;
}

export type HistorySource = 'user' | 'vendor' | 'system';

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

/** The data of a check, without its methods. */
type Facts = {
  -readonly [
    K in keyof BackgroundCheck as BackgroundCheck[K] extends (...args: never[]) => unknown ? never : K
  ]: BackgroundCheck[K];
};

/**
 * One background check on one application, requested from one activity of the plan. Its fields are read directly and changed
 * only by its methods. Every change of status or result writes history and publishes an event, in the same save.
 */
export class BackgroundCheck extends Aggregate {
  readonly teamId!: string;
  readonly id!: Id;
  readonly applicationId!: Id;
  readonly candidateId!: Id;
  readonly jobId!: Id;
  readonly jobStageItemId!: Id;
  readonly vendor!: string;
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
  /** Holds the slot of its application and activity until it first ends. It never takes the slot again. */
  readonly holdsSlot!: boolean;
  readonly replacesId!: string | null;
  readonly replacedById!: string | null;
  /** When its candidate was anonymised. From then on it records its status, and no field that identifies a person or a case. */
  readonly erasedAt!: Date | null;
  /** When an erased check ended and was counted in the proof of erasure. From then on it records nothing. */
  readonly settledAt!: Date | null;
  /** When the team's rule removed its result. From then on it records its status, and nothing about a result or a case. */
  readonly resultRemovedAt!: Date | null;
  /** The revision of its newest history entry. */
  readonly revision!: number;
  readonly createdAt!: Date;
  readonly updatedAt!: Date;
  private unsaved: HistoryEntry[] | undefined;

  static request(request: CheckRequest, now: Date): BackgroundCheck {
    const check = new BackgroundCheck();
    check.set({ ...request, ...initialFacts, requestedAt: now, statusChangedAt: now, createdAt: now }, now);
    check.addHistory('requested', null, 'requested', { source: 'user', by: request.requestedBy }, now);
    check.record(new CheckRequested(request.teamId, request.id));
    return check;
  }

  /** Records the state of the order; `active` is the application's state. A late or repeated state changes nothing. */
  recordOrder(order: OrderStatus, now: Date, active = true): void {
    if (this.settledAt || !this.awaitsCase()) return;
    this.setFacts({ environment: order.environment, portalUrl: order.portalUrl, caseId: order.caseId }, now);
    const closed = active ? 'integration_disabled' : 'application_closed';
    const { source, ...outcome } = outcomeOfOrder(order, this.cancelRequestedAt === null ? closed : 'cancelled');
    this.become({ ...outcome, result: null }, { source }, now);
  }

  /** Records a snapshot of the case. An older one than the last is ignored. The same one again updates the time of confirmation. */
  recordCase(snapshot: CaseSnapshot, now: Date): void {
    if (this.isClosed() || snapshot.revision < this.caseRevision) return;
    const { state, result: read, confirmedAt, revision, ...shown } = snapshot;
    const result = this.resultRemovedAt ? null : read;
    if (revision > this.caseRevision) {
      this.setFacts({ ...shown, caseRevision: revision }, now);
      const outcome = outcomeOf(this, state, result);
      this.become({ ...outcome, failure: this.lastingFailure(outcome.status) }, { source: 'vendor' }, now);
    }
    if (!this.confirmedAt || confirmedAt > this.confirmedAt) this.set({ confirmedAt }, now);
    if (this.resultRemovedAt && isTerminal(this.status)) this.set(withoutResult, now);
  }

  /**
   * Requests a cancellation by a user (null: by the system). The vendor confirms or refuses it. A second request keeps the time
   * of the first.
   */
  requestCancel(by: string | null, now: Date): void {
    if (isTerminal(this.status)) throw alreadyFinished();
    if (this.cancelRequestedAt) return;
    this.set({ cancelRequestedAt: now }, now);
    if (this.failureReason === 'cancel_unconfirmed') this.setFailure(null, now);
    this.addHistory('cancel_requested', null, null, authorOf(by), now);
  }

  /** The vendor refused to cancel. The cancellation request is dropped and can be made again. */
  dropCancelRequest(now: Date): void {
    this.set({ cancelRequestedAt: null }, now);
  }

  /** The vendor never confirmed the cancellation. A person must act, and may request it again. */
  giveUpCancelling(vendorName: string, tries: number, now: Date): void {
    this.dropCancelRequest(now);
    this.setFailure(cancelUnconfirmed(vendorName, tries), now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
  }

  /** Cancels it before its order was sent. */
  withdraw(by: string | null, now: Date): void {
    if (isTerminal(this.status)) throw alreadyFinished();
    this.become({ ...cancelledUnsent(), result: null }, authorOf(by), now);
  }

  /** Erases the candidate from it. `unsent`: it was in progress and its order was never sent. */
  erase(unsent: boolean, now: Date): void {
    if (!isTerminal(this.status)) {
      if (unsent) this.withdraw(null, now);
      else this.requestCancel(null, now);
    }
    this.set(
      { ...withoutIdentifyingFields, failureMessage: null, failureCandidates: [], sentTo: null, erasedAt: now },
      now,
    );
  }

  /**
   * Returns how an erased check ended, once, for the counts of the proof. The check keeps when it was sent and whether it was
   * completed, and loses the rest. null: it has not ended (`over`: no more events will come), or was counted before.
   */
  settle(over: boolean, now: Date): string | null {
    if (!this.erasedAt || this.settledAt || !(over || isTerminal(this.status))) return null;
    const outcome = this.result ?? this.status;
    const status = this.status === 'complete' ? 'complete' : 'cancelled';
    this.set({ ...withoutResult, failureReason: null, status, holdsSlot: false, settledAt: now }, now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
    return outcome;
  }

  /** Removes its result by the team's retention rule. The candidate stays. False when it was removed or erased before. */
  removeResult(at: Date, now: Date): boolean {
    if (this.erasedAt || this.resultRemovedAt) return false;
    this.set({ ...withoutResult, resultRemovedAt: at }, now);
    this.record(new CheckStatusChanged(this.teamId, this.id));
    return true;
  }

  /** Whether its case must be erased now, so that nothing about it is read again. */
  mustEraseCase(): boolean {
    return this.resultRemovedAt !== null && !this.erasedAt && isTerminal(this.status);
  }

  /** Another check was sent in its place. Its own status stays. */
  replaceBy(successorId: string, by: string, now: Date): void {
    mustBeResendable(this);
    this.set({ replacedById: successorId }, now);
    this.addHistory('resent', null, null, { source: 'user', by }, now);
  }

  /** Notes who decided how its order ended. The consequences arrive through `recordOrder`. */
  noteDecision(by: string, now: Date): void {
    this.addHistory('decided', null, null, { source: 'user', by }, now);
  }

  /** A failure that a person must act on stays while the case moves on. It is removed when the case ends. */
  private lastingFailure(next: CheckStatus): Failure | null {
    const { failureReason: reason, failureMessage: message } = this;
    if (reason !== 'cancel_unconfirmed' || message === null || isTerminal(next)) return null;
    return { reason, message, candidates: [] };
  }

  /** Whether the check ignores everything the vendor reports. */
  private isClosed(): boolean {
    return (
      this.status === 'not_sent' ||
      this.settledAt !== null ||
      (this.resultRemovedAt !== null && isTerminal(this.status))
    );
  }

  /** Whether no case is known yet. */
  awaitsCase(): boolean {
    return this.status === 'requested' || this.status === 'confirming' || this.status === 'needs_decision';
  }

  /** Hands over the new history entries, once. The repository appends them. */
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
      if (isTerminal(next.status)) this.set({ holdsSlot: false }, now);
      this.addHistory('status_changed', status, next.status, author, now);
    }
    if (next.result !== result) {
      this.set({ result: next.result }, now);
      this.addHistory('result_changed', result, next.result, author, now);
    }
    const failureChanged = this.setFailure(next.failure, now);
    const changed = next.status !== status || next.result !== result || failureChanged;
    if (changed) this.record(new CheckStatusChanged(this.teamId, this.id));
  }

  private setFailure(failure: Failure | null, now: Date): boolean {
    const { failureReason, failureCandidates } = this;
    const reason = failure?.reason ?? null;
    const { message, candidates } = failure && !this.erasedAt && !this.resultRemovedAt ? failure : noMessage;
    const sameCandidates = candidates.join() === failureCandidates.join();
    this.set({ failureReason: reason, failureMessage: message }, now);
    if (!sameCandidates) this.set({ failureCandidates: candidates }, now);
    return reason !== failureReason || !sameCandidates;
  }

  private addHistory(
    kind: HistoryEntry['kind'],
    from: string | null,
    to: string | null,
    author: Author,
    at: Date,
  ): void {
    this.set({ revision: this.revision + 1 }, at);
    const { source, by = null } = author;
    (this.unsaved ??= []).push({ revision: this.revision, at, kind, from, to, by, source });
  }

  private setFacts(facts: Partial<Facts>, now: Date): void {
    if (this.erasedAt) return this.set({ ...facts, ...withoutIdentifyingFields }, now);
    this.set(this.resultRemovedAt ? { ...facts, vendorScore: null } : facts, now);
  }

  private set(changes: Partial<Facts>, now: Date): void {
    const differs = Object.entries(changes).some(([name, value]) => this[name as keyof Facts] !== value);
    if (differs) Object.assign(this, changes, { updatedAt: now });
  }
}

const authorOf = (by: string | null): Author => (by === null ? { source: 'system' } : { source: 'user', by });
