import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { BrowserWindow } from '../support/browser-window.js';
import { aKeyOf, aMachine } from '../support/machines.js';
import { aColleague, aTeam, type Answer, call, type Person } from '../support/people.js';

const limits = { RATE_LIMIT_PER_MINUTE: '30', RATE_LIMIT_PER_TEAM_PER_MINUTE: '100' };

describe('rate limits', () => {
  let app: RunningApp;
  let other: RunningApp;

  beforeAll(async () => {
    app = await startApp({ env: limits });
    other = await startApp({ env: limits, databaseUrl: app.databaseUrl });
  });
  afterAll(async () => {
    await other.close();
    await app.close();
  });

  /** Sends that many requests, alternating between both replicas. */
  async function asks(person: Person, times: number): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (let i = 0; i < times; i += 1) {
      answers.push(await call((i % 2 ? other : app).url, 'GET', '/ats/v0/me', undefined, headersOf(person)));
    }
    return answers;
  }
  const headersOf = ({ token }: Person) => ({ authorization: `Bearer ${token}` });
  const statuses = (answers: Answer[]): number[] => [...new Set(answers.map(({ status }) => status))];

  it('refuse a user with too many requests at all replicas, and state the wait [F7]', async () => {
    const { admin } = await aTeam(app);
    const answers = await asks(admin, 40);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(statuses(answers)).toEqual([200, 429]);
    expect(refused[0]?.body).toMatchObject({ code: 429, reason: 'too_many_requests', errors: {} });
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('refuse a service account beyond the limit of a user, whichever of its keys it uses', async () => {
    const { admin } = await aTeam(app);
    const machine = await aMachine(admin);
    const other = await aKeyOf(admin, machine.id);
    const asked = async (key: string) =>
      (await call(app.url, 'GET', '/ats/v0/me', undefined, { 'x-api-key': key })).status;
    const all = [];
    for (let i = 0; i < 40; i += 1) all.push(await asked(i % 2 ? machine.key : other.key));
    expect(all.filter((status) => status === 200)).toHaveLength(30);
    expect(all.filter((status) => status === 429)).toHaveLength(10);
    expect((await admin.get('/me')).status).toBe(200);
  });

  it('say on every answer how many requests are left, and when all of them are', async () => {
    const { admin } = await aTeam(app);
    const standing = ({ headers }: Answer): (number | null)[] =>
      ['limit', 'remaining', 'reset'].map((name) => {
        const value = headers.get(`ratelimit-${name}`);
        return value === null ? null : Number(value);
      });
    const answers = await asks(admin, 32);
    for (const [nth, answer] of answers.entries()) {
      const [limit, remaining, reset] = standing(answer);
      expect([limit, remaining]).toEqual([30, Math.max(0, 29 - nth)]);
      expect(reset).toBeGreaterThanOrEqual(1);
      expect(reset).toBeLessThanOrEqual(60);
    }
    const unknown = await admin.get('/jobs/no-such-id');
    expect([unknown.status, ...standing(unknown).slice(0, 2)]).toEqual([429, 30, 0]);
  });

  it('say which limit is closer, that of the user or that of the team', async () => {
    const { admin } = await aTeam(app);
    const colleagues = await Promise.all(Array.from({ length: 4 }, () => aColleague(admin, 'standard')));
    for (const one of colleagues) await asks(one, 22);
    const fresh = await aColleague(admin, 'standard');
    const [answer] = await asks(fresh, 1);
    expect(answer?.headers.get('ratelimit-limit')).toBe('100');
    expect(Number(answer?.headers.get('ratelimit-remaining'))).toBeLessThan(10);
  });

  it('refuse the same user again without a database query for the session', async () => {
    const { admin } = await aTeam(app);
    expect(statuses(await asks(admin, 40))).toContain(429);
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    try {
      await database.query('begin');
      await database.query('lock table access.sign_in in access exclusive mode');
      const [answer] = await asks(admin, 1);
      expect([answer?.status, answer?.body]).toMatchObject([429, { reason: 'too_many_requests' }]);
      expect(Number(answer?.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    } finally {
      await database.end();
    }
  });

  describe('for a browser whose session was refused', () => {
    let window: BrowserWindow;
    let userId: string;
    beforeAll(async () => {
      window = new BrowserWindow();
      const { admin } = await aTeam(app);
      userId = admin.id;
      expect((await window.api(app.url, 'POST', '/dev/sessions', { user_id: admin.id })).status).toBe(204);
      const answers: Answer[] = [];
      for (let i = 0; i < 40; i += 1) answers.push(await window.api(app.url, 'GET', '/ats/v0/me'));
      expect(statuses(answers)).toEqual([200, 429]);
    });

    it('apply without a database query, whatever other cookies it sends', async () => {
      const other = window.copy();
      other.cookies.set('seen', 'yesterday');
      const database = new pg.Client({ connectionString: app.databaseUrl });
      await database.connect();
      try {
        await database.query('begin');
        await database.query('lock table access.session in access exclusive mode');
        expect((await other.api(app.url, 'GET', '/ats/v0/me')).body).toMatchObject({ reason: 'too_many_requests' });
      } finally {
        await database.end();
      }
    });

    it('still allow the console and signing out, which ends any other use of its cookie', async () => {
      expect((await window.ask(`${app.url}/console/config.json`, 'GET')).status).toBe(200);
      expect((await window.api(app.url, 'POST', '/auth/sign-out')).status).toBe(200);
      const database = new pg.Client({ connectionString: app.databaseUrl });
      await database.connect();
      const { rowCount } = await database.query('select from access.session where user_id = $1', [userId]);
      await database.end();
      expect(rowCount).toBe(0);
    });
  });

  it('count the requests of each user separately', async () => {
    const [one, another] = [await aTeam(app), await aTeam(app)];
    expect(statuses(await asks(one.admin, 40))).toContain(429);
    expect(statuses(await asks(another.admin, 5))).toEqual([200]);
  });

  it('refuse a team whose users send too many requests together at all replicas, and no other team [F7]', async () => {
    const { admin } = await aTeam(app);
    const people = [admin, ...(await Promise.all([1, 2, 3, 4].map(() => aColleague(admin, 'standard'))))];
    const answers: Answer[] = [];
    // None of them reaches the limit for one user.
    for (const person of people) answers.push(...(await asks(person, 22)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(statuses(answers)).toEqual([200, 429]);
    expect(new Set(refused.map(({ body }) => body.message))).toEqual(
      new Set(['Your team has sent too many requests within a minute. Try again shortly.']),
    );
    expect(statuses(await asks((await aTeam(app)).admin, 5))).toEqual([200]);
  });

  it("never apply to Certn's webhook endpoint and to health", async () => {
    const { admin } = await aTeam(app);
    await asks(admin, 40);
    for (let i = 0; i < 150; i += 1) {
      const answer = await call(app.url, 'POST', '/certn/certnWebhookHandler', '{}');
      expect(answer.status).toBe(401);
    }
    expect((await call(app.url, 'GET', '/health/ready')).status).toBe(200);
  });
});
