import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { Database } from '#platform/database/database';
import { ormOptions } from '#platform/database/orm-options';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { TimeOrderedIds } from '#platform/system';
import { PlainFingerprints } from '../../../../../test/support/plain-fingerprints.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { migrate } from '../../../../commands/migrate.js';
import { schemas } from '../../../../schemas.js';
import { mustBeTheOnlyActive } from '../../application/one-active-application.js';
import { Application } from '../../domain/application.js';
import { ErasedIds } from './erased-ids.js';
import { PostgresApplications } from './records.js';

const ids = new TimeOrderedIds();
const [teamId, candidateId, jobId] = [ids.next(), ids.next(), ids.next()];
const [older, newer, rejected] = [ids.next(), ids.next(), ids.next()];

let testDatabase: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  client = new pg.Client({ connectionString: testDatabase.url });
  await client.connect();
  await asBeforeTheRule();
  await migrate(testDatabase.url);
});
afterAll(async () => {
  await client?.end();
  await testDatabase?.drop();
});

describe('An upgrade of data in which a candidate is active on one job twice', () => {
  it('keeps both, and marks the older one', async () => {
    expect(await rows()).toEqual([
      { id: older, status: 'active', duplicate: true },
      { id: newer, status: 'active', duplicate: false },
      { id: rejected, status: 'rejected', duplicate: false },
    ]);
  });

  it('refuses a third in the database itself, and names an active one', async () => {
    await expect(insert(ids.next(), 'active', '2026-05-04')).rejects.toMatchObject({
      constraint: 'application_one_active',
    });
    await using orm = await MikroORM.init(ormOptions(testDatabase.url, schemas));
    const database = new Database(orm.em);
    const applications = new PostgresApplications(orm.em, database, new ErasedIds(database, new PlainFingerprints()));
    const refusal = { reason: 'already_applied', errors: { json: { application_id: [newer] } } };
    await expect(mustBeTheOnlyActive(applications, { teamId, candidateId, jobId })).rejects.toMatchObject(refusal);
    // Once closed, the older application is no exception any more.
    const unitOfWork = new PostgresUnitOfWork(orm.em);
    const become = (status: Application['status']) =>
      unitOfWork.run(async () => {
        const application = await applications.find(teamId, older);
        application?.become(status, new Date());
        if (application) await applications.save(application);
      });
    await become('rejected');
    await expect(become('active')).rejects.toThrow('Another transaction was first.');
    expect((await rows())[0]).toEqual({ id: older, status: 'rejected', duplicate: false });
  });
});

/** Restores the schema and data of a release without this rule. */
async function asBeforeTheRule(): Promise<void> {
  await client.query('alter table hiring.application drop column duplicate');
  await client.query(`delete from platform.migration where name = 'hiring/0050-one-active-application'`);
  await client.query(
    `insert into hiring.candidate
       (team_id, id, first_name, last_name, email_addresses, phone_numbers, search_text, created_at, updated_at)
     values ($1, $2, 'Ada', 'Example', '[]', '[]', '', now(), now())`,
    [teamId, candidateId],
  );
  await client.query(
    `insert into hiring.job (team_id, id, name, status, confidential, search_text, created_at, updated_at)
     values ($1, $2, 'Nurse', 'open', false, '', now(), now())`,
    [teamId, jobId],
  );
  await insert(newer, 'active', '2026-05-02');
  await insert(older, 'active', '2026-05-01');
  await insert(rejected, 'rejected', '2026-05-03');
}

async function insert(id: string, status: string, at: string): Promise<void> {
  await client.query(
    `insert into hiring.application (team_id, id, candidate_id, job_id, status, created_at, updated_at)
     values ($1, $2, $3, $4, $5, $6, $6)`,
    [teamId, id, candidateId, jobId, status, at],
  );
}

async function rows(): Promise<object[]> {
  const found = await client.query<{ id: string }>(
    'select id, status, duplicate from hiring.application where team_id = $1 order by created_at',
    [teamId],
  );
  return found.rows;
}
