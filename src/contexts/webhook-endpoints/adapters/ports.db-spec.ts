import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { createApp } from '../../../app.js';
import { webhookEndpointsContract } from '../../../../test/contracts/webhook-endpoints/webhook-endpoints.contract.js';
import { environmentOfOwner } from '../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { Deliveries } from '../domain/deliveries.js';
import { WebhookEndpoints } from '../domain/webhook-endpoints.js';
import { WebhookEvents } from '../domain/webhook-events.js';
import { WebhookEndpointsModule } from '../webhook-endpoints.module.js';

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

webhookEndpointsContract('in Postgres', () => {
  const own = app.select(WebhookEndpointsModule);
  return {
    unitOfWork: app.get(UnitOfWork),
    endpoints: own.get(WebhookEndpoints),
    events: own.get(WebhookEvents),
    deliveries: own.get(Deliveries),
    pass: async (seconds) => {
      const span = sql`${seconds} * interval '1 second'`;
      await db.affected(sql`
        update webhook_endpoints.stream set due_at = due_at - ${span}, leased_until = leased_until - ${span}`);
    },
    log: (teamId, endpointId) =>
      db.rows(sql<{ status: string; error: string | null; hasNext: boolean }>`
        select status, error, next_try_at is not null as "hasNext" from webhook_endpoints.attempt
        where team_id = ${teamId} and endpoint_id = ${endpointId} order by id`),
  };
});
