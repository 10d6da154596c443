import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { readPart } from '#platform/config/reader';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { IntegrationsSettings, integrationsSettings } from '../../../settings.js';
import { PostgresVendorCircuitBreaker } from './postgres-vendor-circuit-breaker.js';

describe('the circuit breaker that all replicas share', () => {
  let database: TestDatabase;
  const replicas: TestingModule[] = [];
  let here: PostgresVendorCircuitBreaker;
  let there: PostgresVendorCircuitBreaker;
  let db: Database;
  let accounts = 0;

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
      replicas.push(await module.init());
      return module;
    };
    const first = await replica();
    here = first.get(PostgresVendorCircuitBreaker);
    there = (await replica()).get(PostgresVendorCircuitBreaker);
    db = first.get(Database);
  });
  afterAll(async () => {
    for (const replica of replicas) await replica.close();
    await database.drop();
  });

  const anAccount = (): string => `https://host#${(accounts += 1)}`;
  const fails = async (account: string, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) await here.noteOrder(account, 'failed');
  };
  /** Moves all times into the past, as if that much time had passed. */
  const passes = (account: string, seconds: number): Promise<number> =>
    db.affected(sql`update integrations.circuit_breaker
                    set open_until = open_until - ${seconds} * interval '1 second',
                        resend_cool_down_until = resend_cool_down_until - ${seconds} * interval '1 second',
                        trial_until = trial_until - ${seconds} * interval '1 second',
                        throttled_until = throttled_until - ${seconds} * interval '1 second'
                    where account_key = ${account}`);
  const kindOf = async (account: string): Promise<string> => (await there.admit(account, 'order')).kind;

  it('opens on one replica when orders fail on another [E15]', async () => {
    const account = anAccount();
    await fails(account, 2);
    expect(await kindOf(account)).toBe('go');
    expect(await here.noteOrder(account, 'failed')).toBe(10);
    const waiting = await there.admit(account, 'order');
    expect(waiting).toMatchObject({ kind: 'wait', why: 'failing' });
    expect((waiting as { seconds: number }).seconds).toBeCloseTo(10, 0);
    expect(await kindOf(anAccount())).toBe('go');
  });

  it('counts all failures that are recorded at the same time, and opens once [E15]', async () => {
    const account = anAccount();
    await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).noteOrder(account, 'failed')));
    const row = await db.first(
      sql`select failures, times_opened from integrations.circuit_breaker where account_key = ${account}`,
    );
    expect(row).toEqual({ failures: 12, times_opened: 1 });
  });

  it('admits one trial call of many [E15]', async () => {
    const account = anAccount();
    await fails(account, 3);
    await passes(account, 11);
    const asked = await Promise.all(
      Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).admit(account, 'order')),
    );
    expect(asked.filter((answer) => answer.kind === 'trial')).toHaveLength(1);
    expect(asked.filter((answer) => answer.kind === 'wait')).toHaveLength(11);
  });

  it('closes for all after a trial call that works, and admits another after one that dies [E15]', async () => {
    const account = anAccount();
    await fails(account, 3);
    await passes(account, 11);
    expect(await kindOf(account)).toBe('trial');
    expect(await kindOf(account)).toBe('wait');
    await passes(account, 60);
    expect(await kindOf(account)).toBe('trial');
    expect(await here.noteOrder(account, 'failed')).toBe(20);
    await passes(account, 21);
    expect(await kindOf(account)).toBe('trial');
    expect(await here.noteOrder(account, 'worked')).toBe(0);
    expect(await kindOf(account)).toBe('go');
  });

  it('makes a resend wait for another order to be the trial call, for at most the longest cool-down [E15]', async () => {
    const account = anAccount();
    await fails(account, 3);
    await passes(account, 11);
    const resend = async (): Promise<string> => (await there.admit(account, 'resend')).kind;
    expect(await resend()).toBe('wait');
    expect(await kindOf(account)).toBe('trial');
    await here.noteOrder(account, 'nothing');
    expect(await resend()).toBe('wait');
    await passes(account, 20);
    expect(await resend()).toBe('trial');
  });

  it('pauses every kind of call on all replicas, and remembers the pause for the next one [E8]', async () => {
    const account = anAccount();
    await here.noteThrottle(account, null);
    expect(await there.admit(account, 'sweep')).toMatchObject({ kind: 'wait', why: 'throttled' });
    await passes(account, 3);
    expect(await kindOf(account)).toBe('go');
    await here.noteThrottle(account, null);
    const longer = (await there.admit(account, 'read')) as { seconds: number };
    expect(longer.seconds).toBeGreaterThan(2);
    await passes(account, 100);
    await here.noteThrottle(account, null);
    const reset = (await there.admit(account, 'read')) as { seconds: number };
    // The column keeps milliseconds, rounded up.
    expect(reset.seconds).toBeLessThanOrEqual(2.001);
  });
});
