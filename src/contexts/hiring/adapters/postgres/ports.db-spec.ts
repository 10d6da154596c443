import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { ormOptions } from '#platform/database/orm-options';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { hiringErasingContract } from '../../../../../test/contracts/hiring/erasing.contract.js';
import type { HiringRecordsFixture } from '../../../../../test/contracts/hiring/hiring-fixtures.js';
import { hiringRecordsContract } from '../../../../../test/contracts/hiring/records.contract.js';
import { PlainFingerprints } from '../../../../../test/support/plain-fingerprints.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { schemas } from '../../../../schemas.js';
import type { ErasedChecks } from '../../contract.js';
import { ErasedIds } from './erased-ids.js';
import { PostgresJobPermissions } from './job-permissions.js';
import { PostgresErasures } from './postgres-erasures.js';
import { PostgresRetention } from './postgres-retention.js';
import { PostgresApplications, PostgresCandidates, PostgresJobs } from './records.js';

let testDatabase: TestDatabase;
let orm: { em: EntityManager; close(): Promise<void> };
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  orm = await MikroORM.init(ormOptions(testDatabase.url, schemas));
});
afterAll(async () => {
  await orm?.close();
  await testDatabase?.drop();
});

const adapters = (): HiringRecordsFixture => {
  const database = new Database(orm.em);
  const erasedIds = new ErasedIds(database, new PlainFingerprints());
  return {
    unitOfWork: new PostgresUnitOfWork(orm.em),
    jobs: new PostgresJobs(orm.em, database),
    candidates: new PostgresCandidates(orm.em, database, erasedIds),
    applications: new PostgresApplications(orm.em, database, erasedIds),
    permissions: new PostgresJobPermissions(database),
    erasures: new PostgresErasures(database, erasedIds),
    retention: new PostgresRetention(database),
    countedChecks: async (teamId, candidateId) => {
      const row = await database.first(sql<{ checks: ErasedChecks[] }>`
        select checks from hiring.erasure where team_id = ${teamId} and candidate_id = ${candidateId}`);
      return row?.checks ?? [];
    },
  };
};

hiringRecordsContract('in Postgres', adapters);
hiringErasingContract('in Postgres', adapters);
