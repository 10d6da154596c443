import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../../scripts/free-port.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { call } from '../support/people.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

describe('The description of the API, in production and without a sign-in,', () => {
  let database: TestDatabase;
  let provider: IdentityProvider;
  let service: Service;
  beforeAll(async () => {
    database = await createTestDatabase();
    provider = await startIdentityProvider();
    service = await Service.start(database.url, await freePort(), { NODE_ENV: 'production', ...provider.env });
  }, 60_000);
  afterAll(async () => {
    await service?.stop();
    provider?.close();
    await database?.drop();
  });

  it('is at /openapi.json, without what only a local run has', async () => {
    const { status, body } = await call<{ paths: Record<string, object> }>(service.url, 'GET', '/openapi.json');
    const file = join(import.meta.dirname, '..', '..', 'openapi.json');
    expect([status, body]).toEqual([200, JSON.parse(readFileSync(file, 'utf8'))]);
    expect(Object.keys(body.paths).filter((path) => path.startsWith('/dev'))).toEqual([]);
  });

  it('is shown at /docs by scripts and styles of this service alone', async () => {
    const { status, headers, body } = await call<string>(service.url, 'GET', '/docs');
    expect(status).toBe(200);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'; script-src 'self'");
    const files = [...body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address = '']) => address);
    expect(files.filter((address) => !/^(\/docs\/|data:,$)/.test(address))).toEqual([]);
    const served = await Promise.all(
      files.filter((address) => address.startsWith('/')).map((address) => call(service.url, 'GET', address)),
    );
    expect(served.map((answer) => [answer.status, answer.headers.get('content-type')?.split(';')[0]])).toEqual([
      [200, 'text/css'],
      [200, expect.stringContaining('javascript')],
      [200, 'text/javascript'],
    ]);
  });

  it.each(['package.json', 'index.html', 'swagger-ui-bundle.js.map', 'oauth2-redirect.html', '..%2fpackage.json'])(
    'serves nothing else of the renderer: %s',
    async (file) => {
      expect((await call(service.url, 'GET', `/docs/${file}`)).status).toBe(404);
    },
  );
});
