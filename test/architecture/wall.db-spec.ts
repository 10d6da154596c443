import { EntityManager } from '@mikro-orm/postgresql';
import { Test, type TestingModule } from '@nestjs/testing';
import { sql } from 'kysely';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { v7 as uuidv7 } from 'uuid';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { acrossTeams, asTeam } from '../../src/platform/database/scope.js';
import { queueSchema } from '../../src/platform/events/queues.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { fillEveryTable, tablesOf, teamless } from '../support/every-table.js';
import { asService, environment } from '../support/environment.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let owner: pg.Client;
let module: TestingModule;
let db: Database;
const [ours, theirs] = [uuidv7(), uuidv7()];

beforeAll(async () => {
  database = await createTestDatabase();
  owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await fillEveryTable(owner, [ours, theirs]);
  Object.assign(process.env, environment(database.url, { ROLE: 'api' }));
  module = await Test.createTestingModule({ imports: [PlatformModule, DatabaseModule.forSchemas([])] }).compile();
  module.useLogger(false);
  await module.init();
  db = module.get(Database);
});

afterAll(async () => {
  await module?.close();
  await owner?.end();
  await database?.drop();
});

/** The teams whose rows a query without a `team_id` condition can see. */
const teamsIn = async (table: string): Promise<string[]> => {
  const rows = await db.rows(sql<{ team_id: string }>`select distinct team_id from ${sql.raw(table)} order by 1`);
  return rows.map((row) => row.team_id);
};

/** The error with which Postgres refuses the statement. */
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'no error',
    (error: Error) => error.message,
  );

describe('the queue, used by a role that owns nothing', () => {
  it('is supervised and maintained without permission errors', async () => {
    const boss = new PgBoss({
      connectionString: asService(database.url),
      schema: queueSchema,
      migrate: false,
      reindex: false,
      schedule: false,
      supervise: false,
    });
    const errors: string[] = [];
    boss.on('error', (error) => void errors.push(error.message));
    await boss.start();
    await boss.createQueue('some', { retryLimit: 1, deleteAfterSeconds: 1 });
    await boss.updateQueue('some', { retryLimit: 2 });
    await boss.send('some', {}, { expireInSeconds: 1 });
    const [job] = await boss.fetch('some');
    await boss.complete('some', job?.id ?? '');
    await boss.supervise();
    await boss.stop({ graceful: false });
    expect(errors).toEqual([]);
  });
});

