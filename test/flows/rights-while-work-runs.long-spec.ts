import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { SentLines } from '../support/sent-lines.js';

let app: RunningApp;
let teamId: string;
let admin: Person;
beforeAll(async () => {
  app = await startApp();
  ({ teamId, admin } = await aTeam(app));
});
afterAll(() => app?.close());

const unknownCandidate = { type: 'application', external_id: 'a', candidate: 'unknown', job: 'none' };
const changed = (person: Person, change: object) => admin.patch(`/users/${person.id}`, change);

describe('An import that is running', () => {
  it.each([
    ['the level', { access_level: 'standard' }, 'was not read: you may not import any more'],
    ['the sign-in', { disabled: true }, 'was not read: your sign-in has ended'],
  ])('imports no further line after %s is lost, and its last line says so', async (_what, change, sentence) => {
    const person = await aColleague(admin, 'admin');
    const running = SentLines.begin(person);
    const timer = setInterval(() => void running.send(unknownCandidate), 50);
    await eventually(
      'it runs',
      async () => running.answers.length,
      (count) => count > 2,
    );
    await changed(person, change);
    expect(await running.ended).toBe('whole');
    clearInterval(timer);
    expect(running.answers.at(-1)?.errors?.json['line']).toEqual([sentence]);
    // Earlier lines were imported with the rights at that time.
    expect(running.answers.slice(0, -1).every(({ errors }) => errors?.json['candidate'] !== undefined)).toBe(true);
  });

  it('continues for users who keep their rights', async () => {
    const person = await aColleague(admin, 'admin');
    const running = SentLines.begin(person);
    const timer = setInterval(() => void running.send(unknownCandidate), 50);
    await eventually(
      'it runs',
      async () => running.answers.length,
      (count) => count > 60,
    );
    clearInterval(timer);
    expect(await running.finish()).toBe('whole');
    expect(running.answers.at(-1)?.errors?.json['candidate']).toBeDefined();
  });
});

describe('An export of the audit log that is running', () => {
  beforeAll(async () => {
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    await database.query(
      `insert into platform.audit_entry (team_id, id, at, action, entity, entity_id, outcome, before, after)
       select $1, gen_random_uuid(), now() - n * interval '1 second', 'user.update', 'user', gen_random_uuid(), 'done', '{}',
              jsonb_build_object('name', repeat('x', 2000))
       from generate_series(1, 20000) n`,
      [teamId],
    );
    await database.end();
  });

  const exportOf = (person: Person): Promise<Response> =>
    fetch(new URL('/ats/v0/audit_log', person.url), {
      headers: { authorization: `Bearer ${person.token}`, accept: 'application/x-ndjson' },
    });

  it.each([
    ['the level', { access_level: 'standard' }],
    ['the sign-in', { disabled: true }],
  ])('is aborted after %s is lost', async (_what, change) => {
    const person = await aColleague(admin, 'admin');
    const answer = await exportOf(person);
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    expect((await reader?.read())?.done).toBe(false);
    await changed(person, change);
    // Reads so slowly that the export outlasts the right to it.
    const readOn = async (): Promise<string> =>
      (await reader
        ?.read()
        .catch(() => ({ broken: true, done: false }))
        .then((piece) => (piece && 'broken' in piece ? 'broken' : piece?.done ? 'whole' : 'more'))) ?? 'nothing';
    expect(await eventually('it ends', readOn, (state) => state !== 'more', 25_000)).toBe('broken');
  });

  it('is complete for users who keep their rights', async () => {
    const text = await (await exportOf(admin)).text();
    expect(text.trimEnd().split('\n').length).toBeGreaterThanOrEqual(20_000);
  });
});
