import { FakeCancelling } from '../../../../test/fakes/background-checks/fake-cancelling.js';
import { FakeChecks } from '../../../../test/fakes/background-checks/fake-checks.js';
import { FakeIdempotencyRecords } from '../../../../test/fakes/background-checks/fake-idempotency-records.js';
import { FakeResultRetention } from '../../../../test/fakes/background-checks/fake-result-retention.js';
import {
  FakeAnswers,
  FakeApplications,
  FakeErasureProofs,
  FakePlannedChecks,
  FakeScreeningAccounts,
} from '../../../../test/fakes/background-checks/fake-neighbours.js';
import { FakeOrders } from '../../../../test/fakes/background-checks/fake-orders.js';
import {
  answersContract,
  applicationsContract,
  erasureProofsContract,
  plannedChecksContract,
  screeningAccountsContract,
} from '../../../../test/contracts/background-checks/neighbours.contract.js';
import {
  ordersOfChecksContract,
  type Situation,
} from '../../../../test/contracts/background-checks/orders.contract.js';
import type { CaseSnapshot, OrderStatus } from './order-status.js';
import type { Id } from '#kernel/id';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { anId, FakeClock } from '../../../../test/fakes/platform.js';
import { cancellingContract } from '../../../../test/contracts/background-checks/cancelling.contract.js';
import { aCheck, now } from '../../../../test/contracts/background-checks/check-fixtures.js';
import { checksContract } from '../../../../test/contracts/background-checks/checks.contract.js';
import { idempotencyRecordsContract } from '../../../../test/contracts/background-checks/idempotency-records.contract.js';
import { resultRetentionContract } from '../../../../test/contracts/background-checks/result-retention.contract.js';

/** The fakes pass the suites that the adapters pass in `adapters/ports.db-spec.ts`. */
function opened() {
  const store = new FakeStore();
  const checks = new FakeChecks(store);
  return { store, clock: new FakeClock(), unitOfWork: new FakeUnitOfWork(store), checks };
}

checksContract('in memory', () => {
  const { unitOfWork, checks } = opened();
  return {
    unitOfWork,
    checks,
    history: async (check) =>
      checks
        .historyOf(check)
        .map(({ kind, from, to, by, source, emptied }) => ({ kind, from, to, by, source, emptied })),
  };
});

cancellingContract('in memory', () => {
  const { store, clock, unitOfWork, checks } = opened();
  return { unitOfWork, checks, cancelling: new FakeCancelling(store, clock, checks) };
});

idempotencyRecordsContract('in memory', () => {
  const { store, clock, unitOfWork } = opened();
  const records = new FakeIdempotencyRecords(store, clock);
  return { unitOfWork, records, pass: async (_, hours) => void clock.advance({ hours }) };
});

resultRetentionContract('in memory', () => {
  const { store, unitOfWork, checks } = opened();
  const retention = new FakeResultRetention(store, checks);
  return {
    ...{ unitOfWork, checks, retention },
    aCandidate: async (_, candidate) => {
      const candidateId = anId();
      retention.candidates.set(candidateId, candidate);
      return { candidateId };
    },
  };
});

applicationsContract('in memory', () => {
  const applications = new FakeApplications(new FakeStore());
  return {
    applications,
    anApplication: async (teamId, { status, email, anonymised }) => {
      const ids = { id: anId(), jobId: anId(), candidateId: anId() };
      applications.put(teamId, { ...ids, active: status === 'active', email, anonymised });
      return ids;
    },
  };
});

plannedChecksContract('in memory', () => {
  const plannedChecks = new FakePlannedChecks(new FakeStore());
  return {
    plannedChecks,
    anItem: async (teamId, { packageId, deleted }) => {
      const item = { id: anId(), jobId: anId(), vendor: 'certn' };
      if (packageId !== null) plannedChecks.put(teamId, { ...item, packageId });
      if (deleted) plannedChecks.remove(teamId, item.id);
      return item;
    },
  };
});

