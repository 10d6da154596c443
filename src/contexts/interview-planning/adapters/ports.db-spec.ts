import { sql } from 'kysely';
import type { Id } from '#kernel/id';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { createApp } from '../../../app.js';
import { importPlacesContract } from '../../../../test/contracts/interview-planning/import-places.contract.js';
import { accountContract, hiringContract } from '../../../../test/contracts/interview-planning/neighbours.contract.js';
import { plansContract } from '../../../../test/contracts/interview-planning/plans.contract.js';
import { anId } from '../../../../test/fakes/platform.js';
import { environmentOfOwner } from '../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { Applications, Candidates, ImportedRecords, Jobs } from '../domain/applications.js';
import { ImportPlaces } from '../domain/import-places.js';
import { InterviewPlans } from '../domain/interview-plans.js';
import { ConnectionState, Packages } from '../domain/packages.js';
import { Placements } from '../domain/placements.js';
import { InterviewPlanningModule } from '../interview-planning.module.js';

type App = Awaited<ReturnType<typeof createApp>>;

let database: TestDatabase;
let app: App;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
  app = await (await createApp()).init();
  db = app.get(Database);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

/** Other contexts have ports of the same names; these are this context's. */
const own = () => app.select(InterviewPlanningModule);

plansContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  plans: own().get(InterviewPlans),
  placements: own().get(Placements),
  anApplication: async (teamId, jobId, status) => {
    const [id, candidateId] = [anId(), await aCandidate(teamId)];
    await aJob(teamId, jobId);
    await db.affected(sql`
      insert into hiring.application (team_id, id, candidate_id, job_id, status, created_at, updated_at)
      values (${teamId}, ${id}, ${candidateId}, ${jobId}, ${status}, now(), now())`);
    return id;
  },
}));

importPlacesContract('in Postgres', () => ({
  places: own().get(ImportPlaces),
  pass: async (teamId, seconds) => {
    await db.affected(sql`
      update interview_planning.import_place set held_until = held_until - ${seconds} * interval '1 second'
      where team_id = ${teamId}`);
  },
}));

hiringContract('in hiring', () => ({
  unitOfWork: app.get(UnitOfWork),
  applications: own().get(Applications),
  jobs: own().get(Jobs),
  candidates: own().get(Candidates),
  records: own().get(ImportedRecords),
  ...{ aJob, aCandidate },
}));

accountContract('in integrations', () => ({
  packages: own().get(Packages),
  connection: own().get(ConnectionState),
  anAccount: async (teamId, state, packages) => {
    const connectionId = anId();
    const attention = state === 'action_required' ? JSON.stringify({ reason: 'key_refused', since: new Date() }) : null;
    await db.affected(sql`
      insert into integrations.connection (team_id, id, region, environment, current, api_key, webhook_secret,
        account_key, disabled_at, attention, packages_fetched_at, created_at, updated_at)
      values (${teamId}, ${connectionId}, 'ca', 'production', true, '{}', '{}', ${`host#${connectionId}`},
        ${state === 'disabled' ? new Date() : null}, ${attention}::jsonb, now(), now(), now())`);
    for (const [position, { id, name, active }] of packages.entries())
      await db.affected(sql`
        insert into integrations.package (team_id, connection_id, id, name, active, position)
        values (${teamId}, ${connectionId}, ${id}, ${name}, ${active}, ${position})`);
  },
}));

async function aJob(teamId: string, id: Id = anId()): Promise<Id> {
  await db.affected(sql`
    insert into hiring.job (team_id, id, name, status, confidential, search_text, created_at, updated_at)
    values (${teamId}, ${id}, 'Engineer', 'open', false, '', now(), now()) on conflict do nothing`);
  return id;
}

async function aCandidate(teamId: string): Promise<Id> {
  const id = anId();
  await db.affected(sql`
    insert into hiring.candidate (team_id, id, first_name, last_name, email_addresses, phone_numbers, search_text, created_at,
      updated_at)
    values (${teamId}, ${id}, 'Ada', 'Lovelace', '[]', '[]', '', now(), now())`);
  return id;
}
