import type { JWTPayload } from 'jose';
import { createTeam } from '../../src/commands/team-create.js';
import { type RunningApp, startApp } from '../support/app.js';
import { type IdentityProvider, startIdentityProvider } from '../support/identity-provider.js';
import { aServiceAccount } from '../support/machines.js';
import { type Answer, Person } from '../support/people.js';

/** Tokens of machine clients, made by hand: what an honest provider sends, and what it must not be taken for. */
describe('A token of a machine client', () => {
  let provider: IdentityProvider;
  let app: RunningApp;
  let acme: Admin;
  let other: Admin;
  let accountId: string;

  interface Admin {
    teamId: string;
    person: Person;
  }

  beforeAll(async () => {
    provider = await startIdentityProvider();
    app = await startApp({ env: provider.env });
    [acme, other] = [await anAdmin('acme'), await anAdmin('other')];
    accountId = await aServiceAccount(acme.person, { client_id: 'feed', scopes: ['jobs:read', 'jobs:write'] });
  });
  afterAll(async () => {
    await app?.close();
    provider?.close();
  });

  async function anAdmin(name: string): Promise<Admin> {
    const made = { name, adminEmail: `${name}@${name}.test`, adminExternalId: `sub-${name}` };
    const { team_id: teamId, user_id: id } = await createTeam(app.databaseUrl, made);
    const person = new Person(app.url, id, await provider.token({ sub: `sub-${name}` }));
    return { teamId, person };
  }
  const asks = async (claims: JWTPayload, path = '/me', headers?: Record<string, string>): Promise<Answer> =>
    new Person(app.url, '', await provider.token(claims)).get(path, headers);
  const own = { sub: 'feed', client_id: 'feed', scope: 'jobs:read' };

  it.each<[string, JWTPayload]>([
    ['whose subject is the client', own],
    ['as Auth0 writes it', { ...own, sub: 'feed@clients', client_id: undefined, azp: 'feed' }],
    ['as Entra writes it', { ...own, sub: 'an-object-id', client_id: undefined, azp: 'feed', idtyp: 'app' }],
    ['with its scopes in a list', { ...own, scope: undefined, scp: ['jobs:read'] }],
  ])('acts as the account that is linked to it: %s', async (_, claims) => {
    const me = { id: accountId, kind: 'service_account', scopes: ['jobs:read'], team: { id: acme.teamId } };
    expect((await asks(claims)).body).toMatchObject(me);
    expect((await asks(claims, '/jobs')).status).toBe(200);
  });

  it('has no scope that the account or the token does not name', async () => {
    expect((await asks({ ...own, scope: 'jobs:read results:read imports' })).body['scopes']).toEqual(['jobs:read']);
    expect((await asks({ ...own, scope: undefined })).body['scopes']).toEqual([]);
    expect((await asks({ ...own, scope: 'openid' }, '/jobs')).body).toMatchObject({ reason: 'scope_missing' });
    const shown = await acme.person.get<{ last_used_at: string | null }>(`/service_accounts/${accountId}`);
    expect(shown.body.last_used_at).not.toBeNull();
  });

  it.each<[string, JWTPayload]>([
    ['of a person who got it through the client', { ...own, sub: 'sub-stranger' }],
    ['of another client', { ...own, sub: 'feed', client_id: 'other' }],
    ['of two clients', { ...own, azp: 'other' }],
    ['of another issuer', { ...own, iss: 'https://id.example.org' }],
    ['of a client that only begins alike', { ...own, sub: 'feed2', client_id: 'feed2' }],
  ])('is none of the account: %s', async (_, claims) => {
    expect((await asks(claims)).status).toBe(401);
  });

  it('does not make a person of the account, nor the account of a person', async () => {
    const person = await asks({ sub: 'sub-acme', client_id: 'feed', scope: 'jobs:read' });
    expect(person.body).toMatchObject({ id: acme.person.id, kind: 'user', scopes: null });
  });

  it('is that of a user whom an admin entered by its subject, as before, until an account is linked to the client', async () => {
    const body = { name: 'Old feed', email: 'old@acme.test', external_id: 'old-feed', access_level: 'standard' };
    const { id } = (await acme.person.post<{ id: string }>('/users', body)).body;
    const claims = { sub: 'old-feed', client_id: 'old-feed', scope: 'jobs:read' };
    expect((await asks(claims)).body).toMatchObject({ id, kind: 'user' });
    const linked = await aServiceAccount(acme.person, { client_id: 'old-feed', scopes: ['jobs:read'] });
    expect((await asks(claims)).body).toMatchObject({ id: linked, kind: 'service_account' });
  });

  it('is refused while the account is disabled, and cannot be linked to two accounts of a team', async () => {
    const id = await aServiceAccount(acme.person, { client_id: 'single' });
    const claims = { ...own, sub: 'single', client_id: 'single' };
    const twice = { name: 'Twice', access_level: 'limited', scopes: [], client_id: 'single' };
    const refused = await acme.person.post('/service_accounts', twice);
    expect([refused.status, refused.body]).toMatchObject([
      409,
      { reason: 'already_taken', errors: { json: { client_id: expect.anything() } } },
    ]);
    await acme.person.patch(`/service_accounts/${id}`, { disabled: true });
    expect((await asks(claims)).status).toBe(401);
    await acme.person.patch(`/service_accounts/${id}`, { disabled: false });
    expect((await asks(claims)).status).toBe(200);
    await acme.person.patch(`/service_accounts/${id}`, { client_id: null });
    expect((await asks(claims)).status).toBe(401);
  });

  it('of a client that another team links, too, names its team: nobody takes its requests over', async () => {
    const id = await aServiceAccount(acme.person, { client_id: 'shared' });
    const claims = { ...own, sub: 'shared', client_id: 'shared' };
    expect((await asks(claims)).body).toMatchObject({ id });
    const theirs = await aServiceAccount(other.person, { client_id: 'shared' });
    expect(await asks(claims)).toMatchObject({ status: 409, body: { reason: 'choose_team' } });
    expect((await asks(claims, '/me', { 'x-team-id': acme.teamId })).body).toMatchObject({ id });
    expect((await asks(claims, '/me', { 'x-team-id': other.teamId })).body).toMatchObject({ id: theirs });
    expect((await asks(claims, '/me', { 'x-team-id': accountId })).status).toBe(401);
  });
});
