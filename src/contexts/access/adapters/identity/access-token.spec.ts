import { machineClientIn } from './access-token.js';

const iss = 'https://id.example.org';

describe('A token names a client that signed in by itself', () => {
  it.each([
    ['when its subject is the client', { sub: 'feed', client_id: 'feed' }],
    ['as Auth0 writes it', { sub: 'feed@clients', azp: 'feed', gty: 'client-credentials' }],
    ['as Okta writes it', { sub: 'feed', cid: 'feed' }],
    ['as Entra writes it', { sub: '6b1f', azp: 'feed', idtyp: 'app' }],
  ])('%s', (_, claims) => {
    expect(machineClientIn({ iss, ...claims })).toEqual({ issuer: iss, clientId: 'feed', scopes: [] });
  });

  it('with the scopes that we know, from either claim', () => {
    const claims = { iss, sub: 'feed', client_id: 'feed', scope: 'openid results:read ats:use', scp: ['jobs:read'] };
    expect(machineClientIn(claims)?.scopes).toEqual(['jobs:read', 'results:read']);
  });

  it.each([
    ['when a person got it through the client', { sub: 'ada', client_id: 'feed' }],
    ['when no client is named', { sub: 'feed' }],
    ['when two clients are', { sub: 'feed', client_id: 'feed', azp: 'other' }],
    ['when the client is no text', { sub: 'feed', client_id: ['feed'] }],
    ['when the subject only begins alike', { sub: 'feed@clients.example.org', client_id: 'feed' }],
    ['when it has no subject', { client_id: 'feed' }],
  ])('but not %s', (_, claims) => {
    expect(machineClientIn({ iss, ...claims })).toBeNull();
  });
});
