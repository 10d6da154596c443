import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { DomainError } from '#kernel/errors';
import { Database } from '#platform/database/database';
import { freePort } from '../../../scripts/free-port.js';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { run } from '../../commands/jobs.js';
import { Settings } from '../config/settings.js';
import { DatabaseModule } from '../database/database.module.js';
import { HousekeepingTask } from '../housekeeping/housekeeping-task.js';
import { MetricsServer } from '../metrics/metrics-server.js';
import { PlatformModule } from '../platform.module.js';
import { Ticker } from '../ticker.js';
import { RecurringWork } from './recurring-work.js';

let tries = 0;
let broken = true;

@Injectable()
class Clockwork extends Ticker {
  constructor(settings: Settings) {
    super(settings, 'clockwork', 20);
  }
  protected async tick(): Promise<void> {
    tries += 1;
    if (broken) throw new Error('a wheel is broken');
  }
}

/** Always fails; other work must continue. */
@Injectable()
class SweepTheYard extends HousekeepingTask {
  async run(): Promise<number> {
    throw new Error('the broom is gone');
  }
}

describe('recurring work that fails', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let db: Database;
  let metricsUrl: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    const port = await freePort();
    metricsUrl = `http://127.0.0.1:${port}/metrics`;
    Object.assign(process.env, environmentOfOwner(database.url, { METRICS_PORT: String(port), ROLE: 'all' }));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DiscoveryModule, DatabaseModule.forSchemas([])],
      providers: [Clockwork, SweepTheYard, MetricsServer],
    }).compile();
    module.useLogger(false);
    await module.init();
    db = module.get(Database);
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  interface Fault {
    failures: number;
    why: string;
    gap: number;
  }
  const fault = (work = 'clockwork'): Promise<Fault | null> =>
    db.first(sql`select failures, why, extract(epoch from next_try_at - failed_at)::int as gap
                 from platform.recurring_fault where work = ${work} and failed_at <= next_try_at`);
  /** As if the gap had passed. */
  const gapIsOver = (): Promise<number> =>
    db.affected(
      sql`update platform.recurring_fault set next_try_at = now() - interval '1 second' where work = 'clockwork'`,
    );
  const failed = (times: number): Promise<Fault | null> =>
    eventually('it failed so often', fault, (found) => found?.failures === times);
  const metrics = async (): Promise<string> => (await fetch(metricsUrl)).text();

  it('is counted, tried with growing gaps, and after ten failures in a row once an hour', async () => {
    const gaps: number[] = [];
    for (let times = 1; times <= 10; times += 1) {
      gaps.push((await failed(times))?.gap ?? 0);
      if (times < 10) await gapIsOver();
    }
    expect(gaps).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 3600]);
    const triesSoFar = tries;
    // Many of its ticks pass before another piece of work fails for the first time.
    await eventually('the yard is not swept', () => fault('housekeeping.SweepTheYard'), Boolean, 15_000);
    expect(tries).toBe(triesSoFar);
  });

  it('is shown to operators by name, with since when and why', async () => {
    const text = await metrics();
    expect(text).toContain('recurring_work_tried_hourly{work="clockwork"} 1');
    expect(text).toContain('recurring_work_failing{work="housekeeping.SweepTheYard"} 1');
    const since = Number(/recurring_work_failing_since_seconds\{work="clockwork"\} (\S+)/.exec(text)?.[1]);
    expect(Math.abs(since - Date.now() / 1000)).toBeLessThan(60);
    const listed = await run(['recurring'], database.url);
    expect(listed.text).toMatch(
      /^clockwork\n {2}parked, tried once an hour; failed 10 times in a row since .*\n {2}why {3}a wheel is broken/,
    );
  });

  it('is tried at once when an operator asks for it, and its fault is deleted when it works', async () => {
    broken = false;
    expect(await run(['retry', 'clockwork'], database.url)).toEqual({ done: true, text: 'clockwork is tried now.' });
    await eventually(
      'its fault is over',
      () => fault(),
      (found) => found === null,
    );
    expect(await metrics()).not.toContain('work="clockwork"');
    expect((await run(['retry', 'clockwork'], database.url)).text).toContain('No recurring work that fails is named');
  });

  it('does not delay other teams when it fails for one, and the failure is recorded for that team', async () => {
    const [team, other] = [randomUUID(), randomUUID()];
    const work = module.get(RecurringWork);
    const turn = async (): Promise<void> => {
      throw new Error('a page is torn');
    };
    for (let times = 1; times <= 10; times += 1) {
      await work.run('books', turn, team);
      await db.affected(
        sql`update platform.recurring_fault set next_try_at = now() - interval '1 second' where work = 'books'`,
      );
    }
    expect(await work.run('books', async () => 'done', other)).toBe('done');
    expect([await work.countOf(team), await work.countOf(other)]).toEqual([1, 0]);
  });

  it('counts one failure when many replicas fail at the same moment', async () => {
    const work = module.get(RecurringWork);
    let fail: (reason: Error) => void = () => undefined;
    const held = new Promise<never>((_, reject) => (fail = reject));
    let begun = 0;
    const turn = (): Promise<never> => {
      begun += 1;
      return held;
    };
    const turns = Array.from({ length: 12 }, () => work.run('rush', turn));
    await eventually(
      'all have begun',
      async () => begun,
      (count) => count === 12,
    );
    fail(new Error('the door is too narrow'));
    await Promise.all(turns);
    expect(await fault('rush')).toMatchObject({ failures: 1, gap: 1 });
  });

  it.each([
    ['a statement that takes too long', Object.assign(new Error('canceling statement'), { code: '57014' })],
    ['two transactions in each other’s way', Object.assign(new Error('deadlock detected'), { code: '40P01' })],
    ['a service that is busy', new DomainError('unavailable', 'service_busy', 'The service is busy.', {}, 1)],
  ])('is never parked for a database that is slow: %s', async (name, error) => {
    const turn = (): Promise<never> => Promise.reject(error);
    for (let times = 1; times <= 12; times += 1) {
      await module.get(RecurringWork).run(name, turn);
      if (times < 12)
        await db.affected(
          sql`update platform.recurring_fault set next_try_at = now() - interval '1 second' where work = ${name}`,
        );
    }
    expect(await fault(name)).toMatchObject({ failures: 9, gap: 256 });
  });

  it('is not counted as failed when the database is down', async () => {
    const turn = async (): Promise<void> => {
      throw Object.assign(new Error('gone'), { code: '57P01' });
    };
    await expect(module.get(RecurringWork).run('diary', turn)).rejects.toThrow('gone');
    expect(await fault('diary')).toBeNull();
  });
});
