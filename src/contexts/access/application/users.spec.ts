import { type AccessLevel, Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { FakeSessions } from '../../../../test/fakes/access/fake-sessions.js';
import {
  AccessTables,
  FakeLinkableCandidates,
  FakeTeams,
  FakeUsers,
} from '../../../../test/fakes/access/fake-users.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { anId, FakeAudit, FakeClock, FakeOutbox } from '../../../../test/fakes/platform.js';
import { UserErased } from '../contract.js';
import type { SignInProof, VerifiedLogout } from '../domain/sessions.js';
import type { UserDetails } from '../domain/user.js';
import { AddUser, AddUserHandler } from './add-user.js';
import { ChangeUser, ChangeUserHandler } from './change-user.js';
import { CreateTeam, CreateTeamHandler } from './create-team.js';
import { EndSession, EndSessionHandler, EndSessionsAtProvider, EndSessionsAtProviderHandler } from './end-session.js';
import { EraseUser, EraseUserHandler } from './erase-user.js';
import { StartSession, StartSessionHandler } from './start-session.js';
import { UserAudit } from './user-audit.js';

const make = () => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  const tables = new AccessTables(store);
  const audit = new FakeAudit(store);
  return {
    ...{ clock, audit, unitOfWork: new FakeUnitOfWork(store), outbox: new FakeOutbox(store) },
    ...{ teams: new FakeTeams(tables), users: new FakeUsers(tables), sessions: new FakeSessions(store, clock) },
    ...{ candidates: new FakeLinkableCandidates(), userAudit: new UserAudit(audit) },
  };
};
let world: ReturnType<typeof make>;
let teamId: string;
/** The first admin of the team. */
let first: Id;
beforeEach(async () => {
  world = make();
  [teamId, first] = [anId(), anId()];
  const { unitOfWork, teams, users, clock, audit } = world;
  const admin = { id: first, name: 'Ada', email: 'ada@example.org', externalId: null };
  await new CreateTeamHandler(unitOfWork, teams, users, clock, audit).execute(new CreateTeam(teamId, 'Acme', admin));
});

const caller = (id: Id = first, level: AccessLevel = 'admin') =>
  new Caller(teamId, { id, name: 'Ada' }, level, { kind: 'all_but', jobIds: [] }, new Map(), []);
const add = async (details: Partial<UserDetails> = {}, by = caller()): Promise<Id> => {
  const id = anId();
  const given = { name: 'Bob', email: `${id}@example.org`, externalId: null, accessLevel: 'standard' as const };
  const handler = new AddUserHandler(world.unitOfWork, world.users, world.candidates, world.userAudit, world.clock);
  await handler.execute(new AddUser(by, id, { ...given, disabled: false, linkedCandidateIds: [], ...details }));
  return id;
};
const change = (id: Id, changes: Partial<UserDetails>, by = caller()) => {
  const { unitOfWork, users, candidates, sessions, userAudit, clock } = world;
  const handler = new ChangeUserHandler(unitOfWork, users, candidates, sessions, userAudit, clock);
  return handler.execute(new ChangeUser(by, id, changes));
};
const erase = (id: Id, by = caller()) => {
  const { unitOfWork, users, sessions, audit, outbox, clock } = world;
  return new EraseUserHandler(unitOfWork, users, sessions, audit, outbox, clock).execute(new EraseUser(by, id));
};
const find = (id: Id) => world.users.find(teamId, id);
const actions = () => world.audit.entries.map(({ action }) => action);

const aProof = (given: Partial<SignInProof> = {}): SignInProof => {
  const now = world.clock.now();
  const times = { authenticatedAt: now, saidAuthenticatedAt: null, askedAt: now };
  return { issuer: 'https://id.example.org', subject: 'ada', providerSessionId: 'sid', ...times, ...given };
};
const start = (userId: Id, replaces: string | null = null, proof = aProof()) =>
  new StartSessionHandler(world.unitOfWork, world.sessions, world.audit).execute(
    new StartSession({ teamId, userId }, proof, replaces, '127.0.0.1'),
  );
const isOpen = async (token: string) => (await world.sessions.end(token)) !== null;

