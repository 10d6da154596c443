import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, call, type Person } from '../support/people.js';

/** The largest page of the largest candidates has more than four mebibytes. */
const page = '/candidates?per_page=500';
const unread = 20;
const most = 24 * 1024 * 1024;

describe('Responses that clients do not read', () => {
  let app: RunningApp;
  let admin: Person;
  const sockets: Socket[] = [];
  beforeAll(async () => {
    app = await startApp();
    const team = await aTeam(app);
    admin = team.admin;
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    const addresses = Array.from({ length: 20 }, (_, nth) => ({
      value: `${'x'.repeat(400)}${nth}`,
      is_primary: nth === 0,
    }));
    await database.query(
      `insert into hiring.candidate (team_id, id, first_name, last_name, email_addresses, phone_numbers, search_text,
         legal_hold, created_at, updated_at, version)
       select $1, gen_random_uuid(), 'A', 'B', $2, '[]', '', false, now(), now(), 1 from generate_series(1, 500)`,
      [team.teamId, JSON.stringify(addresses)],
    );
    await database.end();
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await app?.close();
  });

  /** Sends a request and never reads the response. */
  function leaves({ token }: Person, path: string, at = app.url): void {
    const { hostname, port } = new URL(at);
    const socket = connect({ host: hostname, port: Number(port) }).pause();
    socket.on('error', () => undefined);
    socket.write(`GET /ats/v0${path} HTTP/1.1\r\nhost: here\r\nauthorization: Bearer ${token}\r\n\r\n`);
    sockets.push(socket);
  }

  it('end with their connections after too long without a read', async () => {
    const shortIdle = await startApp({ databaseUrl: app.databaseUrl, env: { ANSWER_IDLE_SECONDS: '5', ROLE: 'api' } });
    const careless = await aColleague(admin, 'standard');
    for (let nth = 0; nth < 8; nth += 1) leaves(careless, page, shortIdle.url);
    const list = () =>
      call<{ reason?: string }>(shortIdle.url, 'GET', `/ats/v0${page}`, undefined, {
        authorization: `Bearer ${careless.token}`,
      });
    await eventually('too much is held', list, ({ body }) => body.reason === 'too_many_unread_answers', 20_000);
    await eventually('the connections were closed', list, ({ status }) => status === 200, 20_000);
    await shortIdle.close();
  }, 60_000);

  it('are limited per user; beyond the limit that user is refused until they read or disconnect', async () => {
    const [careless, colleague] = [await aColleague(admin, 'standard'), await aColleague(admin, 'standard')];
    const whole = await careless.get<object[]>(page);
    expect([whole.status, whole.body.length]).toEqual([200, 500]);
    const { rss } = process.memoryUsage();
    for (let nth = 0; nth < unread; nth += 1) leaves(careless, page);
    const refused = await eventually(
      'a further answer is refused',
      () => careless.get<{ reason: string; message: string }>(page),
      ({ body }) => body.reason === 'too_many_unread_answers',
      20_000,
    );
    expect(refused.body).toMatchObject({ code: 429, reason: 'too_many_unread_answers', errors: {} });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(refused.headers.get('x-total-count')).toBeNull();
    expect(process.memoryUsage().rss - rss).toBeLessThan(10 * most);
    expect((await colleague.get(page)).status).toBe(200);
    expect((await careless.post('/candidates', { first_name: 'A', last_name: 'B' })).status).toBe(201);
    for (const socket of sockets) socket.destroy();
    await eventually(
      'a user who disconnected is served again',
      () => careless.get(page),
      ({ status }) => status === 200,
    );
  });
});
