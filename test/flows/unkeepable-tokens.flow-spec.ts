import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { Person } from '../support/people.js';

let provider: IdentityProvider;
let app: RunningApp;
beforeAll(async () => {
  provider = await startIdentityProvider();
  app = await startApp({ env: provider.env });
  await createTeam(app.databaseUrl, { name: 'Acme', adminEmail: 'ada@acme.test' });
});
afterAll(async () => {
  await app?.close();
  provider?.close();
});

describe('A valid token with a subject and an address that the database cannot store', () => {
  it.each(['ada@acme.test\u0000', '\u0000', 'a\u0000da@acme.test', 'ada\ud800@acme.test', '\udfff'])(
    'signs no user in, and causes no server error: %j',
    async (text) => {
      const token = await provider.tokenFor(text, Math.floor(Date.now() / 1000) + 60);
      const answer = await new Person(app.url, '', token).get('/me');
      expect([answer.status, answer.body]).toMatchObject([401, { code: 401, errors: {}, reason: 'unauthenticated' }]);
    },
  );

  it('differs from one with storable values, which is accepted', async () => {
    const token = await provider.tokenFor('ada@acme.test', Math.floor(Date.now() / 1000) + 60);
    expect((await new Person(app.url, '', token).get('/me')).status).toBe(200);
  });
});
