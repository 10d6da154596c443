import { type RunningApp, startApp } from '../support/app.js';

describe('The service serves the console', () => {
  let app: RunningApp;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(new URL(path, app.url), { headers });

  beforeAll(async () => {
    app = await startApp();
  });
  afterAll(() => app.close());

  it.each([
    '/',
    '/jobs',
    '/jobs/x/plan',
    '/candidates/x?application=y',
    '/background_checks/x/results',
    '/admin/integrations',
  ])('%s is its page: never cached, only our own scripts, in no foreign frame', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(await answer.text()).toContain('<div id="root">');
  });

  it('its assets are cached for ever and come compressed', async () => {
    const page = await (await get('/')).text();
    const script = /src="(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? 'no script';
    const answer = await get(script, { 'accept-encoding': 'br' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect((await get('/assets/of-an-older-version.js')).status).toBe(404);
  });

  it('paths of the service are not screens', async () => {
    expect((await get('/ats/v0/no_such_thing')).headers.get('content-type')).toContain('application/json');
    expect((await get('/health/ready')).status).toBe(200);
    expect(await (await get('/console/config.json')).json()).toMatchObject({ mode: 'local' });
  });
});
