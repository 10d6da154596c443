import type { Caller } from '#kernel/caller';
import { notFound } from '#kernel/errors';
import type { Id } from '#kernel/id';
import type { BackgroundCheck } from '../../../src/contexts/background-checks/domain/background-check.js';
import { integrationNotEnabled } from '../../../src/contexts/background-checks/domain/errors.js';
import {
  Answers,
  Applications,
  ErasureProofs,
  type PlannedCheck,
  PlannedChecks,
  ScreeningAccounts,
  type SendableApplication,
} from '../../../src/contexts/background-checks/domain/ports.js';
import { type FakeStore, FakeTable } from '../fake-store.js';
import { type FakeChecks, keyOf } from './fake-checks.js';

/** The applications of hiring. */
export class FakeApplications extends Applications {
  private readonly rows: FakeTable<SendableApplication>;

  constructor(store: FakeStore) {
    super();
    this.rows = new FakeTable(store);
  }

  async find(teamId: string, id: Id): Promise<SendableApplication | null> {
    return this.rows.get(keyOf({ teamId, id }));
  }

  /** Adds or replaces an application. */
  put(teamId: string, application: SendableApplication): void {
    this.rows.set(keyOf({ teamId, id: application.id }), application);
  }
}

/** The background checks of interview plans. */
export class FakePlannedChecks extends PlannedChecks {
  private readonly rows: FakeTable<PlannedCheck>;

  constructor(store: FakeStore) {
    super();
    this.rows = new FakeTable(store);
  }

  async find(teamId: string, itemId: Id): Promise<PlannedCheck | null> {
    return this.rows.get(keyOf({ teamId, id: itemId }));
  }

  put(teamId: string, item: PlannedCheck): void {
    this.rows.set(keyOf({ teamId, id: item.id }), item);
  }

  remove(teamId: string, id: Id): void {
    this.rows.delete(keyOf({ teamId, id }));
  }
}

export interface FakeAccount {
  state: 'enabled' | 'action_required' | 'disabled';
  packages: { id: string; name: string; active: boolean }[];
}

/** The vendor accounts of teams. A team that does not say which has one at Certn. */
export class FakeScreeningAccounts extends ScreeningAccounts {
  private readonly accounts = new Map<string, FakeAccount>();

  constructor(private readonly store: FakeStore) {
    super();
  }

  async nameOf(vendor: string): Promise<string> {
    return vendor.charAt(0).toUpperCase() + vendor.slice(1);
  }

  async isEnabled(teamId: string, vendor: string): Promise<boolean> {
    return this.of(teamId, vendor)?.state === 'enabled';
  }

  async findOrderable(teamId: string, vendor: string, packageId: string): Promise<{ id: string; name: string } | null> {
    if (this.store.isInTransaction) throw new Error('The vendor is not called inside a unit of work.');
    const account = this.of(teamId, vendor);
    if (!account || account.state === 'disabled') throw integrationNotEnabled(await this.nameOf(vendor));
    const found = account.packages.find(({ id, active }) => active && id === packageId);
    return found ? { id: found.id, name: found.name } : null;
  }

  set(teamId: string, account: FakeAccount, vendor = 'certn'): void {
    this.accounts.set(`${teamId}/${vendor}`, account);
  }

  private of(teamId: string, vendor: string): FakeAccount | null {
    return this.accounts.get(`${teamId}/${vendor}`) ?? null;
  }
}

export interface ErasedCount {
  package: string;
  outcome: string;
  count: number;
}

/** The counts of proofs of erasure. */
export class FakeErasureProofs extends ErasureProofs {
  private readonly rows: FakeTable<{ checks: ErasedCount[] }>;

  constructor(store: FakeStore) {
    super();
    this.rows = new FakeTable(store);
  }

  async count({ teamId, candidateId, packageName }: BackgroundCheck, outcome: string): Promise<void> {
    const checks = this.of(teamId, candidateId);
    const known = checks.find((line) => line.package === packageName && line.outcome === outcome);
    if (known) known.count += 1;
    else checks.push({ package: packageName, outcome, count: 1 });
    this.rows.set(keyOf({ teamId, id: candidateId }), { checks });
  }

  of(teamId: string, candidateId: string): ErasedCount[] {
    return this.rows.get(keyOf({ teamId, id: candidateId }))?.checks ?? [];
  }
}

/** Answers about checks, with the fields that every caller may read. */
export class FakeAnswers extends Answers {
  constructor(private readonly checks: FakeChecks) {
    super();
  }

  async about(caller: Caller, checkId: Id): Promise<object> {
    const [check] = this.checks.where(({ teamId, id }) => teamId === caller.teamId && id === checkId);
    if (!check || !caller.sees(check.jobId) || caller.isSelf(check.candidateId)) throw notFound();
    const { id, applicationId, status, sentTo, packageId } = check;
    return { id, application_id: applicationId, status, sent_to: sentTo, package: { id: packageId } };
  }
}
