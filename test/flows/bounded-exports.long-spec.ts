import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aTeam, type Person } from '../support/people.js';

const entries = 60_000;

describe('exports of the audit log [G9]', () => {
  let app: RunningApp;
  const stop = new AbortController();
  beforeAll(async () => (app = await startApp()));
  afterAll(() => {
    stop.abort();
    return app?.close();
  });

  const exports = (person: Person, signal: AbortSignal, at = app.url): Promise<Response> =>
    fetch(`${at}/ats/v0/audit_log`, {
      signal,
      headers: { authorization: `Bearer ${person.token}`, accept: 'application/x-ndjson' },
    });

  it('run two at a time for a team; a third is told to wait, another team is not, and a slot becomes free', async () => {
    const [one, other] = [await aTeam(app), await aTeam(app)];
    await one.admin.post('/jobs', { name: 'Nurse' });
    await one.admin.get('/jobs/00000000-0000-4000-8000-000000000000');
    await grow(one.teamId);
    const first = new AbortController();
    // No client reads them, so each waits for its reader in the middle.
    expect((await exports(one.admin, first.signal)).status).toBe(200);
    expect((await exports(one.admin, stop.signal)).status).toBe(200);
    const refused = await exports(one.admin, stop.signal);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await refused.json()).toMatchObject({
      reason: 'too_many_exports',
      message: 'Your team is already exporting its audit log. Try again when that export has ended.',
    });
    expect((await exports(other.admin, stop.signal)).status).toBe(200);
    first.abort();
    await eventually(
      'a slot is free',
      async () => (await exports(one.admin, stop.signal)).status,
      (status) => status === 200,
    );
  });

  it('end when their client reads nothing for too long', async () => {
    const shortIdle = await startApp({ databaseUrl: app.databaseUrl, env: { ANSWER_IDLE_SECONDS: '5', ROLE: 'api' } });
    const { admin, teamId } = await aTeam(app);
    await admin.post('/jobs', { name: 'Nurse' });
    await grow(teamId);
    const status = async () => (await exports(admin, stop.signal, shortIdle.url)).status;
    expect([await status(), await status(), await status()]).toEqual([200, 200, 429]);
    await eventually('a slot is free', status, (code) => code === 200, 20_000);
    await shortIdle.close();
  }, 60_000);

  async function grow(teamId: string): Promise<void> {
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    const columns = await database.query<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute
       where attrelid = 'platform.audit_entry'::regclass and attnum > 0 and not attisdropped`,
    );
    const names = columns.rows.map(({ name }) => name);
    const values = names.map((name) => (name === 'id' ? 'gen_random_uuid()' : name));
    await database.query(`
      insert into platform.audit_entry (${names.join()}) select ${values.join()}
      from (select * from platform.audit_entry where team_id = '${teamId}' limit 1) one, generate_series(1, ${entries})`);
    await database.end();
  }
});
