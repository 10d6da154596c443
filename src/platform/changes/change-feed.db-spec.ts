import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import pg from 'pg';
import { environmentOfOwner } from '../../../test/support/environment.js';
import { eventually } from '../../../test/support/eventually.js';
import { createTestDatabase, type TestDatabase } from '../../../test/support/test-database.js';
import { DatabaseModule } from '../database/database.module.js';
import { PlatformModule } from '../platform.module.js';
import { ChangeFeed } from './change-feed.js';
import { ChangingThings, type ShownThing } from './changing-things.js';
import { DeleteOldChanges } from './delete-old-changes.js';
import { NumberChanges } from './number-changes.js';

@Injectable()
class Lamps extends ChangingThings {
  readonly name = 'lamp';
  async shown(): Promise<ShownThing[]> {
    return [];
  }
}

const rights = '0123456789abcdef';

describe('the changes feed', () => {
  let database: TestDatabase;
  let module: TestingModule;
  let feed: ChangeFeed;
  let teamId: string;
  const clients: pg.Client[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
    module = await Test.createTestingModule({
      imports: [PlatformModule, DatabaseModule.forSchemas([])],
      providers: [Lamps],
    }).compile();
    module.useLogger(false);
    await module.init();
    feed = module.get(ChangeFeed);
  });
  beforeEach(() => {
    teamId = randomUUID();
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await module.close();
    await database.drop();
  });

  async function aConnection(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    clients.push(client);
    return client;
  }
  const change = async (client: pg.Client, lamp: string): Promise<string> => {
    await client.query(`select platform.note_change($1, 'lamp', $2)`, [teamId, lamp]);
    return lamp;
  };
  async function read(cursor?: string, limit = 500): Promise<{ ids: string[]; cursor: string; hasMore: boolean }> {
    const page = await feed.page(teamId, cursor, undefined, limit);
    return { ids: page.rows.map(({ id }) => id), cursor: feed.cursorAfter(page, rights), hasMore: page.hasMore };
  }

  it('loses nothing that commits late: neither behind what others committed nor behind what was read', async () => {
    const [late, other] = [await aConnection(), await aConnection()];
    const { cursor } = await read();
    await late.query('begin');
    const first = await change(late, randomUUID());
    const second = await change(other, randomUUID());
    const before = await read(cursor);
    expect(before.ids).toEqual([second]);
    const third = await change(other, randomUUID());
    const between = await read(before.cursor);
    expect(between.ids).toEqual([third]);
    await late.query('commit');
    const after = await read(between.cursor);
    expect(after).toMatchObject({ ids: [first], hasMore: false });
    expect((await read(after.cursor)).ids).toEqual([]);
    // Also for who has not read in between.
    expect((await read(cursor)).ids).toEqual([second, third, first]);
  });

  it('does not make writers wait for each other, for a reader, or for who numbers', async () => {
    const [one, other] = [await aConnection(), await aConnection()];
    await other.query(`set lock_timeout = '1ms'`);
    const lamp = randomUUID();
    await one.query('begin');
    await change(one, lamp);
    await change(other, lamp);
    await one.query('commit');
    const { cursor } = await read();
    await one.query('begin');
    await one.query('select from platform.change_feed where team_id = $1 for update', [teamId]);
    await change(other, lamp);
    await one.query('rollback');
    expect((await read(cursor)).ids).toEqual([lamp]);
  });

  it('gives numbers one process after the other, also when one is slow to commit them', async () => {
    const [slow, other] = [await aConnection(), await aConnection()];
    const { cursor } = await read();
    const first = randomUUID();
    await slow.query('begin');
    await slow.query('update platform.change_feed set last_seq = 1 where team_id = $1', [teamId]);
    await slow.query(
      `insert into platform.change (team_id, type, subject_id, seq, lost_seq, team_lost_seq, changed_at)
       values ($1, 'lamp', $2, 1, 0, 0, now())`,
      [teamId, first],
    );
    const second = await change(other, randomUUID());
    const reading = read(cursor, 1);
    await eventually(
      'the reader waits for it',
      async () => (await other.query(`select from pg_stat_activity where wait_event_type = 'Lock'`)).rowCount,
      Boolean,
    );
    await slow.query('commit');
    const page = await reading;
    expect(page.ids).toEqual([first]);
    expect((await read(page.cursor)).ids).toEqual([second]);
  });

  it('shows what was rolled back never, and what changed often once: at its last change', async () => {
    const client = await aConnection();
    const { cursor } = await read();
    const [often, once] = [randomUUID(), randomUUID()];
    await change(client, often);
    const page = await read(cursor);
    await change(client, once);
    await change(client, often);
    await client.query('begin');
    await change(client, randomUUID());
    await client.query('rollback');
    expect(page.ids).toEqual([often]);
    expect((await read(cursor)).ids.sort()).toEqual([often, once].sort());
    await change(client, often);
    expect((await read(page.cursor)).ids).toEqual([once, often]);
  });

  it('is read page by page while it grows, each page where the last one ended', async () => {
    const client = await aConnection();
    const { cursor } = await read();
    const lamps = Array.from({ length: 5 }, () => randomUUID());
    for (const lamp of lamps) {
      await change(client, lamp);
      await read();
      await module.get(NumberChanges).run();
    }
    const first = await read(cursor, 2);
    expect(first).toMatchObject({ ids: lamps.slice(0, 2), hasMore: true });
    await change(client, lamps[0] ?? '');
    const second = await read(first.cursor, 2);
    expect(second).toMatchObject({ ids: lamps.slice(2, 4), hasMore: true });
    const third = await read(second.cursor, 2);
    expect(third).toMatchObject({ ids: [lamps[4], lamps[0]], hasMore: false });
  });

  it('numbers a backlog in pieces, without a gap', async () => {
    const client = await aConnection();
    const { cursor } = await read();
    await client.query(
      `select count(platform.note_change($1, 'lamp', gen_random_uuid())) from generate_series(1, 7000)`,
      [teamId],
    );
    const found = new Set<string>();
    for (let next = { cursor, hasMore: true }; next.hasMore;) {
      const page = await read(next.cursor, 500);
      page.ids.forEach((id) => found.add(id));
      next = page;
    }
    expect(found.size).toBe(7_000);
    const { rows } = await client.query<{ seqs: string; last: string }>(
      `select (select count(distinct seq) from platform.change where team_id = $1) as seqs, last_seq as last
       from platform.change_feed where team_id = $1`,
      [teamId],
    );
    expect(rows[0]).toEqual({ seqs: '7000', last: '7000' });
  });

  it('is numbered without a reader, once by any number of processes', async () => {
    const client = await aConnection();
    const { cursor } = await read();
    const lamps: string[] = [];
    while (lamps.length < 20) lamps.push(await change(client, randomUUID()));
    await Promise.all(Array.from({ length: 4 }, () => module.get(NumberChanges).run()));
    const { rows } = await client.query('select from platform.pending_change where team_id = $1', [teamId]);
    expect(rows).toHaveLength(0);
    expect((await read(cursor)).ids.sort()).toEqual(lamps.sort());
  });

  describe('a cursor that it cannot continue', () => {
    const gone = { kind: 'gone', reason: 'cursor_expired' };
    const unknown = { kind: 'invalid', reason: 'invalid_cursor' };

    it('is refused when a change that it has not seen was deleted after 30 days; a later one goes on', async () => {
      const client = await aConnection();
      const { cursor } = await read();
      await change(client, randomUUID());
      const seen = await read(cursor);
      await client.query(`update platform.change set changed_at = now() - interval '31 days' where team_id = $1`, [
        teamId,
      ]);
      await module.get(DeleteOldChanges).run();
      await expect(read(cursor)).rejects.toMatchObject(gone);
      expect((await read(seen.cursor)).ids).toEqual([]);
      // Numbers go on where they were, although no row is left.
      const lamp = await change(client, randomUUID());
      expect((await read(seen.cursor)).ids).toEqual([lamp]);
    });

    it('is refused after 30 days, even when nothing changed', async () => {
      const { cursor } = await read();
      const day = 24 * 3600 * 1000;
      const aged = (days: number): string => {
        const text = Buffer.from(cursor, 'base64url').toString();
        const parts = text.split('.');
        parts[4] = String(Number(parts[4]) - days * day);
        return Buffer.from(parts.join('.')).toString('base64url');
      };
      await expect(read(aged(30.1))).rejects.toMatchObject(gone);
      expect((await read(aged(29.9))).ids).toEqual([]);
    });

    it('is refused after a restore: by another cluster, and by the same with less in it', async () => {
      const client = await aConnection();
      const { cursor } = await read();
      await change(client, randomUUID());
      const ahead = (await read(cursor)).cursor;
      await client.query('update platform.change_feed set last_seq = 0 where team_id = $1', [teamId]);
      await expect(read(ahead)).rejects.toMatchObject(gone);
      expect((await read(cursor)).cursor).not.toBe(cursor);
      await client.query('update platform.database_identity set written_by = written_by');
      await expect(read(cursor)).rejects.toMatchObject(gone);
    });

    it('is refused as unknown when it is another team’s, or made up', async () => {
      const { cursor } = await read();
      teamId = randomUUID();
      await expect(read(cursor)).rejects.toMatchObject(unknown);
      await read();
      await expect(read(cursor)).rejects.toMatchObject(unknown);
      await expect(read('bm9uc2Vuc2U')).rejects.toMatchObject(unknown);
    });
  });

  it('finds a page by an index, also a rare type among many changes', async () => {
    const client = await aConnection();
    await client.query(
      `insert into platform.change (team_id, type, subject_id, seq, lost_seq, team_lost_seq, changed_at)
       select $1, case when n % 5000 = 0 then 'lamp' else 'bulb' end, gen_random_uuid(), n, 0, 0, now() from generate_series(1, 20000) n`,
      [teamId],
    );
    await client.query('analyze platform.change');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>(
      `explain select * from platform.change where team_id = $1 and type = 'lamp' and seq > 5 order by seq limit 500`,
      [teamId],
    );
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain('change_in_order');
    expect(plan).not.toContain('Sort');
  });
});
