import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { vendorBudgetContract } from '../../../../../../test/contracts/integrations/gateway.contract.js';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { PostgresVendorBudget } from './postgres-vendor-budget.js';

let database: TestDatabase;
let module: TestingModule;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url));
  module = await Test.createTestingModule({
    imports: [PlatformModule, DatabaseModule.forSchemas([])],
    providers: [PostgresVendorBudget],
  }).compile();
  await module.init();
});
afterAll(async () => {
  await module?.close();
  await database?.drop();
});

vendorBudgetContract('in Postgres', () => ({
  budget: module.get(PostgresVendorBudget),
  // Moves the windows into the past, as if that much time had passed since they began.
  pass: async (seconds, accountKey) =>
    void (await module.get(Database).affected(sql`
      update integrations.vendor_budget set started_at = started_at - ${seconds} * interval '1 second'
      where account_key = ${accountKey}`)),
}));
