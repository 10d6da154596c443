import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { DiscoveryService } from '@nestjs/core';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import { deleteOldEvents } from '../../src/contexts/integrations/cases/adapters/postgres/housekeeping.js';
import { readSettings } from '../../src/settings.js';
import { Database } from '../../src/platform/database/database.js';
import { acrossTeams } from '../../src/platform/database/scope.js';
import { JobQueue } from '../../src/platform/events/job-queue.js';
import { HousekeepingTask } from '../../src/platform/housekeeping/housekeeping-task.js';
import { agingTables } from '../support/aging-rows.js';
import { environment } from '../support/environment.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');
/** The rows of `docs/retention.md`: table, retention or reason, task, setting. */
const listed = read('docs/retention.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')))
  .filter(([, table]) => /^[a-z_]+\.[a-z_]+$/.test(table ?? ''))
  .map(([, table = '', , task = '', setting = '']) => ({ table, task, setting }));
const cleaned = listed.filter(({ task }) => task !== '');
const withConnection = cleaned.filter(({ task }) => task === 'DeleteRetiredConnections').map(({ table }) => table);

describe('tables that grow are cleaned up', () => {
  let database: TestDatabase;
  let owner: pg.Client;
  let module: TestingModule;
  const tasks = new Map<string, HousekeepingTask>();

  beforeAll(async () => {
    database = await createTestDatabase();
    owner = new pg.Client({ connectionString: database.url });
    await owner.connect();
    Object.assign(process.env, environment(database.url, { ROLE: 'api' }));
    module = await Test.createTestingModule({ imports: [AppModule] }).compile();
    for (const { instance } of module.get(DiscoveryService).getProviders()) {
      if (instance instanceof HousekeepingTask) tasks.set(instance.constructor.name, instance);
    }
  }, 60_000);
  afterAll(async () => {
    await module?.close();
    await owner?.end();
    await database?.drop();
  });

  const rows = async <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> =>
    (await owner.query<Row>(text, values)).rows;
  const counted = async (table: string, condition = 'true', values: unknown[] = []): Promise<number> =>
    (await rows<{ n: number }>(`select count(*)::int as n from ${table} where ${condition}`, values))[0]?.n ?? -1;
  const runOnce = (name: string): Promise<number> => {
    const task = tasks.get(name);
    if (!task) throw new Error(`There is no task ${name}.`);
    return acrossTeams('scheduling', () => task.run());
  };
  const runToEnd = async (name: string): Promise<number> => {
    let [deleted, last] = [0, 0];
    do deleted += last = await runOnce(name);
    while (last > 0);
    return deleted;
  };

  /** A team with a connection that was replaced this long ago; `null`: the connection is current. */
  async function aConnection(retiredAgo: string | null): Promise<{ teamId: string; id: string }> {
    const [teamId, id] = [randomUUID(), randomUUID()];
    await rows(`insert into access.team (team_id, name, created_at) values ($1, 'A', now())`, [teamId]);
    await rows(
      `insert into integrations.connection
         (team_id, id, region, environment, current, api_key, webhook_secret, account_key, created_at, updated_at)
       values ($1, $2, 'ca', 'sandbox', $3, '{}', '{}', $4, now() - interval '9 years', now() - $5::interval)`,
      [teamId, id, retiredAgo === null, `https://host#${id}`, retiredAgo ?? '9 years'],
    );
    return { teamId, id };
  }

  it('every table is on the list of docs/retention.md, and the list names no other', async () => {
    const tables = await rows<{ name: string }>(`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'queue')
      order by 1`);
    expect(listed.map(({ table }) => table).sort()).toEqual(tables.map(({ name }) => name));
  });

  it('every task and setting on the list exists, and every table with a task is tested here', () => {
    expect(cleaned.map(({ task }) => task).filter((task) => !tasks.has(task))).toEqual([]);
    const settings = cleaned.map(({ setting }) => setting).filter((name) => name !== '');
    const readme = read('README.md');
    expect(settings.filter((name) => !new RegExp(`^\\|[^|]*\`${name}\``, 'm').test(readme))).toEqual([]);
    const tried = new Set([...agingTables.map(({ table }) => table), ...withConnection]);
    expect(cleaned.map(({ table }) => table).filter((table) => !tried.has(table))).toEqual([]);
    expect(
      agingTables.every((one) => cleaned.some(({ table, task }) => table === one.table && task === one.task)),
    ).toBe(true);
  });

  it.each(agingTables)('deletes a row of $table after $goes and keeps one of $stays', async (aging) => {
    const { table, task, goes, stays, insert, since } = aging;
    const connection = await aConnection(null);
    const values = [connection.teamId, connection.id];
    await runToEnd(task);
    const before = await counted(table);
    await rows(insert(goes), values);
    await rows(insert(stays), values);
    expect(await counted(table)).toBe(before + 2);
    expect(await runToEnd(task)).toBe(1);
    expect(await counted(table)).toBe(before + 1);
    const younger = `${since} > now() - interval '${goes}' + interval '1 second'`;
    expect(await counted(table, `${since} is not null and not (${younger})`)).toBe(0);
  });

  it('keeps the history of a check that was not erased, however old it is', async () => {
    await rows(
      `insert into background_checks.history_entry (team_id, check_id, revision, at, kind, source)
       values ($1, $1, 1, now() - interval '9 years', 'requested', 'user')`,
      [randomUUID()],
    );
    expect(await runToEnd('DeleteErasedHistories')).toBe(0);
  });

  it('keeps the newest event of a connection, however old it is: the events feed continues from there', async () => {
    const { teamId, id } = await aConnection(null);
    const insert = agingTables.find(({ table }) => table === 'integrations.inbound_event')?.insert;
    for (const age of ['800 days', '700 days', '600 days']) await rows(insert?.(age) ?? '', [teamId, id]);
    // The last event came only through the events feed. The newest webhook event is another one.
    await rows(
      `update integrations.inbound_event set announced_at = null where received_at > now() - interval '650 days'
                  and team_id = $1`,
      [teamId],
    );
    expect(await runToEnd('DeleteOldInboundEvents')).toBe(1);
    expect(
      await counted('integrations.inbound_event', `team_id = $1 and received_at < now() - interval '750 days'`, [
        teamId,
      ]),
    ).toBe(0);
  });

  it('deletes events without an id, even when a connection has no others', async () => {
    const { teamId, id } = await aConnection(null);
    const insert = agingTables.find(({ table }) => table === 'integrations.inbound_event')?.insert;
    for (const age of ['800 days', '700 days']) await rows(insert?.(age) ?? '', [teamId, id]);
    await rows('update integrations.inbound_event set event_id = null where team_id = $1', [teamId]);
    expect(await runToEnd('DeleteOldInboundEvents')).toBe(1);
    expect(await counted('integrations.inbound_event', 'team_id = $1', [teamId])).toBe(1);
  });

  it('deletes a retired connection with its rows once no order or case needs it', async () => {
    const [current, young, ordering, following, over] = [
      await aConnection(null),
      await aConnection('399 days'),
      await aConnection('401 days'),
      await aConnection('401 days'),
      await aConnection('401 days'),
    ];
    const all = [current, young, ordering, following, over];
    for (const { teamId, id } of all) {
      await rows(
        `insert into integrations.scheduled_task (team_id, connection_id, kind, due_at, interval_seconds)
                  values ($1, $2, 'sweep', now(), 600)`,
        [teamId, id],
      );
      await rows(
        `insert into integrations.package (team_id, connection_id, id, name, active, position)
                  values ($1, $2, 'p', 'P', true, 1)`,
        [teamId, id],
      );
      await rows(
        `insert into integrations.missed_webhooks (team_id, connection_id, missed, first_missed_at)
                  values ($1, $2, 1, now())`,
        [teamId, id],
      );
    }
    const order = (state: string) => `
      insert into integrations.order (team_id, id, connection_id, account_key, package_id, email, email_canonical, state)
      values ($1, gen_random_uuid(), $2, 'a', 'p', 'e', 'e', '${state}')`;
    const aCase = (state: string) => `
      insert into integrations.vendor_case
        (team_id, order_id, connection_id, case_id, state, vendor_status, revision, confirmed_at)
      values ($1, gen_random_uuid(), $2, gen_random_uuid()::text, '${state}', 's', 1, now())`;
    await rows(order('needs_decision'), [ordering.teamId, ordering.id]);
    await rows(aCase('in_progress'), [following.teamId, following.id]);
    await rows(order('ordered'), [over.teamId, over.id]);
    await rows(aCase('complete'), [over.teamId, over.id]);
    expect(await runToEnd('DeleteRetiredConnections')).toBe(1);
    const left = [current, young, ordering, following].map(({ id }) => id).sort();
    for (const table of withConnection) {
      const key = table === 'integrations.connection' ? 'id' : 'connection_id';
      const found = await rows<{ id: string }>(`select ${key} as id from ${table} where ${key} = any($1)`, [
        all.map(({ id }) => id),
      ]);
      expect([table, found.map(({ id }) => id).sort()]).toEqual([table, left]);
    }
    expect(await counted('integrations.order', 'connection_id = $1', [over.id])).toBe(1);
  });

  it('deletes at most 500 rows at a time, and finds them by the index on age', async () => {
    const { teamId, id } = await aConnection(null);
    const insert = agingTables.find(({ table }) => table === 'integrations.inbound_event')?.insert ?? (() => '');
    await rows(`${insert('100 days')} from generate_series(1, 1200)`, [teamId, id]);
    await rows(`${insert('1 hour')} from generate_series(1, 20000)`, [teamId, id]);
    await rows('analyze integrations.inbound_event');
    const { sql: text, parameters } = deleteOldEvents(90).compile(module.get(Database).kysely);
    const plan = await rows<{ 'QUERY PLAN': string }>(`explain ${text}`, [...parameters]);
    const lines = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(lines).toContain('Index Scan using inbound_event_by_age');
    expect(lines).toContain('Tid Scan on inbound_event');
    expect(lines).not.toContain('Seq Scan on inbound_event');
    const counts: number[] = [];
    for (let nth = 0; nth < 4; nth += 1) counts.push(await runOnce('DeleteOldInboundEvents'));
    expect(counts).toEqual([500, 500, 200, 0]);
    expect(await counted('integrations.inbound_event', 'team_id = $1', [teamId])).toBe(20_000);
  });

  it('limits how long every queue keeps finished and waiting jobs', async () => {
    await module.get(JobQueue).start();
    const queues = await rows<{ name: string; retention_seconds: number; deletion_seconds: number }>(
      'select name, retention_seconds, deletion_seconds from queue.queue',
    );
    expect(queues.length).toBeGreaterThan(10);
    const day = 24 * 3600;
    const deadLetters = queues.find(({ name }) => name === 'dead-letters');
    expect(deadLetters).toMatchObject({ retention_seconds: 400 * day, deletion_seconds: day });
    for (const queue of queues.filter((one) => one !== deadLetters)) {
      expect(queue).toMatchObject({ retention_seconds: 400 * day, deletion_seconds: 3600 });
    }
  });

  it('refuses retention settings too short for the code that relies on the rows', () => {
    const short = {
      ...{ IDEMPOTENCY_HOURS: '23', ERASED_HISTORY_DAYS: '-1' },
      ...{
        INBOUND_EVENT_DAYS: '6',
        REJECTED_SIGNATURE_DAYS: '1',
        DISCREPANCY_DAYS: '89',
        RETIRED_CONNECTION_DAYS: '89',
      },
    };
    let message = '';
    try {
      readSettings({ ...process.env, ...short });
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message.split('\n').map((line) => line.split(' ', 1)[0])).toEqual(Object.keys(short));
  });
});
