import type { SignedInUser } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { accountOf, type LinkedAccount, narrowed } from './service-accounts.js';

const account: SignedInUser = {
  ...{ teamId: 'acme', id: 'app' as Id, name: 'App', level: 'standard', ownCandidateIds: [] },
  scopes: ['jobs:read', 'results:read'],
};
const linked = (teamId: string, given: SignedInUser | null = { ...account, teamId }): LinkedAccount => ({
  ...{ account: given, teamId, teamName: teamId.toUpperCase(), isUseDue: false },
});

describe('The account of a client', () => {
  it('is none when no team has linked it', () => {
    expect(accountOf([], null)).toBeNull();
  });

  it('is that of the one team, also when the request names it', () => {
    const found = { account: { teamId: 'acme' } };
    expect(accountOf([linked('acme')], null)).toMatchObject(found);
    expect(accountOf([linked('acme')], 'acme')).toMatchObject(found);
  });

  it('must be chosen when another team has linked the client, too', () => {
    const both = [linked('acme'), linked('other')];
    const choices = { 'x-team-id': ['acme (ACME)', 'other (OTHER)'] };
    expect(() => accountOf(both, null)).toThrow(
      expect.objectContaining({ reason: 'choose_team', errors: { headers: choices } }),
    );
    expect(accountOf(both, 'acme')).toMatchObject({ account: { teamId: 'acme' } });
  });

  it('is refused when it is disabled, and in a team that has not linked the client', () => {
    const refused = expect.objectContaining({ kind: 'unauthenticated' });
    expect(() => accountOf([linked('acme', null)], null)).toThrow(refused);
    expect(() => accountOf([linked('acme')], 'other')).toThrow(refused);
  });

  it('has those of its scopes that the token names', () => {
    expect(narrowed(account, ['results:read', 'imports']).scopes).toEqual(['results:read']);
    expect(narrowed(account, []).scopes).toEqual([]);
  });
});
