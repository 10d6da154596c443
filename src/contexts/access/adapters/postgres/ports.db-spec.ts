import { Test, type TestingModule } from '@nestjs/testing';
import { EntityManager } from '@mikro-orm/postgresql';
import { Audit, UnitOfWork } from '#kernel/ports';
import { readPart } from '#platform/config/reader';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { accessContract } from '../../../../../test/contracts/access/access.contract.js';
import { serviceAccountsContract } from '../../../../../test/contracts/access/service-accounts.contract.js';
import { environmentOfOwner } from '../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { accessSettings } from '../../settings.js';
import { KeyAuthenticator, PostgresMachineDirectory } from '../identity/service-account-sign-in.js';
import { PostgresServiceAccounts } from './postgres-service-accounts.js';
import { PostgresSessions } from './postgres-sessions.js';
import { PostgresSignInDirectory } from './postgres-sign-in-directory.js';
import { PostgresTeams, PostgresUsers } from './postgres-users.js';
import { accessSchema } from './schema.js';

let database: TestDatabase;
let module: TestingModule;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url));
  module = await Test.createTestingModule({
    imports: [PlatformModule, DatabaseModule.forSchemas([accessSchema])],
  }).compile();
  await module.init();
});
afterAll(async () => {
  await module?.close();
  await database?.drop();
});

accessContract('in Postgres', () => {
  const [db, em, unitOfWork] = [module.get(Database), module.get(EntityManager), module.get(UnitOfWork)];
  return {
    unitOfWork,
    teams: new PostgresTeams(em),
    users: new PostgresUsers(em, db),
    directory: new PostgresSignInDirectory(db, unitOfWork, module.get(Audit)),
    sessions: new PostgresSessions(db, readPart(accessSettings)),
  };
});

serviceAccountsContract('in Postgres', () => {
  const [db, em] = [module.get(Database), module.get(EntityManager)];
  return {
    ...{ unitOfWork: module.get(UnitOfWork), teams: new PostgresTeams(em), users: new PostgresUsers(em, db) },
    accounts: new PostgresServiceAccounts(em, db),
    apiKeys: new KeyAuthenticator(db),
    machines: new PostgresMachineDirectory(db),
  };
});
