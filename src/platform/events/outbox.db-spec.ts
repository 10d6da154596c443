import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { Outbox, UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { type EventHandler, HandlesEvent } from './event-handler.js';

class LampLit {
  static readonly wireName = 'test.lamp-lit.v1';
  constructor(
    readonly teamId: string,
    readonly lamp: string,
  ) {}
}

const runs: string[] = [];

/** Fails twice for every lamp, each time after writing its effect, and succeeds the third time. */
@HandlesEvent(LampLit, { name: 'count-lamp' })
class WhenLampLit implements EventHandler<LampLit> {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly database: Database,
  ) {}

  async handle({ lamp }: LampLit): Promise<void> {
    runs.push(lamp);
    await this.unitOfWork.run(async () => {
      await this.database.affected(sql`insert into lamp (name) values (${lamp})`);
      if (runs.filter((name) => name === lamp).length < 3) throw new Error('the lamp flickers');
    });
  }
}

/** Handles the same event on a queue of its own. */
@HandlesEvent(LampLit, { name: 'greet-lamp', coalesceBy: ['lamp'] })
class WhenLampLitToo implements EventHandler<LampLit> {
  static readonly greeted: string[] = [];
  async handle({ lamp }: LampLit): Promise<void> {
    WhenLampLitToo.greeted.push(lamp);
  }
}

describe('events leave by the outbox', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let unitOfWork: UnitOfWork;
  let outbox: Outbox;
  let db: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [WhenLampLit, WhenLampLitToo],
    }).compile();
    await module.init();
    unitOfWork = module.get(UnitOfWork);
    outbox = module.get(Outbox);
    db = module.get(Database);
    await db.affected(sql`create table lamp (name text not null)`);
  });

  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  const jobs = async (): Promise<{ lamp: string; name: string }[]> =>
    db.rows(sql`select data->>'lamp' as lamp, name from queue.job where data->>'lamp' is not null order by name`);
  const lamps = async (): Promise<string[]> =>
    (await db.rows<{ name: string }>(sql`select name from lamp`)).map((row) => row.name);

  it('a rollback removes the jobs, a commit keeps one job per event handler', async () => {
    const undone = unitOfWork.run(async () => {
      await outbox.publish([new LampLit('team', 'undone')]);
      throw new Error('changed my mind');
    });
    await expect(undone).rejects.toThrow('changed my mind');
    await unitOfWork.run(() => outbox.publish([new LampLit('team', 'kept')]));
    expect(await jobs()).toEqual([
      { lamp: 'kept', name: 'test.lamp-lit.v1/count-lamp' },
      { lamp: 'kept', name: 'test.lamp-lit.v1/greet-lamp' },
    ]);
  });

  it('an event handler that fails twice and then works has one effect, and does not repeat its neighbour', async () => {
    await unitOfWork.run(() => outbox.publish([new LampLit('team', 'flickering')]));
    await eventually('the third run succeeds', lamps, (names) => names.includes('flickering'), 20_000);
    expect(runs.filter((lamp) => lamp === 'flickering')).toHaveLength(3);
    expect((await lamps()).filter((name) => name === 'flickering')).toHaveLength(1);
    expect(WhenLampLitToo.greeted.filter((lamp) => lamp === 'flickering')).toHaveLength(1);
  });

  it('jobs start at once, also many of one commit, without waiting for the next poll [P5]', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `many-${n}`);
    const begun = performance.now();
    await unitOfWork.run(() => outbox.publish(names.map((name) => new LampLit('team', name))));
    await eventually(
      'all are greeted',
      async () => WhenLampLitToo.greeted,
      (greeted) => names.every((name) => greeted.includes(name)),
    );
    // Two workers that only poll, every two seconds, would need thirty.
    expect(performance.now() - begun).toBeLessThan(6_000);
  });

  it('a queue that an earlier release made gets the settings of this one', async () => {
    const heartbeat = sql<{ seconds: number }>`select heartbeat_seconds as seconds from queue.queue
      where name = 'test.lamp-lit.v1/count-lamp'`;
    await db.affected(sql`update queue.queue set heartbeat_seconds = 60`);
    const newer = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [WhenLampLit, WhenLampLitToo],
    }).compile();
    await newer.init();
    await newer.close();
    expect(await db.rows(heartbeat)).toEqual([{ seconds: 10 }]);
  });

  it('a delay counts from now on the database’s clock, whatever time it is here', async () => {
    const here = Date.now;
    Date.now = () => here() - 600_000;
    try {
      await unitOfWork.run(() => outbox.publish([new LampLit('team', 'patient')], { inSeconds: 90.5 }));
    } finally {
      Date.now = here;
    }
    const [job] = await db.rows(sql<{ seconds: number }>`
      select extract(epoch from start_after - created_on)::float8 as seconds from queue.job where data->>'lamp' = 'patient'`);
    expect(job?.seconds).toBeCloseTo(90.5, 1);
  });

  it('publishing outside a unit of work is refused, because the job could outlive the change', async () => {
    await expect(outbox.publish([new LampLit('team', 'stray')])).rejects.toThrow('inside a unit of work');
  });
});