screeningAccountsContract('in memory', () => {
  const accounts = new FakeScreeningAccounts(new FakeStore());
  return { accounts, anAccount: async (teamId, state, packages) => accounts.set(teamId, { state, packages }) };
});

erasureProofsContract('in memory', () => {
  const { store, unitOfWork } = opened();
  const proofs = new FakeErasureProofs(store);
  const counted = async (teamId: string, candidateId: Id) => proofs.of(teamId, candidateId);
  return { unitOfWork, proofs, anErasure: async () => anId(), counted };
});

answersContract('in memory', () => {
  const { unitOfWork, checks } = opened();
  return { unitOfWork, checks, answers: new FakeAnswers(checks) };
});

ordersOfChecksContract('in memory', () => {
  const { store, clock, unitOfWork } = opened();
  const orders = new FakeOrders(store, clock);
  return {
    ...{ unitOfWork, orders, vendor: 'certn' },
    aTeam: async () => anId(),
    anOrder: async (teamId, situation) => {
      const key = { teamId, id: anId() };
      bringInto(orders, key, situation);
      return key.id;
    },
    vendorShows: async (teamId, id, state) => orders.vendorShows({ teamId, id }, { state }),
  };
});

function bringInto(orders: FakeOrders, key: { teamId: string; id: Id }, situation: Situation): void {
  const [kind, state] = situation.split(' ') as [string, CaseSnapshot['state']];
  if (kind === 'case' || kind === 'erased') {
    const caseId = `case-${key.id}`;
    orders.put(key, { state: 'placed', caseId });
    orders.show(key, { caseId, state });
    if (kind === 'erased')
      orders.put(key, { state: 'placed' }, { snapshot: { ...orders.show(key, {}), caseId: null } });
    return;
  }
  orders.put(key, statusIn[situation as keyof typeof statusIn], { beingSent: situation === 'being sent' });
}

const statusIn = {
  waiting: { state: 'waiting' },
  'waiting for the connection': { state: 'waiting', connectionActionRequired: true },
  held: { state: 'waiting', held: true },
  'being sent': { state: 'waiting' },
  'outcome unknown': { state: 'confirming' },
  'waiting to be resent': { state: 'confirming', waitsToBeResent: true },
  undecided: { state: 'needs_decision', candidates: ['case-a', 'case-b'] },
  placed: { state: 'placed', caseId: 'case-a' },
  refused: { state: 'refused', message: 'No.' },
  withdrawn: { state: 'withdrawn' },
} satisfies Record<Exclude<Situation, `case ${string}` | `erased ${string}`>, Partial<OrderStatus>>;

describe('a call to the vendor in a unit of work', () => {
  it('is refused by the fakes, because the ports forbid it', async () => {
    const { store, clock, unitOfWork } = opened();
    const [orders, account] = [new FakeOrders(store, clock), new FakeScreeningAccounts(store)];
    const [teamId, id] = [anId(), anId()];
    for (const call of [
      () => orders.cancelCase(teamId, id),
      () => orders.readAgain(teamId, id),
      () => orders.openReport(teamId, id),
      () => orders.decide(teamId, id, { sendAgain: true }),
      () => account.findOrderable(teamId, 'certn', 'basic'),
    ] as (() => Promise<unknown>)[])
      await expect(unitOfWork.run(call)).rejects.toThrow('inside a unit of work');
  });
});

describe('fake checks', () => {
  it('are kept by copy: a change that is not saved changes nothing', async () => {
    const { unitOfWork, checks } = opened();
    const check = aCheck();
    await unitOfWork.run(() => checks.add(check));
    check.requestCancel(anId(), now);
    await unitOfWork.run(async () => (await checks.get(check.teamId, check.id)).requestCancel(anId(), now));
    const found = await unitOfWork.run(() => checks.get(check.teamId, check.id));
    expect(found.cancelRequestedAt).toBeNull();
  });
});
