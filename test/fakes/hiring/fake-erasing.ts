import type { Id } from '#kernel/id';
import { type RetentionRule, retryGaps, warningDays } from '#kernel/retention';
import {
  type EndedCheck,
  type ErasedId,
  type Erasure,
  Erasures,
} from '../../../src/contexts/hiring/domain/erasures.js';
import { Colleagues, type Grant, JobPermissions } from '../../../src/contexts/hiring/domain/ports.js';
import { Retention } from '../../../src/contexts/hiring/domain/retention.js';
import { FakeTable } from '../fake-store.js';
import type { HiringTables } from './fake-records.js';

const dayMs = 86_400_000;
const keyOf = (teamId: string, id: string): string => `${teamId}/${id}`;

interface Line extends Pick<EndedCheck, 'outcome'> {
  package: string;
  count: number;
}

/** Passes the suite of `Erasures`. */
export class FakeErasures extends Erasures {
  readonly proofs: FakeTable<Erasure & { checks: Line[] }>;
  readonly failures: FakeTable<{ tries: number; nextTryAt: Date }>;

  constructor(
    private readonly tables: HiringTables,
    private readonly rules: FakeTable<RuleRow>,
  ) {
    super();
    this.proofs = new FakeTable(tables.store);
    this.failures = new FakeTable(tables.store);
  }

  async add(erasure: Erasure): Promise<void> {
    const key = keyOf(erasure.teamId, erasure.candidateId);
    if (!this.proofs.get(key)) this.proofs.set(key, { ...erasure, checks: [] });
    this.failures.delete(key);
  }

  async rememberId(teamId: string, erased: ErasedId): Promise<void> {
    this.tables.erasedIds.set(`${teamId} ${erased.kind} ${erased.externalId}`, erased);
  }

  async countCheck(teamId: string, candidateId: Id, { packageName, outcome, status }: EndedCheck): Promise<void> {
    const key = keyOf(teamId, candidateId);
    const proof = this.proofs.get(key);
    if (!proof) return;
    const shown = proof.outcomesWithheld ? status : outcome;
    const same = proof.checks.find((line) => line.package === packageName && line.outcome === shown);
    const others = proof.checks.filter((line) => line !== same);
    const line = { package: packageName, outcome: shown, count: (same?.count ?? 0) + 1 };
    this.proofs.set(key, { ...proof, checks: [...others, line] });
  }

  async noteFailure(teamId: string, candidateId: Id, now: Date): Promise<void> {
    const tries = (this.failures.get(keyOf(teamId, candidateId))?.tries ?? 0) + 1;
    const gap = retryGaps[Math.min(tries, retryGaps.length) - 1] ?? 0;
    const nextTryAt = new Date(now.getTime() + gap * 1000);
    this.failures.set(keyOf(teamId, candidateId), { tries, nextTryAt });
    const rule = this.rules.get(teamId);
    if (rule && rule.dueAt > nextTryAt) this.rules.set(teamId, { ...rule, dueAt: nextTryAt });
  }
}

export interface RuleRow extends RetentionRule {
  dueAt: Date;
}

/** Passes the suite of `Retention`. */
export class FakeRetention extends Retention {
  constructor(
    private readonly tables: HiringTables,
    private readonly rules: FakeTable<RuleRow>,
    private readonly erasures: FakeErasures,
  ) {
    super();
  }

  async ruleOf(teamId: string): Promise<RetentionRule | null> {
    await this.tables.store.lock(`retention rule of ${teamId}`);
    const rule = this.rules.get(teamId);
    return rule && { months: rule.months, since: rule.since };
  }

  async setRule(teamId: string, rule: RetentionRule, nextRun: Date): Promise<void> {
    this.rules.set(teamId, { ...rule, dueAt: nextRun });
  }

