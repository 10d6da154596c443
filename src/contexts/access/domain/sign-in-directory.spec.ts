import type { Id } from '#kernel/id';
import { decideSignIn, type DirectoryEntry, verifiedIdentity } from './sign-in-directory.js';

const entry = (team: string, bound = false, id = `user-of-${team}`): DirectoryEntry => ({
  user: { teamId: team, id: id as Id, name: 'Ada', level: 'standard', ownCandidateIds: [] },
  teamName: team.toUpperCase(),
  bound,
});
const [inviting, other] = [entry('a'), entry('b')];
const [bound, otherBound] = [entry('a', true), entry('b', true)];

describe('A sign-in that names no team', () => {
  it.each<[string, DirectoryEntry[], string | null]>([
    ['enters the only team that lists the person', [inviting], 'a'],
    ['enters the team in which they are bound, also when others list them', [bound, other], 'a'],
    ['asks when several list them and they are bound nowhere', [inviting, other], 'choose'],
    ['asks when they are bound in several', [bound, otherBound], 'choose'],
    ['takes the best entry of a team', [entry('a', false, 'first'), entry('a', false, 'second')], 'a'],
    ['finds no one when no team lists the person', [], null],
  ])('%s', (_, entries, ends) => {
    expect(endOf(entries, null)).toBe(ends);
  });
});

describe('A sign-in of a person who can be asked', () => {
  it.each<[string, DirectoryEntry[], string | null]>([
    ['enters the only team that lists the person', [inviting], 'a'],
    ['enters the only team in which they are bound', [bound], 'a'],
    ['asks when another team invites them: they may have been bound in the wrong one', [bound, other], 'choose'],
  ])('%s', (_, entries, ends) => {
    expect(endOf(entries, null, true)).toBe(ends);
  });
});

describe('A sign-in that names a team', () => {
  it.each<[string, DirectoryEntry[], string, string | null]>([
    ['accepts an invitation beside a binding', [bound, other], 'b', 'b'],
    ['goes where the person is bound', [bound, otherBound], 'a', 'a'],
    ['asks for a team that does not list them', [bound], 'c', 'choose'],
    ['finds no one when no team lists the person', [], 'a', null],
  ])('%s', (_, entries, teamId, ends) => {
    expect(endOf(entries, teamId)).toBe(ends);
  });

  it('lists the possible teams, each once', () => {
    const decision = decideSignIn([bound, entry('a', false, 'second'), other], { teamId: 'c' });
    expect(decision).toEqual({
      kind: 'choose',
      choices: [
        { teamId: 'a', teamName: 'A' },
        { teamId: 'b', teamName: 'B' },
      ],
    });
  });
});

describe('A verified identity', () => {
  const claims = { iss: 'https://id.example.org', sub: 'sub', email: 'ADA@example.org', email_verified: true };

  it('has an address only if the issuer says that it is verified', () => {
    expect(verifiedIdentity(claims)).toEqual({ issuer: claims.iss, subject: 'sub', email: 'ada@example.org' });
    for (const verified of [false, 'true', 1, undefined, null]) {
      expect(verifiedIdentity({ ...claims, email_verified: verified })).toMatchObject({ email: null });
    }
  });

  it.each([undefined, '', 7, ['sub'], 'a\u0000', 'a\nb', '\u00e4', 'x'.repeat(256)])(
    'has no subject like %j',
    (sub) => {
      expect(verifiedIdentity({ ...claims, sub })).toBeNull();
    },
  );
});

function endOf(entries: DirectoryEntry[], teamId: string | null, ask = false): string | null {
  const decision = decideSignIn(entries, { teamId, ask });
  return decision && (decision.kind === 'enter' ? decision.entry.user.teamId : 'choose');
}
