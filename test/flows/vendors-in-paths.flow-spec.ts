import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { aConnection, certn, type Refusal, shown } from '../support/connection.js';
import { aColleague, aTeam, call, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

const file = join(import.meta.dirname, '..', '..', 'openapi.json');
const { paths } = JSON.parse(readFileSync(file, 'utf8')) as { paths: Record<string, Record<string, object>> };
/** `METHOD /path` of every route that names a vendor. */
const routes = Object.entries(paths)
  .filter(([path]) => path.includes('{vendor}'))
  .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`));

describe('vendors in paths', () => {
  let app: RunningApp;
  let sandbox: Sandbox;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  });
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  const ask = (person: Person, route: string, vendor: string) => {
    const [method = '', template = ''] = route.split(' ');
    const path = template.replace('{vendor}', vendor).replace('{id}', '11111111-2222-7333-8444-555555555555');
    const authorization = `Bearer ${person.token}`;
    if (method !== 'PUT') return call<Refusal>(app.url, method, path, undefined, { authorization });
    return call<Refusal>(app.url, method, path, '{}', { authorization, 'content-type': 'application/json' });
  };

  it('the list of integrations shows each vendor as its own address does', async () => {
    const { admin } = await aConnection(app, sandbox);
    const { status, body } = await admin.get<object[]>('/integrations');
    expect(status).toBe(200);
    expect(body).toEqual([await shown(admin)]);
    expect(body).toMatchObject([{ vendor: 'certn', name: 'Certn', category: 'background_check', state: 'enabled' }]);
  });

  it.each(['standard', 'limited', 'restricted'] as const)(
    'a %s user reads only which vendors there are',
    async (level) => {
      const { admin } = await aTeam(app);
      const person = await aColleague(admin, level);
      const listed = { vendor: 'certn', name: 'Certn', category: 'background_check' };
      expect((await person.get('/integrations')).body).toEqual([{ ...listed, state: 'not_connected' }]);
      const { admin: other } = await aConnection(app, sandbox);
      const theirs = await aColleague(other, level);
      expect((await theirs.get('/integrations')).body).toEqual([{ ...listed, state: 'enabled' }]);
    },
  );

  it.each(routes)('%s knows no other vendor, and refuses first what the caller may not do', async (route) => {
    const { admin } = await aConnection(app, sandbox);
    const person = await aColleague(admin, 'standard');
    for (const vendor of ['plainscreen', 'CERTN', 'constructor', '%20']) {
      const { status, body } = await ask(admin, route, vendor);
      expect([status, body]).toEqual([
        404,
        { code: 404, status: 'Not Found', message: expect.any(String), errors: {}, reason: 'not_found' },
      ]);
    }
    const [unknown, known] = [await ask(person, route, 'plainscreen'), await ask(person, route, 'certn')];
    // Everyone who plans reads packages. An event that is unknown is answered as one, whatever the caller may do.
    const expected = route.endsWith('/packages') ? [404, 200] : route.includes('{id}') ? [404, 404] : [403, 403];
    expect([unknown.status, known.status]).toEqual(expected);
    expect((await shown(admin)).state).toBe('enabled');
  });

  it.each(['/certn_packages', `${certn}/deliveries`, `${certn}/findings`])(
    '%s, an address of an earlier release, is gone',
    async (path) => {
      const { admin } = await aConnection(app, sandbox);
      expect((await admin.get(path)).status).toBe(404);
    },
  );
});
