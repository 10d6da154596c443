import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { run } from '../../commands/jobs.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { DeadLetters } from './dead-letters.js';
import { type EventHandler, HandlesEvent } from './event-handler.js';

class BellRung {
  static readonly wireName = 'test.bell-rung.v1';
  constructor(
    readonly teamId: string,
    readonly bell: string,
  ) {}
}

const cracked = new Set<string>();
const heard: string[] = [];
const onDeadLetter: { bell: string; why: string; jobs: number }[] = [];

/** Always fails for a cracked bell. */
@HandlesEvent(BellRung, { name: 'listen', retryLimit: 1, coalesceBy: ['bell'] })
class WhenBellRung implements EventHandler<BellRung> {
  constructor(private readonly database: Database) {}

  async handle({ bell }: BellRung): Promise<void> {
    if (cracked.has(bell)) throw new Error(`the bell is cracked`);
    heard.push(bell);
  }

  async onDeadLetter({ bell }: BellRung, why: string): Promise<void> {
    await this.database.affected(sql`insert into silence (bell) values (${bell})`);
    const row = await this.database.first<{ jobs: number }>(sql`select count(*)::int as jobs from silence`);
    onDeadLetter.push({ bell, why, jobs: row?.jobs ?? 0 });
  }
}

/** Another transaction that has locked the job. */
async function heldJob(url: string, id: string): Promise<{ release: () => Promise<void> }> {
  const other = new pg.Client({ connectionString: url });
  await other.connect();
  await other.query('begin');
  await other.query('select 1 from queue.job where id = $1 for update', [id]);
  return { release: () => other.end() };
}

