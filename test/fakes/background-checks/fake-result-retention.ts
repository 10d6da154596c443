import { type RetentionRule, retryGaps, warningDays } from '#kernel/retention';
import { isTerminal } from '../../../src/contexts/background-checks/domain/check-status.js';
import { ResultRetention } from '../../../src/contexts/background-checks/domain/result-retention.js';
import { type FakeStore, FakeTable } from '../fake-store.js';
import type { FakeChecks, StoredCheck } from './fake-checks.js';

const dayMs = 24 * 3600 * 1000;

interface Failure {
  checkId: string;
  tries: number;
  nextTryAt: Date;
}

/** What the removal of results needs to know of a candidate. */
export interface HeldCandidate {
  legalHold: boolean;
  legalHoldEndedAt: Date | null;
  anonymised: boolean;
}

const withoutHold: HeldCandidate = { legalHold: false, legalHoldEndedAt: null, anonymised: false };

/** Passes the suite of `ResultRetention`. */
export class FakeResultRetention extends ResultRetention {
  private readonly rules: FakeTable<RetentionRule & { teamId: string; dueAt: Date }>;
  private readonly failures: FakeTable<Failure>;
  /** By id. A candidate that is not listed is under no legal hold. */
  readonly candidates = new Map<string, HeldCandidate>();

  constructor(
    private readonly store: FakeStore,
    private readonly checks: FakeChecks,
  ) {
    super();
    this.rules = new FakeTable(store);
    this.failures = new FakeTable(store);
  }

  async ruleOf(teamId: string): Promise<RetentionRule | null> {
    await this.store.lock(lockOf(teamId));
    const rule = this.rules.get(teamId);
    return rule && { months: rule.months, since: rule.since };
  }

  async setRule(teamId: string, { months, since }: RetentionRule, nextRun: Date): Promise<void> {
    this.rules.set(teamId, { teamId, months, since, dueAt: nextRun });
  }

  async takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]> {
    const due = this.rules.all().filter(({ months, dueAt }) => months !== null && dueAt <= now);
    const taken = due.toSorted(byTime('dueAt')).filter(takeable(limit, (teamId) => this.store.tryLock(lockOf(teamId))));
    for (const rule of taken) this.rules.set(rule.teamId, { ...rule, dueAt: next });
    return taken.map(({ teamId }) => teamId);
  }

  async due(teamId: string, now: Date, limit: number): Promise<string[]> {
    const waits = (id: string): boolean => (this.failures.get(`${teamId}/${id}`)?.nextTryAt ?? now) > now;
    return this.dueOf(teamId, now)
      .filter((id) => !waits(id))
      .slice(0, limit);
  }

  async isDue(teamId: string, checkId: string, now: Date): Promise<boolean> {
    const [check] = this.checks.where(({ id }) => id === checkId);
    const dueOn = check?.teamId === teamId ? this.dueOn(check) : null;
    return dueOn !== null && dueOn <= now;
  }

  async noteFailure(teamId: string, checkId: string, now: Date): Promise<void> {
    const key = `${teamId}/${checkId}`;
    const tries = (this.failures.get(key)?.tries ?? 0) + 1;
    const gap = retryGaps[Math.min(tries, retryGaps.length) - 1] ?? 0;
    const nextTryAt = new Date(now.getTime() + gap * 1000);
    this.failures.set(key, { checkId, tries, nextTryAt });
    const rule = this.rules.get(teamId);
    if (rule && nextTryAt < rule.dueAt) this.rules.set(teamId, { ...rule, dueAt: nextTryAt });
  }

  async noteSuccess(teamId: string, checkId: string): Promise<void> {
    this.failures.delete(`${teamId}/${checkId}`);
  }

  /** Failed removals that are stored. */
  get failed(): Failure[] {
    return this.failures.all();
  }

  private dueOf(teamId: string, now: Date): string[] {
    const due = this.checks
      .where((check) => check.teamId === teamId)
      .flatMap((check) => {
        const dueOn = this.dueOn(check);
        return dueOn && dueOn <= now ? [{ id: check.id, dueOn }] : [];
      });
    return due.toSorted(byTime('dueOn')).map(({ id }) => id);
  }

  private dueOn({ teamId, candidateId, status, erasedAt, resultRemovedAt, statusChangedAt }: StoredCheck): Date | null {
    const rule = this.rules.get(teamId);
    const candidate = this.candidates.get(candidateId) ?? withoutHold;
    if (!rule || rule.months === null || !isTerminal(status) || erasedAt || resultRemovedAt) return null;
    if (candidate.legalHold || candidate.anonymised) return null;
    const warned = [rule.since, candidate.legalHoldEndedAt].flatMap((at) =>
      at ? [at.getTime() + warningDays * dayMs] : [],
    );
    return new Date(Math.max(monthsAfter(statusChangedAt, rule.months), ...warned));
  }
}

const lockOf = (teamId: string): string => `result retention of ${teamId}`;

/** The first rows that no other transaction has locked. */
function takeable(limit: number, lock: (teamId: string) => boolean): (rule: { teamId: string }) => boolean {
  let left = limit;
  return ({ teamId }) => {
    const takes = left > 0 && lock(teamId);
    if (takes) left -= 1;
    return takes;
  };
}

/** As Postgres adds months: a day that the month does not have becomes its last one. */
function monthsAfter(at: Date, months: number): number {
  const moved = new Date(at);
  moved.setUTCDate(1);
  moved.setUTCMonth(moved.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  return moved.setUTCDate(Math.min(at.getUTCDate(), lastDay));
}

const byTime =
  <Field extends string>(field: Field) =>
  (one: Record<Field, Date>, other: Record<Field, Date>): number =>
    one[field].getTime() - other[field].getTime();
