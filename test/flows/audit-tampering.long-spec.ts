import { DummyDriver, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import pg from 'pg';
import { type ChainedEntry, chainHash, chainStart, entryColumns } from '../../src/platform/audit/chained-entry.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aChainedTeam, asOwner, type ChainedTeam, chained, entriesOf, verify } from '../support/audit-chain.js';

const postgres = new Kysely<unknown>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new PostgresIntrospector(kysely),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

const change = (column: string, value: string): string =>
  `update platform.audit_entry set ${column} = ${value} where id = '{4}'`;
const changed = 'entry {4} (line 4) is not what was chained there';
const exchanged = (one: string, other: string): string =>
  `update platform.audit_entry e set action = o.action, entity_id = o.entity_id, at = o.at, after = o.after
   from platform.audit_entry o where (e.id, o.id) in (('${one}', '${other}'), ('${other}', '${one}'))`;

/** What the owner does, and the first mismatch afterwards. `{n}` is the id of the n-th of six entries. */
const cases: [what: string, statements: string, fault: string][] = [
  ['at was changed by a microsecond', change('at', "at + interval '1 microsecond'"), changed],
  ['actor_id was changed', change('actor_id', 'null'), changed],
  ['action was changed', change('action', "'stage.delete'"), changed],
  ['entity was changed', change('entity', "'job'"), changed],
  ['entity_id was changed', change('entity_id', "'another'"), changed],
  ['outcome was changed', change('outcome', "'refused'"), changed],
  ['before was changed', change('before', `'{"name":"y"}'`), changed],
  ['after was changed', change('after', "'{}'"), changed],
  ['ip was changed', change('ip', "'198.51.100.1'"), changed],
  ['candidate_id was changed', change('candidate_id', 'gen_random_uuid()'), changed],
  ['id was changed', change('id', 'gen_random_uuid()'), 'entry {4} (line 4) was removed'],
  [
    'the first entry was removed',
    "delete from platform.audit_entry where id = '{1}'",
    'entry {1} (line 1) was removed',
  ],
  ['one was removed', "delete from platform.audit_entry where id = '{4}'", 'entry {4} (line 4) was removed'],
  ['the last was removed', "delete from platform.audit_entry where id = '{6}'", 'entry {6} (line 6) was removed'],
  ['two entries changed places', exchanged('{2}', '{5}'), 'entry {2} (line 2) is not what was chained there'],
  [
    'two lines of the chain changed places',
    `update platform.audit_chain set seq = 100 where entry_id = '{3}';
     update platform.audit_chain set seq = 3 where entry_id = '{4}';
     update platform.audit_chain set seq = 4 where entry_id = '{3}'`,
    'entry {4} (line 3) is not what was chained there',
  ],
  [
    'an entry was removed with its line, and the lines after it moved up',
    `delete from platform.audit_entry where id = '{3}'; delete from platform.audit_chain where entry_id = '{3}';
     update platform.audit_chain set seq = 3 where entry_id = '{4}'; update platform.audit_chain set seq = 4 where entry_id = '{5}';
     update platform.audit_chain set seq = 5 where entry_id = '{6}'`,
    'entry {4} (line 3) is not what was chained there',
  ],
  [
    'a line of the chain was removed',
    "delete from platform.audit_chain where entry_id = '{3}'",
    'line 3 of the chain is missing',
  ],
];

const filled = (text: string, { entryIds }: ChainedTeam): string =>
  text.replaceAll(/\{(\d)\}/g, (_, nth: string) => entryIds[Number(nth) - 1] ?? '');

let app: RunningApp;
let database: pg.Client;
let teams: ChainedTeam[];
beforeAll(async () => {
  app = await startApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
  teams = await Promise.all(Array.from({ length: cases.length + 5 }, () => aChainedTeam(app, database)));
}, 90_000);
afterAll(async () => {
  await database?.end();
  await app?.close();
});
const aTeam = (): ChainedTeam => teams.pop() ?? fail('Too few teams were made.');
const fail = (why: string): never => {
  throw new Error(why);
};

describe('The audit chain detects tampering by the owner of the database', () => {
  it.each(cases)('%s', async (_what, statements, fault) => {
    const team = aTeam();
    expect(await verify(app, '--team', team.teamId)).toMatchObject({ done: true, faults: [] });
    await asOwner(database, filled(statements, team));
    const verdict = await verify(app, '--team', team.teamId);
    expect(verdict.done).toBe(false);
    expect(verdict.faults).toEqual([expect.stringContaining(filled(fault, team))]);
    // The run for all teams names it too, and the other teams still match.
    expect((await verify(app)).faults.join()).toContain(filled(fault, team));
  });

  it('an entry was inserted before the chained ones', async () => {
    const { teamId } = aTeam();
    const [statement, values] = entriesOf(teamId, 1, "now() - interval '2 hours'");
    await database.query(statement, values);
    const { rows } = await database.query<{ id: string }>(
      "select id from platform.audit_entry where team_id = $1 and entity = 'stage'",
      [teamId],
    );
    const { done, faults } = await verify(app, '--team', teamId);
    expect([done, faults]).toEqual([false, [expect.stringContaining(`entry ${rows[0]?.id} is in no line`)]]);
  });
});

describe('A head that was stored elsewhere detects tampering that leaves a consistent chain', () => {
  /** As an attacker who owns the database, has our source, and has unlimited time. */
  async function forge(team: ChainedTeam): Promise<void> {
    await asOwner(database, `update platform.audit_entry set outcome = 'refused' where id = '${team.entryIds[2]}'`);
    const columns = entryColumns.compile(postgres).sql;
    let hash: Buffer = chainStart;
    for (const id of team.entryIds) {
      const { rows } = await database.query<ChainedEntry>(
        `select ${columns} from platform.audit_entry e where id = $1`,
        [id],
      );
      if (!rows[0]) throw new Error('The entry is gone.');
      hash = chainHash(hash, rows[0]);
      const line = `update platform.audit_chain set hash = '\\x${hash.toString('hex')}' where entry_id = '${id}'`;
      await asOwner(database, line);
    }
  }
  const without = (list: string): string =>
    `delete from platform.audit_chain where entry_id in (${list}); delete from platform.audit_entry where id in (${list})`;

  it.each<[string, (team: ChainedTeam) => Promise<void>]>([
    ['an entry was changed and the whole chain rebuilt', forge],
    [
      'the last two entries were removed with their lines',
      (t) => asOwner(database, filled(without("'{5}', '{6}'"), t)),
    ],
    [
      'everything of a team was removed',
      (team) => asOwner(database, without(team.entryIds.map((id) => `'${id}'`).join())),
    ],
  ])('%s', async (_what, tamper) => {
    const team = aTeam();
    const [other] = teams;
    expect(await verify(app, '--team', team.teamId, '--expect', team.head)).toMatchObject({ done: true });
    await tamper(team);
    expect(await verify(app, '--team', team.teamId)).toMatchObject({ done: true });
    const { done, faults } = await verify(app, '--team', team.teamId, '--expect', team.head);
    expect([done, faults]).toEqual([false, [expect.stringContaining(`The head ${team.head} is not in the chain`)]]);
    const all = await verify(app, '--expect', team.head, '--expect', other?.head ?? '');
    expect(all.faults.join()).toContain(team.head);
    expect(all.faults.join()).not.toContain(other?.head);
  });

  it('an old head stays valid after more entries were chained', async () => {
    const team = aTeam();
    await database.query(...entriesOf(team.teamId, 2));
    await chained(app, team.teamId, 8);
    expect(await verify(app, '--team', team.teamId, '--expect', team.head)).toMatchObject({ done: true, faults: [] });
  });

  it.each([['--expect', 'nonsense'], ['--team', 'no-team'], ['--nonsense']])(
    'reports a wrong option in one sentence: %s',
    async (...args) => {
      const { done, faults } = await verify(app, ...args);
      expect([done, faults.length, faults[0]]).toEqual([
        false,
        1,
        expect.stringMatching(/looks like|no team’s id|Usage/),
      ]);
    },
  );
});
