import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { Teams, Users } from '../../../src/contexts/access/domain/ports.js';
import type { Sessions, SignInProof } from '../../../src/contexts/access/domain/sessions.js';
import type { SignInDirectory, VerifiedIdentity } from '../../../src/contexts/access/domain/sign-in-directory.js';
import { Team } from '../../../src/contexts/access/domain/team.js';
import { User, type UserDetails } from '../../../src/contexts/access/domain/user.js';
import { anId } from '../../fakes/platform.js';

export interface AccessFixture {
  unitOfWork: UnitOfWork;
  teams: Teams;
  users: Users;
  directory: SignInDirectory;
  sessions: Sessions;
}

const issuer = 'https://id.example.org';
const created = new Date('2026-01-10T09:00:00Z');

/** What the use cases of access rely on. */
export function accessContract(name: string, open: () => AccessFixture): void {
  describe(`${name}: access`, () => {
    let fixture: AccessFixture;
    let teamId: string;
    beforeEach(async () => {
      fixture = open();
      teamId = await aTeam('Acme');
    });

    const run = <T>(work: () => Promise<T>): Promise<T> => fixture.unitOfWork.run(work);
    async function aTeam(called: string): Promise<string> {
      const id = anId();
      await run(() => fixture.teams.add(new Team(id, called, created)));
      return id;
    }
    async function aUser(details: Partial<UserDetails> = {}, of = teamId): Promise<User> {
      const id = anId();
      const given = { name: 'Ada', email: `${id}@example.org`, externalId: null, ...details };
      const rest = { accessLevel: 'standard' as const, disabled: false, linkedCandidateIds: [] as Id[], ...details };
      const user = new User(
        ...([of, id, given.name, given.email, given.externalId] as const),
        ...([rest.accessLevel, rest.disabled, rest.linkedCandidateIds, created] as const),
      );
      await run(() => fixture.users.add(user));
      return user;
    }
    const find = (id: Id, of = teamId) => run(() => fixture.users.find(of, id));
    const change = ({ id }: User, changes: Partial<UserDetails>) =>
      run(async () => {
        const user = await fixture.users.find(teamId, id);
        user?.change(changes, created);
        if (user) await fixture.users.save(user);
      });

    describe('users', () => {
      it('are found as they were saved, in their team', async () => {
        const linked = anId();
        const user = await aUser({ accessLevel: 'limited', linkedCandidateIds: [linked] });
        const saved = { name: 'Ada', accessLevel: 'limited', disabled: false, linkedCandidateIds: [linked] };
        expect(await find(user.id)).toMatchObject(saved);
        expect([await find(user.id, anId()), await find(anId())]).toEqual([null, null]);
        await change(user, { name: 'Grace', disabled: true });
        expect(await find(user.id)).toMatchObject({ name: 'Grace', disabled: true });
      });

      it('have addresses and external ids of their own in a team, in every spelling', async () => {
        const subject = anId();
        const [first, other] = [await aUser({ externalId: subject }), await aUser()];
        const taken = (field: string) => ({
          reason: 'already_taken',
          errors: { json: { [field]: expect.anything() } },
        });
        await expect(aUser({ email: first.email.toUpperCase() })).rejects.toMatchObject(taken('email'));
        await expect(change(other, { email: first.email })).rejects.toMatchObject(taken('email'));
        await expect(aUser({ externalId: subject })).rejects.toMatchObject(taken('external_id'));
        expect(await find(other.id)).toMatchObject({ email: other.email });
        await aUser({ email: first.email, externalId: subject }, await aTeam('Other'));
      });

      it('know whether the team has another admin who can sign in', async () => {
        const [admin, other] = [await aUser({ accessLevel: 'admin' }), await aUser()];
        await aUser({ accessLevel: 'admin', disabled: true });
        await aUser({ accessLevel: 'admin' }, await aTeam('Other'));
        const { users } = fixture;
        expect([await users.hasOtherAdmin(teamId, admin.id), await users.hasOtherAdmin(teamId, other.id)]).toEqual([
          ...[false, true],
        ]);
      });

      it('lose every link to a candidate, in their team', async () => {
        const [candidate, kept] = [anId(), anId()];
        const linked = await aUser({ linkedCandidateIds: [candidate, kept] });
        await run(() => fixture.users.unlinkCandidate(anId(), candidate));
        expect((await find(linked.id))?.linkedCandidateIds).toHaveLength(2);
        await run(() => fixture.users.unlinkCandidate(teamId, candidate));
        expect((await find(linked.id))?.linkedCandidateIds).toEqual([kept]);
      });

      it('are changed by one transaction after another while their team is locked', async () => {
        const user = await aUser({ accessLevel: 'admin' });
        const demote = () =>
          run(async () => {
            await fixture.users.lockTeam(teamId);
            const present = await fixture.users.find(teamId, user.id);
            if (!present || present.accessLevel !== 'admin') return 'late';
            present.change({ accessLevel: 'standard' }, created);
            await fixture.users.save(present);
            return 'first';
          });
        expect((await Promise.all([demote(), demote()])).toSorted()).toEqual(['first', 'late']);
      });
    });

    describe('the sign-in directory', () => {
      const identity = (email: string | null, subject: string = anId()): VerifiedIdentity => ({
        issuer,
        subject,
        email,
      });
      const enters = async (who: VerifiedIdentity, context = {}) => {
        const outcome = await fixture.directory.find(who, context);
        return outcome?.kind === 'user' ? outcome.user.id : (outcome?.kind ?? null);
      };

      it('finds an invited person by address, and from then on by subject alone', async () => {
        const user = await aUser();
        const who = identity(user.email.toLowerCase());
        expect(await fixture.directory.user(user.id, who)).toBeNull();
        expect(await enters(who)).toBe(user.id);
        expect(await enters({ ...who, email: null })).toBe(user.id);
        expect(await enters(identity(user.email))).toBeNull();
        expect(await fixture.directory.user(user.id, who)).toMatchObject({ id: user.id, teamId, level: 'standard' });
        expect((await find(user.id))?.externalId).toBe(who.subject);
      });

      it('finds an invited person by external id, at one issuer', async () => {
        const who = identity(null);
        const user = await aUser({ externalId: who.subject });
        expect(await enters(who)).toBe(user.id);
        expect(await enters({ ...who, issuer: 'https://other.example.org' })).toBeNull();
      });

      it('does not find the disabled, the erased and strangers', async () => {
        const [disabled, erased] = [await aUser({ disabled: true }), await aUser()];
        await run(async () => {
          const user = await fixture.users.find(teamId, erased.id);
          user?.erase(created);
          if (user) await fixture.users.save(user);
        });
        for (const email of [disabled.email, erased.email, 'stranger@example.org'])
          expect(await enters(identity(email))).toBeNull();
        expect([await fixture.directory.user(disabled.id), await fixture.directory.user(erased.id)]).toEqual([
          null,
          null,
        ]);
      });

      it('asks a person whom several teams list, and binds nothing before they choose', async () => {
        const other = await aTeam('Other');
        const user = await aUser();
        const there = await aUser({ email: user.email }, other);
        const who = identity(user.email);
        expect(await enters(who)).toBe('choose');
        const choices = await fixture.directory.choices(who);
        expect(choices.map(({ teamName }) => teamName).toSorted()).toEqual(['Acme', 'Other']);
        expect(await enters(who, { teamId: other })).toBe(there.id);
        expect(await enters(who)).toBe(there.id);
        expect(await enters(who, { ask: true })).toBe('choose');
      });

      it('forgets the binding when the external id is changed', async () => {
        const user = await aUser();
        const who = identity(user.email);
        await enters(who);
        await change(user, { name: 'Grace' });
        expect(await fixture.directory.user(user.id, who)).not.toBeNull();
        await change(user, { externalId: anId() });
        expect([await fixture.directory.user(user.id, who), await enters(who)]).toEqual([null, null]);
      });
    });

    describe('sessions', () => {
      const aProof = async (given: Partial<SignInProof> = {}): Promise<SignInProof> => {
        const now = await fixture.sessions.now();
        const times = { authenticatedAt: now, saidAuthenticatedAt: null, askedAt: now };
        return { issuer, subject: anId(), providerSessionId: anId(), ...times, ...given };
      };
      const start = async (proof: SignInProof, of?: Id) => {
        const owner = { teamId, userId: of ?? (await aUser()).id };
        return { owner, token: await run(() => fixture.sessions.start(owner, proof)) };
      };
      const end = (token: string) => run(() => fixture.sessions.end(token));

      it('end once, each with a token of its own', async () => {
        const proof = await aProof();
        const [one, other] = [await start(proof), await start(proof)];
        expect(one.token).not.toBe(other.token);
        expect([await end(one.token), await end(one.token), await end(anId())]).toEqual([one.owner, null, null]);
        expect(await end(other.token)).toEqual(other.owner);
      });

      it('of a user end together', async () => {
        const { owner, token } = await start(await aProof());
        const second = await start(await aProof(), owner.userId);
        const stranger = await start(await aProof());
        await run(() => fixture.sessions.endAllOf(owner));
        expect([await end(token), await end(second.token), await end(stranger.token)]).toEqual([
          ...[null, null, stranger.owner],
        ]);
      });

      it('end at the provider: one of its sessions, or all of a person', async () => {
        const proof = await aProof();
        const [here, there] = [await start(proof), await start({ ...proof, providerSessionId: anId() })];
        const { sessions } = fixture;
        const nothing = { issuer, subject: null, providerSessionId: null };
        expect(await run(() => sessions.endAtProvider(nothing))).toEqual([]);
        const elsewhere = { ...nothing, issuer: 'https://other.example.org', subject: proof.subject };
        expect(await run(() => sessions.endAtProvider(elsewhere))).toEqual([]);
        const session = { ...nothing, providerSessionId: proof.providerSessionId };
        expect(await run(() => sessions.endAtProvider(session))).toEqual([here.owner]);
        expect(await run(() => sessions.endAtProvider({ ...nothing, subject: proof.subject }))).toEqual([there.owner]);
      });

      it('do not begin when the provider ended the sign-in meanwhile; each of its tokens counts once', async () => {
        const proof = await aProof();
        const { sessions } = fixture;
        const { subject, providerSessionId } = proof;
        const wasEnded = (given: Partial<SignInProof> = {}) =>
          run(() => sessions.wasEndedMeanwhile({ ...proof, ...given }));
        const logout = { issuer, subject, providerSessionId, tokenId: anId(), issuedAt: await sessions.now() };
        expect(await wasEnded()).toBe(false);
        expect([await run(() => sessions.takeLogout(logout)), await run(() => sessions.takeLogout(logout))]).toEqual([
          ...[true, false],
        ]);
        expect([
          await wasEnded(),
          await wasEnded({ subject: anId() }),
          await wasEnded({ providerSessionId: anId() }),
        ]).toEqual([true, false, false]);
        const later = new Date(logout.issuedAt.getTime() + 60_000);
        expect([await wasEnded({ askedAt: later }), await wasEnded({ saidAuthenticatedAt: later })]).toEqual([
          ...[false, false],
        ]);
      });
    });
  });
}