describe('the wall between teams in the database', () => {
  it('every table has row level security by team, or is listed as one that belongs to no team', async () => {
    const { rows } = await owner.query<{ name: string; secured: boolean }>(`
      select n.nspname || '.' || c.relname as name,
             c.relrowsecurity and exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'by_team'
               and p.polroles = array['ats_service'::regrole::oid])
             and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname not in ('by_team', 'across_teams'))
               as secured
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not like 'pg\\_%' and n.nspname not in ('information_schema', 'queue')`);
    expect(rows.filter(({ secured }) => secured).length).toBeGreaterThan(25);
    const open = rows.filter(({ secured }) => !secured).map(({ name }) => name);
    expect(open.sort()).toEqual(Object.keys(teamless).sort());
  });

  it('every view runs with the rights of its reader', async () => {
    const { rows } = await owner.query<{ name: string }>(`
      select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
        and not coalesce('security_invoker=true' = any(c.reloptions), false)`);
    expect(rows).toEqual([]);
  });

  it('a query without a team condition gets only rows of the current team, and none without a team', async () => {
    const tables = await tablesOf(owner);
    expect(tables.length).toBeGreaterThan(25);
    for (const table of tables) {
      expect([table, await asTeam(ours, () => teamsIn(table))]).toEqual([table, [ours]]);
      expect([table, await teamsIn(table)]).toEqual([table, []]);
      // Some tables also hold entries of the installation itself.
      const bothTeams = expect.arrayContaining([ours, theirs]) as string[];
      expect([table, await acrossTeams('operator', () => teamsIn(table))]).toEqual([table, bothTeams]);
    }
  });

  it('a connection sets the team again after a failed transaction', async () => {
    // A separate module: its one connection has prepared no statement yet.
    const fresh = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
    }).compile();
    try {
      const [em, own] = [fresh.get(EntityManager), fresh.get(Database)];
      const read = (): Promise<unknown> => own.rows(sql`select team_id from hiring.candidate`);
      const failed = em.transactional(() =>
        asTeam(ours, async () => {
          await own.rows(sql`select 1 / 0`).catch(() => undefined);
          await read();
        }),
      );
      expect(await refusal(failed)).toMatch('current transaction is aborted');
      for (const team of [ours, theirs]) expect(await asTeam(team, read)).toEqual([{ team_id: team }]);
    } finally {
      await fresh.close();
    }
  });

  it('a statement that fails again and again is prepared once, like the settings before it', async () => {
    const fresh = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
    }).compile();
    try {
      const own = fresh.get(Database);
      for (let times = 0; times < 20; times += 1) {
        expect(await asTeam(ours, () => refusal(own.rows(sql`select 1 / 0`)))).toMatch('division by zero');
      }
      const prepared = await own.rows(sql<{ name: string }>`select name from pg_prepared_statements`);
      expect(prepared).toHaveLength(2);
    } finally {
      await fresh.close();
    }
  });

  it('a prepared statement shows each caller their own rows, also through a view and a subquery', async () => {
    const one = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
    }).compile();
    try {
      const own = one.get(Database);
      const read = async (): Promise<string[]> => {
        const rows = await own.rows(sql<{ team_id: string }>`
          with seen as (select team_id from hiring.pub_candidate)
          select distinct team_id from seen where exists (select from hiring.pub_candidate) order by 1`);
        return rows.map((row) => row.team_id);
      };
      for (let times = 0; times < 6; times += 1) {
        expect(await acrossTeams('operator', read)).toEqual([ours, theirs].sort());
        expect(await asTeam(ours, read)).toEqual([ours]);
        expect(await asTeam(theirs, read)).toEqual([theirs]);
        expect(await read()).toEqual([]);
      }
      const rows = await own.rows(sql<{ name: string }>`
        select name from pg_prepared_statements where statement like '%from seen%'`);
      // One for each role: before some minor releases a statement could keep the policies of the role that prepared it.
      expect(rows.map(({ name }) => name.split('_')[0]).sort()).toEqual(['across', 'team']);
    } finally {
      await one.close();
    }
  });

  it('a change without a team condition changes and removes no row of another team', async () => {
    for (const table of await tablesOf(owner)) {
      // The service may only append to these: see below.
      if (table === 'platform.audit_entry' || table === 'platform.audit_chain') continue;
      const place = sql.raw(table);
      const changed = await asTeam(ours, () => db.affected(sql`update ${place} set team_id = team_id`));
      expect([table, changed]).toEqual([table, 1]);
      const taken = await refusal(asTeam(ours, () => db.affected(sql`update ${place} set team_id = ${theirs}`)));
      expect(`${table}: ${taken}`).toMatch(/: new row violates row-level security policy/);
      expect([table, await db.affected(sql`delete from ${place}`)]).toEqual([table, 0]);
    }
  });

  it('the service cannot change its audit log, or create, change or own database objects', async () => {
    const asOurs = (statement: string): Promise<string> => refusal(asTeam(ours, () => db.affected(sql.raw(statement))));
    const refused = [
      'update platform.audit_entry set action = action',
      'delete from platform.audit_entry',
      'update platform.audit_chain set seq = seq',
      'delete from platform.audit_chain',
      'truncate platform.audit_entry',
      'alter table platform.audit_entry disable trigger all',
      'truncate hiring.candidate',
      'create table platform.mine (id int)',
      'create table queue.mine (id int)',
      'create schema mine',
      'alter table hiring.candidate disable row level security',
      'drop policy by_team on hiring.candidate',
      `insert into platform.migration (name) values ('mine')`,
      'drop table queue.job',
      'create role mine',
    ];
    for (const statement of refused)
      expect(`${statement}: ${await asOurs(statement)}`).toMatch(/: (permission denied|must be owner of)/);
    const { rows } = await owner.query(`
      select 1 from pg_class where relowner in ('ats_service'::regrole, 'ats_across_teams'::regrole,
        ${pg.escapeLiteral(new URL(asService(database.url)).username)}::regrole)`);
    expect(rows).toEqual([]);
  });
});