describe('a user', () => {
  it('is added by admins, linked only to candidates of the team, each once', async () => {
    const candidate = anId();
    await expect(add({ linkedCandidateIds: [candidate] })).rejects.toMatchObject({ reason: 'unknown_reference' });
    world.candidates.ids.add(candidate);
    const id = await add({ linkedCandidateIds: [candidate] });
    expect(await find(id)).toMatchObject({ name: 'Bob', linkedCandidateIds: [candidate] });
    await expect(add({ email: 'ADA@example.org' })).rejects.toMatchObject({ reason: 'already_taken' });
    await expect(add({}, caller(first, 'standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    expect(actions()).toEqual(['team.create', 'user.create', 'user.link']);
  });

  it('who becomes an admin, or is linked, is shown to the other admins', async () => {
    const id = await add();
    world.candidates.ids.add(first);
    await change(id, { accessLevel: 'admin' });
    await change(id, { linkedCandidateIds: [first] });
    await change(id, { name: 'Robert' });
    expect(actions().slice(2)).toEqual(['user.update', 'user.admin', 'user.update', 'user.link', 'user.update']);
  });

  it('cannot change their own link, nor how they sign in while they are linked', async () => {
    const candidate = anId();
    world.candidates.ids.add(candidate);
    const id = await add({ accessLevel: 'admin', linkedCandidateIds: [candidate] });
    for (const changes of [{ linkedCandidateIds: [] }, { email: 'new@example.org' }, { externalId: 'x' }])
      await expect(change(id, changes, caller(id))).rejects.toMatchObject({ reason: 'own_link' });
    await change(id, { name: 'Robert' }, caller(id));
    await change(id, { linkedCandidateIds: [] });
    expect(await find(id)).toMatchObject({ name: 'Robert', linkedCandidateIds: [] });
  });

  it('who is the last admin stays one', async () => {
    const changes: Partial<UserDetails>[] = [{ accessLevel: 'standard' }, { disabled: true }];
    for (const one of changes) await expect(change(first, one)).rejects.toMatchObject({ reason: 'last_admin' });
    expect(await find(first)).toMatchObject({ accessLevel: 'admin', disabled: false });
    const other = await add({ accessLevel: 'admin' });
    const both = [change(first, { disabled: true }, caller(other)), change(other, { disabled: true })];
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('is signed out when they are disabled or somebody else may sign in as them', async () => {
    const id = await add();
    for (const [changes, open] of [
      [{ name: 'Robert' }, true],
      [{ externalId: 'x' }, false],
      [{ disabled: true }, false],
    ] as const) {
      const token = await start(id);
      await change(id, changes);
      expect(await isOpen(token)).toBe(open);
    }
  });

  it('is erased by another admin, once, and the others are told', async () => {
    const id = await add();
    const token = await start(id);
    await expect(erase(first)).rejects.toMatchObject({ reason: 'not_oneself' });
    await expect(erase(anId())).rejects.toMatchObject({ kind: 'not_found' });
    for (let n = 0; n < 2; n += 1) await erase(id);
    expect(await find(id)).toMatchObject({ name: 'Former user', email: '', disabled: true, externalId: null });
    expect([await isOpen(token), world.outbox.events]).toEqual([false, [new UserErased(teamId, id)]]);
    expect(actions().filter((action) => action === 'user.erase')).toHaveLength(1);
    await expect(change(id, { name: 'Bob' })).rejects.toMatchObject({ reason: 'user_erased' });
  });

  it('who is the last admin is not erased', async () => {
    const other = await add({ accessLevel: 'standard' });
    await expect(erase(first, caller(other))).rejects.toMatchObject({ reason: 'last_admin' });
    expect((await find(first))?.name).toBe('Ada');
  });
});

describe('a session', () => {
  const logout = (given: Partial<VerifiedLogout> = {}) =>
    new EndSessionsAtProviderHandler(world.unitOfWork, world.sessions, world.audit).execute(
      new EndSessionsAtProvider({
        ...{ issuer: 'https://id.example.org', subject: 'ada', providerSessionId: null },
        ...{ tokenId: 'token', issuedAt: world.clock.now(), ...given },
      }),
    );
  const end = (token: string) =>
    new EndSessionHandler(world.unitOfWork, world.sessions, world.audit).execute(new EndSession(token, '127.0.0.1'));

  it('replaces the one that the browser had', async () => {
    const before = await start(first);
    const token = await start(first, before);
    expect([await isOpen(before), await isOpen(token)]).toEqual([false, true]);
  });

  it('ends once when the person signs out, with an audit entry', async () => {
    const token = await start(first);
    for (let n = 0; n < 2; n += 1) await end(token);
    expect(actions().slice(1)).toEqual(['session.start', 'session.end']);
  });

  it('ends when the provider says so; each of its tokens counts once', async () => {
    const token = await start(first);
    await logout();
    expect(await isOpen(token)).toBe(false);
    await expect(logout()).rejects.toMatchObject({ kind: 'malformed' });
    expect(actions().filter((action) => action === 'session.end')).toHaveLength(1);
  });

  it('does not begin when the provider ended the sign-in while it was in progress', async () => {
    const proof = aProof();
    await logout();
    await expect(start(first, null, proof)).rejects.toMatchObject({ reason: 'session_ended' });
    world.clock.advance({ seconds: 1 });
    expect(await isOpen(await start(first, null, aProof()))).toBe(true);
  });
});
