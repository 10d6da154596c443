import { Caller, type JobScope } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type {
  Answers,
  Applications,
  Checks,
  ErasureProofs,
  PlannedChecks,
  ScreeningAccounts,
} from '../../../src/contexts/background-checks/domain/ports.js';
import type { ErasedCount } from '../../fakes/background-checks/fake-neighbours.js';
import { anId } from '../../fakes/platform.js';
import { aCheck } from './check-fixtures.js';

export interface ApplicationsFixture {
  applications: Applications;
  anApplication: (teamId: string, facts: ApplicationFacts) => Promise<{ id: Id; jobId: Id; candidateId: Id }>;
}
export interface ApplicationFacts {
  status: 'active' | 'rejected' | 'hired';
  email: string | null;
  anonymised: boolean;
}

/** The applications that checks are sent for. */
export function applicationsContract(name: string, open: () => ApplicationsFixture): void {
  describe(`${name}: applications`, () => {
    const facts: ApplicationFacts = { status: 'active', email: 'ada@example.org', anonymised: false };

    it.each<[Partial<ApplicationFacts>, object]>([
      [{}, { active: true, email: 'ada@example.org', anonymised: false }],
      [{ status: 'rejected' }, { active: false }],
      [{ status: 'hired' }, { active: false }],
      [{ email: null }, { email: null }],
      [{ anonymised: true, email: null }, { anonymised: true }],
    ])('with %j are found as they are', async (given, expected) => {
      const { applications, anApplication } = open();
      const teamId = anId();
      const ids = await anApplication(teamId, { ...facts, ...given });
      expect(await applications.find(teamId, ids.id)).toMatchObject({ ...ids, ...expected });
    });

    it('are not found in another team, nor by an unknown id', async () => {
      const { applications, anApplication } = open();
      const teamId = anId();
      const { id } = await anApplication(teamId, facts);
      expect([await applications.find(anId(), id), await applications.find(teamId, anId())]).toEqual([null, null]);
    });
  });
}

export interface PlannedChecksFixture {
  plannedChecks: PlannedChecks;
  anItem: (teamId: string, item: { packageId: string | null; deleted: boolean }) => Promise<{ id: Id; jobId: Id }>;
}

/** The activities that send checks. */
export function plannedChecksContract(name: string, open: () => PlannedChecksFixture): void {
  describe(`${name}: planned checks`, () => {
    it('are found with their job and package, in their team only', async () => {
      const { plannedChecks, anItem } = open();
      const teamId = anId();
      const item = await anItem(teamId, { packageId: 'package', deleted: false });
      expect(await plannedChecks.find(teamId, item.id)).toEqual({ ...item, packageId: 'package' });
      expect([await plannedChecks.find(anId(), item.id), await plannedChecks.find(teamId, anId())]).toEqual([
        null,
        null,
      ]);
    });

    it.each([
      { packageId: null, deleted: false },
      { packageId: 'package', deleted: true },
    ])('are neither interviews nor removed activities: %j', async (item) => {
      const { plannedChecks, anItem } = open();
      const teamId = anId();
      expect(await plannedChecks.find(teamId, (await anItem(teamId, item)).id)).toBeNull();
    });
  });
}

export interface ScreeningAccountsFixture {
  accounts: ScreeningAccounts;
  anAccount: (
    teamId: string,
    state: 'enabled' | 'action_required' | 'disabled',
    packages: { id: string; name: string; active: boolean }[],
  ) => Promise<void>;
}