  async takeDueTeams(now: Date, next: Date, limit: number): Promise<string[]> {
    const teams = this.rules.entries.filter(([, { months, dueAt }]) => months !== null && dueAt <= now);
    const taken = teams
      .toSorted(([, one], [, other]) => one.dueAt.getTime() - other.dueAt.getTime())
      .filter(([teamId]) => this.tables.store.tryLock(`retention run of ${teamId}`))
      .slice(0, limit);
    for (const [teamId, rule] of taken) this.rules.set(teamId, { ...rule, dueAt: next });
    return taken.map(([teamId]) => teamId);
  }

  async due(teamId: string, now: Date, limit: number): Promise<Id[]> {
    const due = this.dueBy(teamId, now).filter(({ id }) => {
      const failure = this.erasures.failures.get(keyOf(teamId, id));
      return !failure || failure.nextTryAt <= now;
    });
    return due.slice(0, limit).map(({ id }) => id);
  }

  async isDue(teamId: string, candidateId: Id, now: Date): Promise<boolean> {
    return this.dueBy(teamId, now).some(({ id }) => id === candidateId);
  }

  private dueBy(teamId: string, horizon: Date): { id: Id; dueOn: number }[] {
    const rule = this.rules.get(teamId);
    if (!rule || rule.months === null) return [];
    const { months, since } = rule;
    const kept = this.tables.candidates.where((row) => row.teamId === teamId && !row.anonymisedAt && !row.legalHold);
    const due = kept.flatMap(({ id, createdAt, legalHoldEndedAt }) => {
      const closed = this.tables.applications.where((row) => row.teamId === teamId && row.candidateId === id);
      if (closed.some(({ status }) => status !== 'rejected')) return [];
      const last = closed.map(({ closedAt }) => closedAt?.getTime() ?? 0);
      const from = closed.length > 0 ? new Date(Math.max(...last)) : createdAt;
      const warned = [since, legalHoldEndedAt].map((time) => (time ? time.getTime() + warningDays * dayMs : 0));
      return [{ id, dueOn: Math.max(monthsAfter(from, months), ...warned) }];
    });
    return due
      .filter(({ dueOn }) => dueOn <= horizon.getTime())
      .toSorted((one, other) => one.dueOn - other.dueOn || one.id.localeCompare(other.id));
  }
}

/** For days that every month has. */
function monthsAfter(time: Date, months: number): number {
  const later = new Date(time);
  return later.setUTCMonth(later.getUTCMonth() + months);
}

/** Passes the suite of `JobPermissions`. */
export class FakeJobPermissions extends JobPermissions {
  private readonly rows: FakeTable<{ teamId: string; grants: Grant[] }>;

  constructor(private readonly tables: HiringTables) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async of(teamId: string, jobId: Id): Promise<Grant[]> {
    return this.rows.get(keyOf(teamId, jobId))?.grants ?? [];
  }

  async replace(teamId: string, jobId: Id, grants: readonly Grant[]): Promise<void> {
    await this.tables.store.lock(`job ${keyOf(teamId, jobId)}`);
    const sorted = grants.toSorted((one, other) => one.userId.localeCompare(other.userId));
    this.rows.set(keyOf(teamId, jobId), { teamId, grants: sorted });
  }

  async revokeAll(teamId: string, userId: Id): Promise<void> {
    for (const [key, { grants }] of this.rows.entries)
      if (key.startsWith(`${teamId}/`))
        this.rows.set(key, { teamId, grants: grants.filter((grant) => grant.userId !== userId) });
  }
}

/** The users of a team, as the test says. */
export class FakeColleagues extends Colleagues {
  readonly users = new Set<Id>();
  /** Candidates who are users of the team. */
  readonly candidates = new Set<Id>();

  async areAll(_teamId: string, userIds: readonly Id[]): Promise<boolean> {
    return userIds.every((userId) => this.users.has(userId));
  }

  async isOneOfThem(_teamId: string, candidateId: Id): Promise<boolean> {
    return this.candidates.has(candidateId);
  }
}
