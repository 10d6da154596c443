import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { captureOutput } from '../support/log-capture.js';
import { aColleague, aTeam, type Answer, call, type Person } from '../support/people.js';
import { waitingStatements } from '../support/waiting-statements.js';

const perTeam = 3;
const readMs = 3_000;
/** More than the service has connections, and far more than a team may use. */
const atOnce = 60;
interface Timed extends Answer {
  ms: number;
}

describe('A team that requests more than the database can serve', () => {
  let app: RunningApp;
  let owner: pg.Client;
  let observer: pg.Client;
  let output: ReturnType<typeof captureOutput>;
  /** Enough people that the limit on one person's parallel requests does not matter. */
  let busy: Person[];
  let quiet: Person;

  beforeAll(async () => {
    output = captureOutput();
    const env = { TEAM_CONNECTIONS: String(perTeam), READ_TIMEOUT_MS: String(readMs), LOG_LEVEL: 'info' };
    app = await startApp({ env });
    [owner, observer] = [app, app].map(({ databaseUrl }) => new pg.Client({ connectionString: databaseUrl })) as [
      pg.Client,
      pg.Client,
    ];
    await Promise.all([owner.connect(), observer.connect()]);
    quiet = (await aTeam(app)).admin;
    const { admin } = await aTeam(app);
    busy = await Promise.all(Array.from({ length: 20 }, () => aColleague(admin, 'admin')));
  });
  afterAll(async () => {
    await Promise.all([owner?.end(), observer?.end()]);
    await app?.close();
    output?.stop();
  });
  // Every read of candidates takes as long as its limit allows.
  beforeEach(() => owner.query('begin; lock table hiring.candidate in access exclusive mode'));
  afterEach(() => owner.query('rollback'));

  /** How many reads wait for the locked table. */
  const held = (): Promise<number> => waitingStatements(observer, 'from hiring.candidate c');

  async function timed(ask: () => Promise<Answer>): Promise<Timed> {
    const begun = performance.now();
    return { ...(await ask()), ms: performance.now() - begun };
  }
  const many = (count: number, query = ''): Promise<Timed>[] =>
    Array.from({ length: count }, (_, at) => timed(() => busy[at % busy.length]!.get(`/candidates${query}`)));

  const reasons = (answers: Answer[]): string[] => [
    ...new Set(answers.map(({ status, body }) => `${status} ${String(body['reason'])}`)),
  ];

  it('is told that a read took too long and what to do; it does not count as an outage', async () => {
    const { status, body, ms } = await timed(() => busy[0]!.get('/candidates'));
    expect([status, body['reason']]).toEqual([422, 'took_too_long']);
    expect(body['message']).toMatch(/^This took too long\. Use fewer filter values, /);
    expect(ms).toBeGreaterThan(readMs * 0.9);
    expect(ms).toBeLessThan(readMs * 2);
    expect(output.text()).not.toMatch(/refused|cannot reach its database/);
  });

  it('uses no more than its share, and further requests are told so meanwhile', async () => {
    const asked = many(atOnce);
    await eventually('its share is used up', held, (statements) => statements === perTeam);
    const answers = await Promise.all(asked);
    expect(reasons(answers).sort()).toEqual(['422 took_too_long', '429 team_busy']);
    const turnedAway = answers.filter(({ status }) => status === 429);
    expect(turnedAway.length).toBeGreaterThan(atOnce / 2);
    expect(turnedAway[0]?.body['message']).toBe('Your team has too many requests at once. Try again shortly.');
    expect(turnedAway[0]?.headers.get('retry-after')).toBe('1');
    expect(output.text()).not.toMatch(/refused|cannot reach its database/);
  });

  it.each(['?per_page=101', '?search=e', '?search=e&search=f'])('reads one large page at a time: %s', async (query) => {
    const large = many(4, query);
    await eventually('one is read', held, (statements) => statements > 0);
    const ordinary = await Promise.all(many(perTeam - 1));
    expect(reasons(ordinary)).toEqual(['422 took_too_long']);
    // The large pages left slots for them.
    expect(Math.max(...ordinary.map(({ ms }) => ms))).toBeLessThan(readMs * 1.5);
    expect(reasons(await Promise.all(large)).sort()).toEqual(['422 took_too_long', '429 team_busy']);
  });

  it('delays no other team, no webhook event, no sign-in and not the readiness of the service', async () => {
    const asked = many(atOnce);
    await eventually('its share is used up', held, (statements) => statements === perTeam);
    const others = await Promise.all(
      Array.from({ length: 5 }, () => [
        timed(() => quiet.get('/jobs')),
        timed(() => quiet.post('/jobs', { name: 'Gardener' })),
        timed(() => call(app.url, 'POST', '/dev/sign-in', { user_id: quiet.id })),
        timed(() => call(app.url, 'GET', '/health/ready')),
        timed(() => call(app.url, 'POST', '/certn/certnWebhookHandler', webhookEvent, { 'x-signature': signature })),
      ]).flat(),
    );
    expect(reasons(others).sort()).toEqual(['200 undefined', '201 undefined']);
    expect(Math.max(...others.map(({ ms }) => ms))).toBeLessThan(readMs);
    expect(await held()).toBe(perTeam);
    await Promise.all(asked);
  });
});

const webhookEvent = {
  event_type: 'CASE_STATUS_CHANGED',
  object_id: '5f0e4c5a-0000-4000-8000-000000000000',
  object_type: 'CASE',
};
/** In the right form. Its signature is checked only for a known case, and this case is unknown. */
const signature = Buffer.alloc(32).toString('base64');
