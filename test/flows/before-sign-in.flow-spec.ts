import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newApiKey } from '../../src/contexts/access/adapters/identity/api-key.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { onTheWire } from '../support/on-the-wire.js';
import { aColleague, aTeam, type Answer, call, type Person } from '../support/people.js';

const most = 20;

describe('requests without a sign-in', () => {
  let local: RunningApp;
  let app: RunningApp;
  let provider: IdentityProvider;
  let email: string;
  let colleague: string;
  beforeAll(async () => {
    local = await startApp();
    const { admin } = await aTeam(local);
    ({ email } = (await admin.get<{ email: string }>('/me')).body);
    const other: Person = await aColleague(admin, 'standard');
    colleague = (await other.get<{ email: string }>('/me')).body.email;
    provider = await startIdentityProvider();
    const env = { ...provider.env, FAILED_SIGN_INS_PER_MINUTE: String(most), TRUST_PROXY_HOPS: '1', ROLE: 'api' };
    app = await startApp({ databaseUrl: local.databaseUrl, env });
  });
  afterAll(async () => {
    provider?.close();
    await app?.close();
    await local?.close();
  });

  const inAnHour = (): number => Math.floor(Date.now() / 1000) + 3600;
  const tokenOf = (who: string): Promise<string> => provider.tokenFor(who, inAnHour());
  const asks = (from: string, token: string, path = '/ats/v0/me', method = 'GET'): Promise<Answer> =>
    call(app.url, method, path, undefined, { 'x-forwarded-for': from, authorization: `Bearer ${token}` });

  /** As many failed sign-ins as one address may have in a minute. */
  async function floods(from: (i: number) => string): Promise<number[]> {
    const answers = await Promise.all(Array.from({ length: most }, (_, i) => asks(from(i), `a.b.${i}`)));
    return answers.map(({ status }) => status);
  }

  it('are refused with a message when one address sends too many, and other addresses are not affected [G9]', async () => {
    expect(new Set(await floods(() => '198.51.100.1'))).toEqual(new Set([401]));
    const refused = await asks('198.51.100.1', 'a.b.c');
    expect(refused).toMatchObject({
      status: 429,
      body: {
        code: 429,
        reason: 'too_many_failed_sign_ins',
        message: 'Too many requests from your network were not signed in. Try again shortly.',
        errors: {},
      },
    });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
    expect((await asks('198.51.100.2', 'a.b.c')).status).toBe(401);
    expect((await asks('198.51.100.2', await tokenOf(email))).status).toBe(200);
  });

  it('count alike with made-up API keys, also well-formed ones', async () => {
    const tries = (key: string) =>
      call(app.url, 'GET', '/ats/v0/me', undefined, { 'x-forwarded-for': '198.51.100.77', 'x-api-key': key });
    const guesses = [newApiKey(), 'ats_wrong', ...Array.from({ length: most - 2 }, (_, i) => `guess ${i}`)];
    for (const key of guesses) expect((await tries(key)).status).toBe(401);
    expect(await tries(newApiKey())).toMatchObject({ status: 429, body: { reason: 'too_many_failed_sign_ins' } });
  });

  it('are refused during a burst, before any of it is answered [G9]', async () => {
    const known = await tokenOf(email);
    expect((await asks('198.51.100.9', known)).status).toBe(200);
    const burst = Array.from({ length: most * 10 }, (_, i) => asks('198.51.100.9', `a.b.${i}`));
    const statuses = (await Promise.all(burst)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(most * 3);
    expect(new Set(statuses)).toEqual(new Set([401, 429]));
    expect((await asks('198.51.100.9', known)).status).toBe(200);
  });

  it('do not block a user at the same address who signed in before; a user new to the replica waits [G9]', async () => {
    const known = await tokenOf(email);
    expect((await asks('198.51.100.3', known)).status).toBe(200);
    await floods(() => '198.51.100.3');
    expect((await asks('198.51.100.3', known)).status).toBe(200);
    expect((await asks('198.51.100.3', await tokenOf(colleague))).status).toBe(429);
  });

  it('count together within one IPv6 network, and not with the next network [G9]', async () => {
    await floods((i) => `2001:db8:1:2::${i.toString(16)}`);
    expect((await asks('2001:db8:1:2:ffff::1', 'a.b.c')).status).toBe(429);
    expect((await asks('2001:db8:1:3::1', 'a.b.c')).status).toBe(401);
  });

  it('are counted by the address that the proxy reports, not by one that the client wrote before it [G9]', async () => {
    await floods((i) => `203.0.113.${i}, 198.51.100.4`);
    expect((await asks('198.51.100.4', 'a.b.c')).status).toBe(429);
    expect((await asks('203.0.113.1', 'a.b.c')).status).toBe(401);
  });

  it('cost the database nothing when they are refused: the answer comes while sign-in waits for a lock [G9]', async () => {
    await floods(() => '198.51.100.5');
    const database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
    try {
      await database.query('begin; lock table access.sign_in in access exclusive mode');
      const stranger = await tokenOf(`${randomUUID()}@example.org`);
      const answers = await Promise.all(Array.from({ length: 50 }, () => asks('198.51.100.5', stranger)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([429]));
    } finally {
      await database.query('rollback');
      await database.end();
    }
  });

  it('are counted together for all spellings of an address [G9]', async () => {
    const spelled = ['/%61ts/v0/me', 'http://here/ats/v0/me'];
    for (const [nth, path] of spelled.entries()) {
      const head = `GET ${path} HTTP/1.1\r\nhost: here\r\nx-forwarded-for: 198.51.100.${7 + nth}\r\nconnection: close\r\n`;
      const statuses = [];
      for (let i = 0; i <= most; i += 1) {
        const { status } = await onTheWire(app.url, `${head}authorization: Bearer a.b.${i}\r\n\r\n`);
        statuses.push(status);
      }
      expect([path, ...statuses]).toEqual([path, ...Array.from({ length: most }, () => 401), 429]);
    }
  });

  it('do not affect readiness, even when a stranger sends thousands', async () => {
    const one = 'GET /health/ready HTTP/1.1\r\nhost: here\r\n';
    const many = `${`${one}\r\n`.repeat(99)}${one}connection: close\r\n\r\n`;
    const flood = Array.from({ length: 40 }, () => onTheWire(app.url, many));
    await Promise.race(flood);
    const { body } = await onTheWire(app.url, `${one}connection: close\r\n\r\n`);
    const bodies = [body, ...(await Promise.all(flood)).map((answer) => answer.body)];
    expect(bodies.filter((answers) => answers.includes('temporarily_unavailable'))).toEqual([]);
  });

  it('never lead to refusals at the webhook endpoint or at health', async () => {
    await floods(() => '198.51.100.6');
    const webhookPath = '/certn/certnWebhookHandler';
    expect((await asks('198.51.100.6', 'a.b.c', webhookPath, 'POST')).status).toBe(401);
    expect((await asks('198.51.100.6', 'a.b.c', '/health/ready')).status).toBe(200);
  });
});
