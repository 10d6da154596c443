import { randomUUID } from 'node:crypto';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import { readPart } from '#platform/config/reader';
import { Database } from '#platform/database/database';
import { DatabaseModule } from '#platform/database/database.module';
import { PlatformModule } from '#platform/platform.module';
import { environmentOfOwner } from '../../../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../../../test/support/test-database.js';
import { FakeVendor, usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
import { Vendors } from '../../../gateway/domain/vendors.js';
import { IntegrationsSettings, integrationsSettings } from '../../../settings.js';
import { PostgresScheduledTasks } from './postgres-scheduled-tasks.js';

const usual = new FakeVendor().asVendor();
const webhooksAlone = new FakeVendor({ ...usualCapabilities, listByTime: false, eventsFeed: false }).asVendor();
const vendors = new Vendors([usual, { ...webhooksAlone, id: 'webhooks-alone' }]);

describe('scheduled tasks', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let tasks: PostgresScheduledTasks;
  let db: Database;

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, { SWEEP_SECONDS: '600' }));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [
        PostgresScheduledTasks,
        { provide: Vendors, useValue: vendors },
        { provide: IntegrationsSettings, useFactory: () => readPart(integrationsSettings) },
      ],
    }).compile();
    await module.init();
    [tasks, db] = [module.get(PostgresScheduledTasks), module.get(Database)];
  });
  beforeEach(async () => {
    await db.affected(sql`delete from integrations.scheduled_task`);
    await db.affected(sql`delete from integrations.connection`);
  });
  afterAll(async () => {
    await module.close();
    await database.drop();
  });

  async function connected(vendor = usual.id): Promise<{ teamId: string; id: string }> {
    const [teamId, id] = [randomUUID(), randomUUID()];
    await db.affected(sql`
      insert into integrations.connection
        (team_id, id, vendor, region, environment, current, api_key, webhook_secret, account_key, created_at, updated_at)
      values (${teamId}, ${id}, ${vendor}, 'ca', 'production', true, '{}', '{}', 'https://h#k', now(), now())`);
    await tasks.ensure(teamId);
    return { teamId, id };
  }
  const dueIn = async (kind: string): Promise<number> =>
    (
      await db.first(sql<{ s: number }>`
      select extract(epoch from due_at - now())::float8 as s from integrations.scheduled_task where kind = ${kind}`)
    )?.s ?? NaN;
  /** One step as a worker runs it: it reads the task first and plans the next step last. */
  const begun = async ({ teamId, id }: { teamId: string; id: string }) => {
    const task = await tasks.find(teamId, id, 'sweep');
    if (!task) throw new Error('no sweep');
    return { task, ends: (inSeconds: number) => tasks.plan(task, { inSeconds, progress: { after: 'there' } }) };
  };
  const passes = (seconds: number) =>
    db.affected(sql`update integrations.scheduled_task set due_at = due_at - ${seconds} * interval '1 second',
                                                  was_due = was_due - ${seconds} * interval '1 second'`);

  it('are those that the vendor can serve: without a list and a feed there is only the sweep', async () => {
    const kindsOf = async (vendor: string): Promise<string[]> => {
      const { id } = await connected(vendor);
      const rows = await db.rows(sql<{ kind: string }>`
        select kind from integrations.scheduled_task where connection_id = ${id} order by kind`);
      return rows.map(({ kind }) => kind);
    };
    expect(await kindsOf(usual.id)).toEqual(['comparison', 'feed', 'sweep']);
    expect(await kindsOf('webhooks-alone')).toEqual(['sweep']);
  });

  it('are created once for a connection, and none is due immediately', async () => {
    const { teamId } = await connected();
    await tasks.ensure();
    await tasks.ensure(teamId);
    expect(await db.rows(sql`select 1 from integrations.scheduled_task`)).toHaveLength(3);
    expect(await tasks.takeDue(10)).toEqual([]);
  });

  it('are taken once when due, however many workers ask at the same time', async () => {
    for (let n = 0; n < 5; n += 1) await connected();
    await passes(601);
    const taken = (await Promise.all(Array.from({ length: 10 }, () => tasks.takeDue(3)))).flat();
    const names = taken.map(({ connectionId, kind }) => `${connectionId}/${kind}`);
    expect(new Set(names).size).toBe(names.length);
    const rest = await tasks.takeDue(100);
    // Polling sweep, events feed and daily reconciliation of five connections.
    expect(names.length + rest.length).toBe(15);
    expect(await tasks.takeDue(100)).toEqual([]);
  });

  it('are due again after the lease when a step planned nothing', async () => {
    await connected();
    await passes(601);
    expect(await tasks.takeDue(10)).toHaveLength(3);
    await passes(299);
    expect(await tasks.takeDue(10)).toEqual([]);
    await passes(2);
    expect(await tasks.takeDue(10)).toHaveLength(3);
  });

  it('plan the next step from the due time, so that delays do not add up', async () => {
    const connection = await connected();
    await passes(630);
    await tasks.takeDue(10);
    await (await begun(connection)).ends(100);
    expect(await dueIn('sweep')).toBeCloseTo(70, 0);
    // After a long stop the task continues from now instead of catching up with every missed step.
    await passes(5000);
    await tasks.takeDue(10);
    await (await begun(connection)).ends(100);
    expect(await dueIn('sweep')).toBeCloseTo(0, 0);
  });

  it('keep an expedited sweep due when an earlier step ends', async () => {
    const connection = await connected();
    await passes(601);
    await tasks.takeDue(10);
    const step = await begun(connection);
    await tasks.expediteSweep(connection);
    await step.ends(600);
    expect((await tasks.takeDue(10)).map(({ kind }) => kind)).toEqual(['sweep']);
    expect((await begun(connection)).task.progress).toMatchObject({ hasty: true });
  });

  it("keep the next worker's plan when a step outlives its lease", async () => {
    const connection = await connected();
    await passes(601);
    await tasks.takeDue(10);
    const frozen = await begun(connection);
    await db.affected(sql`update integrations.scheduled_task set due_at = now() - interval '1 second'`);
    await tasks.takeDue(10);
    await (await begun(connection)).ends(100);
    await frozen.ends(5000);
    expect(await dueIn('sweep')).toBeLessThan(101);
  });

  it('leave a kind that only another release knows to that release', async () => {
    const { teamId, id } = await connected();
    await db.affected(sql`
      insert into integrations.scheduled_task (team_id, connection_id, kind, due_at, interval_seconds)
      values (${teamId}, ${id}, 'lost_attempts', now() - interval '1 day', 30)`);
    expect(await tasks.takeDue(10)).toEqual([]);
  });

  it('expedite a sweep at most once per interval', async () => {
    const connection = await connected();
    await tasks.expediteSweep(connection);
    expect((await tasks.takeDue(10)).map(({ kind }) => kind)).toEqual(['sweep']);
    await tasks.expediteSweep(connection);
    expect(await tasks.takeDue(10)).toEqual([]);
  });
});