describe('jobs that failed all their tries', () => {
  const teamId = randomUUID();
  let database: TestDatabase;
  let module: TestingModule;
  let db: Database;
  let jobs: DeadLetters;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [WhenBellRung],
    }).compile();
    module.useLogger(false);
    await module.init();
    db = module.get(Database);
    jobs = module.get(DeadLetters);
    await db.affected(sql`create table silence (bell text not null)`);
  });

  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  const ring = (bell: string, team = teamId): Promise<void> =>
    module.get(UnitOfWork).run(() => module.get(Outbox).publish([new BellRung(team, bell)]));
  const isDeadLetter = (bell: string): Promise<unknown> =>
    eventually(
      'its event handler was notified',
      async () => onDeadLetter,
      (notified) => notified.some((one) => one.bell === bell),
      20_000,
    );
  const hears = (bell: string): Promise<unknown> =>
    eventually(
      `${bell} is heard`,
      async () => heard,
      (bells) => bells.includes(bell),
    );
  const idOf = async (bell: string): Promise<string> =>
    (await jobs.list(10)).find((job) => job.event['bell'] === bell)?.id ?? 'no dead letter';

  it('a job that always fails becomes a dead letter with its reason and its event handler is notified once; others are not held up [C14]', async () => {
    cracked.add('poison');
    await ring('poison');
    const begun = performance.now();
    for (let n = 0; n < 20; n++) await ring(`sound-${n}`);
    await hears('sound-19');
    expect(performance.now() - begun).toBeLessThan(4_000);
    await isDeadLetter('poison');
    expect(await jobs.list(10)).toMatchObject([
      { queue: 'test.bell-rung.v1/listen', teamId, tries: 2, why: 'the bell is cracked', event: { bell: 'poison' } },
    ]);
    expect(await jobs.countOf(teamId)).toBe(1);
    expect(await jobs.countOf(randomUUID())).toBe(0);
    // Another job that fails later: by then a second notification for the first would have come.
    cracked.add('later');
    await ring('later');
    await isDeadLetter('later');
    expect(onDeadLetter).toEqual([
      { bell: 'poison', why: 'the bell is cracked', jobs: 1 },
      { bell: 'later', why: 'the bell is cracked', jobs: 2 },
    ]);
  });

  it('a job whose worker died every time becomes a dead letter too, with a reason in plain words', async () => {
    const dead = sql`jsonb_build_object('value', jsonb_build_object('message', 'job heartbeat timeout'))`;
    await db.affected(sql`insert into queue.job (name, data, source_name, source_id, source_created_on, source_retry_count, source_output)
      values ('dead-letters', ${JSON.stringify({ teamId, bell: 'deadly' })}::jsonb, 'test.bell-rung.v1/listen', gen_random_uuid(), now(), 1, ${dead})`);
    await isDeadLetter('deadly');
    expect(onDeadLetter.at(-1)?.why).toBe('the process that worked on it died');
  });

  it('the command lists them as text and as JSON, and puts one back on its queue', async () => {
    const text = await run(['list'], database.url);
    expect(text.text).toContain('why   the bell is cracked');
    const listed = JSON.parse((await run(['list', '--json'], database.url)).text) as Record<string, unknown>[];
    expect(listed.map((job) => job['event'])).toMatchObject([
      { bell: 'poison' },
      { bell: 'later' },
      { bell: 'deadly' },
    ]);
    cracked.clear();
    const answer = await run(['retry', await idOf('poison')], database.url);
    expect(answer).toEqual({ done: true, text: '1 job is back on the queue.' });
    await hears('poison');
    expect(await jobs.countOf(teamId)).toBe(2);
  });

  it('all of them go back; one whose work is waiting already is not doubled, one without an event handler stays', async () => {
    // A waiting job with the same key: the dead letter is coalesced into it.
    await db.affected(sql`insert into queue.job (name, data, singleton_key, policy, start_after)
      values ('test.bell-rung.v1/listen', '{}', 'later', 'short', now() + interval '1 hour')`);
    await db.affected(
      sql`insert into queue.job (name, data, source_name, source_created_on, output) values ('dead-letters', '{}', 'test.gone.v1/nobody', now(), '{}')`,
    );
    const answer = await run(['retry', '--all'], database.url);
    expect(answer).toEqual({
      done: true,
      text: [
        '1 job is back on the queue.',
        '1 was not needed: the same work is waiting already.',
        '1 remains a dead letter: this release has no such event handler.',
      ].join('\n'),
    });
    await hears('deadly');
    expect(await jobs.countOf(teamId)).toBe(0);
  });

  it('one that another command holds stays, and the answer says so', async () => {
    cracked.add('held');
    await ring('held');
    await isDeadLetter('held');
    const id = await idOf('held');
    const holding = await heldJob(database.url, id);
    const answer = await run(['retry', id], database.url);
    await holding.release();
    expect(answer.text).toContain('1 is held by another command or replica at this moment: try again.');
    expect((await run(['retry', id], database.url)).text).toBe('1 job is back on the queue.');
  });

  it.each([
    [['retry'], 'retry takes one id, or --all'],
    [['retry', randomUUID()], 'No dead letter has the id'],
    [['retry', '7'], '"7" is no job\'s id'],
    [['retry', randomUUID(), '--all'], 'retry takes one id, or --all'],
    [['list', '--loud'], "Unknown option '--loud'"],
    [[], 'Usage: npm run jobs -- list'],
  ])('a mistake is explained in one line: jobs %j', async (args, sentence) => {
    const answer = await run(args, database.url);
    expect(answer).toEqual({ done: false, text: expect.stringContaining(sentence) as string });
    expect(answer.text).not.toContain('\n');
  });

  it('a database whose service never started has no dead letters', async () => {
    const fresh = await createTestDatabase();
    const [listed, retried] = [await run(['list'], fresh.url), await run(['retry', '--all'], fresh.url)];
    await fresh.drop();
    expect(listed).toEqual({ done: true, text: 'There are no dead letters.' });
    expect(retried).toEqual({ done: true, text: '0 jobs are back on the queue.' });
  });

  it('so is a database that is missing, or behind', async () => {
    expect((await run(['list'], undefined)).text).toMatch(/DATABASE_URL is missing/);
    const missing = database.url.replace(/\/[^/]*$/, '/no_such_test_database');
    expect((await run(['list'], missing)).text).toMatch(/^The database cannot be used: .*does not exist/);
    expect((await run(['list'], database.url.replace(/\/[^/]*$/, '/postgres'))).text).toMatch(/npm run migrate/);
  });
});
