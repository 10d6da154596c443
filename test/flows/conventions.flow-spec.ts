import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, call, type Person } from '../support/people.js';

describe('conventions of every route', () => {
  let app: RunningApp;
  let admin: Person;

  beforeAll(async () => {
    app = await startApp();
    ({ admin } = await aTeam(app));
  });
  afterAll(() => app.close());

  it('an unknown query parameter is answered 422 with its name, also where no parameter is accepted', async () => {
    for (const path of ['/jobs?colour=red', '/me?colour=red', '/integrations/certn?colour=red']) {
      const answer = await admin.get(path);
      expect([path, answer.status]).toEqual([path, 422]);
      expect(answer.body).toMatchObject({ errors: { query: { colour: [expect.any(String)] } } });
    }
  });

  it('every response has its request id and forbids storing', async () => {
    for (const path of ['/ats/v0/me', '/health/live', '/no-such-page']) {
      const answer = await call(app.url, 'GET', path);
      expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
  });

  it('every response tells browsers that it is no page, no script and no frame', async () => {
    for (const path of ['/ats/v0/me', '/health/live', '/no-such-page', '/certn/certnWebhookHandler']) {
      const { headers } = await call(app.url, 'GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.has('strict-transport-security')).toBe(false);
    }
  });

  it('behind https every response requires https', async () => {
    const secure = await startApp({ env: { PUBLIC_URL: 'https://ats.example.org' }, databaseUrl: app.databaseUrl });
    const { headers } = await call(secure.url, 'GET', '/health/live');
    expect(headers.get('strict-transport-security')).toContain('max-age=31536000');
    await secure.close();
  });

  it('an unknown path is 404, a known one with another method 405, in the common error format', async () => {
    const shape = { message: expect.any(String), errors: {}, reason: expect.any(String) };
    expect((await admin.get('/no_such_thing')).body).toMatchObject({ code: 404, status: 'Not Found', ...shape });
    expect((await admin.delete('/jobs')).body).toMatchObject({ code: 405, status: 'Method Not Allowed', ...shape });
  });

  it('a trailing slash is accepted', async () => {
    expect((await admin.get('/me/')).status).toBe(200);
  });

  it('malformed JSON is 400, a body that is too large 413, a compressed one 415, an array instead of an object 422', async () => {
    const json = { 'content-type': 'application/json' };
    expect((await admin.post('/jobs', '{"name":', json)).status).toBe(400);
    expect((await admin.post('/jobs', { name: 'x'.repeat(1024 * 1024) })).status).toBe(413);
    expect((await admin.post('/jobs', '{}', { ...json, 'content-encoding': 'gzip' })).status).toBe(415);
    expect((await admin.post('/jobs', '[]', json)).status).toBe(422);
  });

  it('health answers without a token', async () => {
    expect((await call(app.url, 'GET', '/health/ready')).status).toBe(200);
  });
});
