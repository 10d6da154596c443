import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, call } from '../support/people.js';

const own = 'https://hr.example.org';
const foreign = 'https://evil.example.org';

describe('pages of other origins', () => {
  let app: RunningApp;
  afterEach(() => app.close());

  const asks = (origin: string, path = '/ats/v0/me', method = 'OPTIONS') =>
    call(app.url, method, path, undefined, { origin, 'access-control-request-method': 'GET' });

  it('may call nothing unless they are named', async () => {
    app = await startApp();
    const { admin } = await aTeam(app);
    const answer = await admin.get('/me', { origin: own });
    expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    expect((await asks(own)).headers.has('access-control-allow-origin')).toBe(false);
  });

  it('may call the API, and nothing else, once they are named', async () => {
    app = await startApp({ env: { CORS_ORIGINS: `${own},https://ats.example.org` } });
    expect((await asks(own)).headers.get('access-control-allow-origin')).toBe(own);
    expect((await asks(foreign)).headers.get('access-control-allow-origin')).not.toBe(foreign);
    expect((await asks(own, '/certn/certnWebhookHandler')).headers.has('access-control-allow-origin')).toBe(false);
    const { admin } = await aTeam(app);
    const { headers } = await admin.get('/jobs', { origin: own });
    expect(headers.get('access-control-expose-headers')).toContain('X-Total-Count');
    expect(headers.has('access-control-allow-credentials')).toBe(false);
  });
});
