import type { Id } from '#kernel/id';
import { accountContract, hiringContract } from '../../../../test/contracts/interview-planning/neighbours.contract.js';
import { importPlacesContract } from '../../../../test/contracts/interview-planning/import-places.contract.js';
import { plansContract } from '../../../../test/contracts/interview-planning/plans.contract.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { FakeImportPlaces } from '../../../../test/fakes/interview-planning/fake-import-places.js';
import {
  accountOf,
  FakeAccounts,
  FakeApplications,
  FakeCandidates,
  FakeConnectionState,
  FakeHiring,
  FakeImportedRecords,
  FakeJobs,
  FakePackages,
} from '../../../../test/fakes/interview-planning/fake-neighbours.js';
import { FakeInterviewPlans, FakePlacements } from '../../../../test/fakes/interview-planning/fake-plans.js';
import { anId, FakeClock } from '../../../../test/fakes/platform.js';

/** The fakes pass the suites that the adapters pass in `adapters/ports.db-spec.ts`. */

plansContract('in memory', () => {
  const store = new FakeStore();
  const active = new Set<string>();
  const plans = new FakeInterviewPlans(store, new FakeClock());
  const placements = new FakePlacements(store, plans, (_, applicationId: Id) => active.has(applicationId));
  return {
    ...{ unitOfWork: new FakeUnitOfWork(store), plans, placements },
    anApplication: async (_team, _job, status) => {
      const id = anId();
      if (status === 'active') active.add(id);
      return id;
    },
  };
});

importPlacesContract('in memory', () => {
  const clock = new FakeClock();
  return { places: new FakeImportPlaces(clock), pass: async (_, seconds) => void clock.advance({ seconds }) };
});

hiringContract('in memory', () => {
  const store = new FakeStore();
  const hiring = new FakeHiring(store);
  return {
    ...{
      unitOfWork: new FakeUnitOfWork(store),
      applications: new FakeApplications(hiring),
      jobs: new FakeJobs(hiring),
    },
    ...{ candidates: new FakeCandidates(hiring), records: new FakeImportedRecords(hiring) },
    aJob: async (teamId) => hiring.aJob(teamId),
    aCandidate: async (teamId) => hiring.aCandidate(teamId),
  };
});

accountContract('in memory', () => {
  const accounts = new FakeAccounts();
  return {
    ...{ packages: new FakePackages(accounts, new FakeStore()), connection: new FakeConnectionState(accounts) },
    anAccount: async (teamId, state, packages) => {
      accounts.states.set(accountOf(teamId, 'certn'), state);
      accounts.packages.set(accountOf(teamId, 'certn'), packages);
    },
  };
});
