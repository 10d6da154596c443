import { accessContract } from '../../../../test/contracts/access/access.contract.js';
import { serviceAccountsContract } from '../../../../test/contracts/access/service-accounts.contract.js';
import {
  FakeApiKeys,
  FakeMachineDirectory,
  FakeServiceAccounts,
  MachineTables,
} from '../../../../test/fakes/access/fake-service-accounts.js';
import { FakeSessions } from '../../../../test/fakes/access/fake-sessions.js';
import { AccessTables, FakeSignInDirectory, FakeTeams, FakeUsers } from '../../../../test/fakes/access/fake-users.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { FakeAudit, FakeClock } from '../../../../test/fakes/platform.js';

/** The fakes pass the suite that the adapters pass in `adapters/postgres/ports.db-spec.ts`. */
accessContract('in memory', () => {
  const store = new FakeStore();
  const tables = new AccessTables(store);
  return {
    unitOfWork: new FakeUnitOfWork(store),
    teams: new FakeTeams(tables),
    users: new FakeUsers(tables),
    directory: new FakeSignInDirectory(tables, new FakeAudit(store)),
    sessions: new FakeSessions(store, new FakeClock()),
  };
});

serviceAccountsContract('in memory', () => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  const access = new AccessTables(store);
  const tables = new MachineTables(access);
  return {
    ...{ unitOfWork: new FakeUnitOfWork(store), teams: new FakeTeams(access), users: new FakeUsers(access) },
    accounts: new FakeServiceAccounts(tables, clock),
    apiKeys: new FakeApiKeys(tables, clock),
    machines: new FakeMachineDirectory(tables, clock),
  };
});
