import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { freePort } from '../../scripts/free-port.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aChainedTeam, chained, entriesOf, verify } from '../support/audit-chain.js';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.js';
import { aColleague, aTeam } from '../support/people.js';
import { Service } from '../support/service.js';

let app: RunningApp;
let database: pg.Client;
beforeAll(async () => {
  app = await startApp();
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
});

describe('The audit chain', () => {
  it('includes new entries within a minute, and the command confirms that they match', async () => {
    const { teamId, head } = await aChainedTeam(app, database);
    expect(head).toMatch(new RegExp(`^${teamId}:6:[0-9a-f]{64}$`));
    const command = join(import.meta.dirname, '..', '..', 'dist', 'commands', 'audit-verify.js');
    const env = { PATH: process.env['PATH'], DATABASE_URL: app.databaseUrl };
    const stdio = ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'];
    const said = await text(startProcess(process.execPath, [command, '--team', teamId], { env, stdio }).stdout);
    expect(said).toContain(`Team ${teamId}: 6 entries fit, 0 not chained yet. Head ${head}`);
    expect(said).toContain('The audit log is whole');
  });

  it('accepts additions only, from any role', async () => {
    await aChainedTeam(app, database);
    for (const attempt of ['update platform.audit_chain set seq = seq + 1', 'delete from platform.audit_chain']) {
      await expect(database.query(attempt)).rejects.toThrow(/only ever added to/);
    }
    await expect(database.query('truncate platform.audit_chain')).rejects.toThrow(/only ever added to/);
  });

  it('works through a backlog in batches, each entry once, while two replicas run', async () => {
    const { teamId } = await aTeam(app);
    const second = await startApp({ databaseUrl: app.databaseUrl });
    await database.query(...entriesOf(teamId, 3_500));
    await chained(app, teamId, 3_501);
    await second.close();
    const { rows } = await database.query(
      'select count(*)::int as lines, max(seq)::int as last from platform.audit_chain where team_id = $1',
      [teamId],
    );
    expect(rows).toEqual([{ lines: 3_501, last: 3_501 }]);
  });

  it('includes an entry that was committed after later ones were chained', async () => {
    const { teamId } = await aTeam(app);
    const slow = new pg.Client({ connectionString: app.databaseUrl });
    await slow.connect();
    await slow.query('begin');
    await slow.query(...entriesOf(teamId, 1));
    await database.query(...entriesOf(teamId, 2));
    await chained(app, teamId, 3);
    await slow.query('commit');
    await slow.end();
    await chained(app, teamId, 4);
  });

  it('continues after an entry with a time in the future, and the command names that line', async () => {
    const { teamId, admin } = await aTeam(app);
    await database.query(...entriesOf(teamId, 1, "now() + interval '1 year'"));
    const line = await eventually(
      'the entry is chained',
      () =>
        database.query<{ seq: string; entry_id: string }>(
          `select c.seq, c.entry_id from platform.audit_chain c
           join platform.audit_entry e on e.team_id = c.team_id and e.id = c.entry_id
           where c.team_id = $1 and e.at > now()`,
          [teamId],
        ),
      ({ rowCount }) => rowCount === 1,
      20_000,
    );
    await aColleague(admin, 'limited');
    await chained(app, teamId, 3);
    const { seq, entry_id: id } = line.rows[0] ?? {};
    const { done, faults } = await verify(app, '--team', teamId);
    expect([done, faults]).toEqual([
      false,
      [
        `Team ${teamId}: entry ${id} (line ${seq}) is dated later than it was chained: it was put in, or a clock was wrong.`,
      ],
    ]);
  });

  it('matches whatever format the database uses for times and numbers', async () => {
    const { teamId } = await aChainedTeam(app, database);
    const name = new URL(app.databaseUrl).pathname.slice(1);
    const settings = {
      timezone: 'Asia/Kathmandu',
      datestyle: 'SQL, DMY',
      extra_float_digits: '0',
      bytea_output: 'escape',
    };
    for (const [key, value] of Object.entries(settings))
      await database.query(`alter database ${name} set ${key} = '${value}'`);
    const verdict = await verify(app, '--team', teamId);
    for (const key of Object.keys(settings)) await database.query(`alter database ${name} reset ${key}`);
    expect(verdict).toMatchObject({ done: true, faults: [] });
  });

  it('can be verified with read access only', async () => {
    const { teamId } = await aChainedTeam(app, database);
    const role = `reader_${Date.now().toString(36)}`;
    await database.query(`create role ${role} login password 'reader'; grant usage on schema platform to ${role};
      grant select on platform.audit_entry, platform.audit_chain to ${role}`);
    const url = new URL(app.databaseUrl);
    [url.username, url.password] = [role, 'reader'];
    const reader = { ...app, databaseUrl: url.href };
    // Under row-level security it would see no rows, and report no fault.
    expect((await verify(reader, '--team', teamId)).faults).toEqual([expect.stringContaining('BYPASSRLS')]);
    await database.query(`alter role ${role} bypassrls`);
    const whole = await verify(reader, '--team', teamId);
    expect([whole.done, whole.text]).toEqual([true, expect.stringContaining('6 entries fit')]);
    await database.query(`drop owned by ${role}; drop role ${role}`);
  });

  it('writes its heads to the log, outside the database', async () => {
    const { head } = await aChainedTeam(app, database);
    const service = await Service.start(app.databaseUrl, await freePort(), { LOG_LEVEL: 'info' });
    await eventually(
      'the heads stand in the log',
      async () => service.said.join('\n'),
      (said) => said.includes(head),
      20_000,
    );
    await service.stop();
  });
});