/** The team's accounts with vendors. `anAccount` makes one at Certn. */
export function screeningAccountsContract(name: string, open: () => ScreeningAccountsFixture): void {
  describe(`${name}: the screening account`, () => {
    const packages = [
      { id: 'basic', name: 'Basic', active: true },
      { id: 'old', name: 'Old', active: false },
    ];

    it.each([
      ['enabled', true],
      ['action_required', false],
      ['disabled', false],
    ] as const)('that is %s is enabled: %s', async (state, enabled) => {
      const { accounts, anAccount } = open();
      const teamId = anId();
      await anAccount(teamId, state, packages);
      const asked = [accounts.isEnabled(teamId, 'certn'), accounts.isEnabled(anId(), 'certn')];
      expect(await Promise.all([...asked, accounts.isEnabled(teamId, 'other')])).toEqual([enabled, false, false]);
    });

    it('orders its active packages and no others', async () => {
      const { accounts, anAccount } = open();
      const teamId = anId();
      await anAccount(teamId, 'enabled', packages);
      const find = (packageId: string) => accounts.findOrderable(teamId, 'certn', packageId);
      expect(await find('basic')).toEqual({ id: 'basic', name: 'Basic' });
      expect([await find('old'), await find('other')]).toEqual([null, null]);
    });

    it('orders nothing while it is disabled, or before there is one, and says at which vendor', async () => {
      const { accounts, anAccount } = open();
      const teamId = anId();
      await anAccount(teamId, 'disabled', packages);
      expect(await accounts.nameOf('certn')).toBe('Certn');
      for (const team of [teamId, anId()])
        await expect(accounts.findOrderable(team, 'certn', 'basic')).rejects.toMatchObject({
          reason: 'integration_not_enabled',
          message: expect.stringContaining('Certn') as string,
        });
    });
  });
}

export interface ErasureProofsFixture {
  unitOfWork: UnitOfWork;
  proofs: ErasureProofs;
  /** A candidate that was anonymised. */
  anErasure: (teamId: string) => Promise<Id>;
  counted: (teamId: string, candidateId: Id) => Promise<ErasedCount[]>;
}

/** The counts in proofs of erasure. */
export function erasureProofsContract(name: string, open: () => ErasureProofsFixture): void {
  describe(`${name}: proofs of erasure`, () => {
    it('count by package and outcome', async () => {
      const { proofs, anErasure, counted } = open();
      const teamId = anId();
      const candidateId = await anErasure(teamId);
      for (const [packageName, outcome] of [
        ['Basic', 'clear'],
        ['Basic', 'clear'],
        ['Basic', 'expired'],
        ['Full', 'clear'],
      ] as const)
        await proofs.count(aCheck({ teamId, candidateId, packageName }), outcome);
      expect(await counted(teamId, candidateId)).toEqual([
        { package: 'Basic', outcome: 'clear', count: 2 },
        { package: 'Basic', outcome: 'expired', count: 1 },
        { package: 'Full', outcome: 'clear', count: 1 },
      ]);
    });

    it('count nothing in a unit of work that fails', async () => {
      const { unitOfWork, proofs, anErasure, counted } = open();
      const teamId = anId();
      const candidateId = await anErasure(teamId);
      const failing = unitOfWork.run(async () => {
        await proofs.count(aCheck({ teamId, candidateId }), 'clear');
        throw new Error('afterwards');
      });
      await expect(failing).rejects.toThrow('afterwards');
      expect(await counted(teamId, candidateId)).toEqual([]);
    });
  });
}

export interface AnswersFixture {
  unitOfWork: UnitOfWork;
  checks: Checks;
  answers: Answers;
}

/** The answer to a send. */
export function answersContract(name: string, open: () => AnswersFixture): void {
  describe(`${name}: answers`, () => {
    const all: JobScope = { kind: 'all_but', jobIds: [] };
    const caller = (teamId: string, scope = all, own: Id[] = []) =>
      new Caller(teamId, { id: anId(), name: 'Ada' }, 'standard', scope, new Map(), own);

    it('describe a check that is not committed yet, as JSON', async () => {
      const { unitOfWork, checks, answers } = open();
      const check = aCheck();
      const answer = await unitOfWork.run(async () => {
        await checks.add(check);
        return answers.about(caller(check.teamId), check.id);
      });
      const { id, applicationId, sentTo, packageId } = check;
      const expected = { id, application_id: applicationId, status: 'requested', sent_to: sentTo };
      expect(answer).toMatchObject({ ...expected, package: { id: packageId } });
      expect(JSON.parse(JSON.stringify(answer))).toMatchObject(expected);
    });

    it('are not found outside of the team, the jobs that a caller sees, and about the caller', async () => {
      const { unitOfWork, checks, answers } = open();
      const check = aCheck();
      await unitOfWork.run(() => checks.add(check));
      for (const stranger of [
        caller(anId()),
        caller(check.teamId, { kind: 'all_but', jobIds: [check.jobId] }),
        caller(check.teamId, all, [check.candidateId]),
      ])
        await expect(answers.about(stranger, check.id)).rejects.toMatchObject({ reason: 'not_found' });
      await expect(answers.about(caller(check.teamId), anId())).rejects.toMatchObject({ reason: 'not_found' });
    });
  });
}
