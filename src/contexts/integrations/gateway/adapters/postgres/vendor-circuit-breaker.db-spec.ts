import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { readPart } from '#platform/config/reader';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { vendorCircuitBreakerContract } from '../../../../../../test/contracts/integrations/gateway.contract.js';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { IntegrationsSettings, integrationsSettings } from '../../../settings.js';
import { PostgresVendorCircuitBreaker } from './postgres-vendor-circuit-breaker.js';

let database: TestDatabase;
let here: TestingModule;
let there: TestingModule;
beforeAll(async () => {
  database = await createTestDatabase();
  const rules = { ORDER_BREAKER_FAILURES: '3', ORDER_BREAKER_SECONDS: '10,20' };
  Object.assign(process.env, environmentOfOwner(database.url, rules));
  const replica = async (): Promise<TestingModule> => {
    const module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [
        PostgresVendorCircuitBreaker,
        { provide: IntegrationsSettings, useFactory: () => readPart(integrationsSettings) },
      ],
    }).compile();
    return module.init();
  };
  here = await replica();
  there = await replica();
});
afterAll(async () => {
  for (const replica of [here, there]) await replica?.close();
  await database?.drop();
});

vendorCircuitBreakerContract('in Postgres', () => ({
  breakers: [here.get(PostgresVendorCircuitBreaker), there.get(PostgresVendorCircuitBreaker)],
  // Moves all times into the past, as if that much time had passed.
  pass: async (seconds, accountKey) =>
    void (await here.get(Database).affected(sql`
      update integrations.circuit_breaker
      set open_until = open_until - ${seconds} * interval '1 second',
          resend_cool_down_until = resend_cool_down_until - ${seconds} * interval '1 second',
          trial_until = trial_until - ${seconds} * interval '1 second',
          throttled_until = throttled_until - ${seconds} * interval '1 second'
      where account_key = ${accountKey}`)),
}));
