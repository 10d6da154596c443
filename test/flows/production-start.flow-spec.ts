import { freePort } from '../../scripts/free-port.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { call } from '../support/people.js';
import { Service } from '../support/service.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

let database: TestDatabase;
let provider: IdentityProvider;
beforeAll(async () => {
  database = await createTestDatabase();
  provider = await startIdentityProvider();
});
afterAll(async () => {
  provider?.close();
  await database?.drop();
});

describe('The built service in production [F4]', () => {
  it.each(['production', 'Production', ' PRODUCTION '])(
    'refuses to start as its own identity provider (NODE_ENV "%s")',
    async (name) => {
      const port = await freePort();
      const service = Service.spawn(database.url, port, { NODE_ENV: name, LOCAL_RUN: 'true' });
      expect(await service.ended).toBe(1);
      expect(service.said).toEqual(['LOCAL_RUN is refused when NODE_ENV=production: unset one of them.']);
      await expect(call(service.url, 'GET', '/health/live')).rejects.toThrow('fetch failed');
    },
    60_000,
  );

  it('starts with the company’s provider, and offers no sign-in of its own', async () => {
    const port = await freePort();
    const service = await Service.start(database.url, port, { NODE_ENV: 'production', ...provider.env });
    const answers = [
      await call(service.url, 'GET', '/dev/users'),
      await call(service.url, 'GET', '/dev/demo'),
      await call(service.url, 'POST', '/dev/sign-in', { user_id: '0199aaaa-0000-7000-8000-000000000000' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404]);
    expect((await call(service.url, 'GET', '/console/config.json')).body).toMatchObject({ mode: 'oidc' });
    await service.stop();
  }, 60_000);
});
