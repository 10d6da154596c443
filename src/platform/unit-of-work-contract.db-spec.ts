import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Audit, Fingerprints, Outbox, UnitOfWork } from '#kernel/ports';
import { environmentOfOwner } from '../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../test/support/test-database.js';
import { fingerprintsContract } from '../../test/contracts/platform/secrets.contract.js';
import { LampLit, unitOfWorkContract } from '../../test/contracts/platform/unit-of-work.contract.js';
import { Database } from './database/database.js';
import { DatabaseModule } from './database/database.module.js';
import { type EventHandler, HandlesEvent } from './events/event-handler.js';
import { PlatformModule } from './platform.module.js';

/** Gives the suite's event a queue. With the role `api` nothing works it, so published events stay there. */
@HandlesEvent(LampLit, { name: 'greet-lamp' })
class WhenLampLit implements EventHandler<LampLit> {
  async handle(): Promise<void> {}
}

interface Job {
  teamId: string;
  lamp: string;
  seconds: number;
}

let database: TestDatabase;
let module: TestingModule;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
  module = await Test.createTestingModule({
    imports: [PlatformModule, DatabaseModule.forSchemas([])],
    providers: [WhenLampLit],
  }).compile();
  await module.init();
});
afterAll(async () => {
  await module?.close();
  await database?.drop();
});

unitOfWorkContract('in Postgres', () => {
  const db = module.get(Database);
  return {
    ...{ unitOfWork: module.get(UnitOfWork), outbox: module.get(Outbox), audit: module.get(Audit) },
    published: async (teamId) => {
      const jobs = await db.rows(sql<Job>`
        select data->>'teamId' as "teamId", data->>'lamp' as lamp,
          extract(epoch from start_after - created_on)::float8 as seconds
        from queue.job where data->>'teamId' = ${teamId} order by created_on, start_after`);
      return jobs.map(({ lamp, seconds }) => ({ event: new LampLit(teamId, lamp), inSeconds: seconds }));
    },
    entries: (teamId) =>
      db.rows(sql`
        select entity_id as "entityId", actor_id as "actorId", outcome, after as "to", candidate_id as "withheldFrom"
        from platform.audit_entry where team_id = ${teamId} order by id`),
  };
});

fingerprintsContract('in Postgres', () => module.get(Fingerprints));
