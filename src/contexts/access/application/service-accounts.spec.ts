import { type AccessLevel, Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import type { Scope } from '#kernel/scopes';
import {
  FakeApiKeys,
  FakeServiceAccounts,
  MachineTables,
} from '../../../../test/fakes/access/fake-service-accounts.js';
import { AccessTables, FakeTeams, FakeUsers } from '../../../../test/fakes/access/fake-users.js';
import { FakeStore, FakeUnitOfWork } from '../../../../test/fakes/fake-store.js';
import { anId, FakeAudit, FakeClock, FakeOutbox } from '../../../../test/fakes/platform.js';
import { ServiceAccountDeleted } from '../contract.js';
import { mostAccounts, mostKeys, type ServiceAccountDetails } from '../domain/service-account.js';
import { AddServiceAccount, AddServiceAccountHandler } from './add-service-account.js';
import {
  ChangeServiceAccount,
  ChangeServiceAccountHandler,
  DeleteServiceAccount,
  DeleteServiceAccountHandler,
} from './change-service-account.js';
import { IssueKey, IssueKeyHandler, RevokeKey, RevokeKeyHandler } from './issue-key.js';

const make = () => {
  const [store, clock] = [new FakeStore(), new FakeClock()];
  const access = new AccessTables(store);
  const tables = new MachineTables(access);
  return {
    ...{ clock, audit: new FakeAudit(store), outbox: new FakeOutbox(store), unitOfWork: new FakeUnitOfWork(store) },
    ...{ users: new FakeUsers(access), teams: new FakeTeams(access) },
    ...{ accounts: new FakeServiceAccounts(tables, clock), apiKeys: new FakeApiKeys(tables, clock) },
  };
};
let world: ReturnType<typeof make>;
const teamId = anId();
const ada = anId();
beforeEach(() => {
  world = make();
  world.unitOfWork.collides = true;
});

const caller = (level: AccessLevel = 'admin', scopes: Scope[] | null = null, id: Id = ada) =>
  new Caller(teamId, { id, name: 'Ada' }, level, { kind: 'all_but', jobIds: [] }, new Map(), [], null, scopes);
const add = async (details: Partial<ServiceAccountDetails> = {}, by = caller()): Promise<Id> => {
  const { unitOfWork, accounts, users, audit, clock } = world;
  const id = anId();
  const given = { name: 'Feed', accessLevel: 'standard' as const, scopes: ['jobs:read' as const], client: null };
  const command = new AddServiceAccount(by, id, { ...given, disabled: false, ...details });
  await new AddServiceAccountHandler(unitOfWork, accounts, users, audit, clock).execute(command);
  return id;
};
const change = (id: Id, changes: Partial<ServiceAccountDetails>, by = caller()) => {
  const { unitOfWork, accounts, audit, clock } = world;
  return new ChangeServiceAccountHandler(unitOfWork, accounts, audit, clock).execute(
    new ChangeServiceAccount(by, id, changes),
  );
};
const remove = (id: Id, by = caller()) => {
  const { unitOfWork, accounts, audit, outbox, clock } = world;
  return new DeleteServiceAccountHandler(unitOfWork, accounts, audit, outbox, clock).execute(
    new DeleteServiceAccount(by, id),
  );
};
const issue = (id: Id, keyId = anId(), by = caller()) => {
  const { unitOfWork, accounts, users, audit } = world;
  return new IssueKeyHandler(unitOfWork, accounts, users, audit).execute(new IssueKey(by, id, keyId, 90));
};
const revoke = (id: Id, keyId: Id, by = caller()) => {
  const { unitOfWork, accounts, audit } = world;
  return new RevokeKeyHandler(unitOfWork, accounts, audit).execute(new RevokeKey(by, id, keyId));
};
const find = (id: Id) => world.accounts.find(teamId, id);
const authenticate = (key: string) => world.apiKeys.authenticate(key, { teamId: null, ip: '127.0.0.1' });
const notFound = { kind: 'not_found' };

describe('A service account', () => {
  it('is added by an admin, and all that happens to it is in the audit log, without its name', async () => {
    const id = await add({ scopes: ['imports'], accessLevel: 'admin' });
    await change(id, { scopes: ['imports', 'jobs:read'], name: 'Ada’s feed' });
    await remove(id);
    const about = { entity: 'service_account', entityId: id, teamId, actorId: ada };
    expect(world.audit.entries).toMatchObject([
      {
        ...about,
        action: 'service_account.create',
        to: { access_level: 'admin', scopes: ['imports'], disabled: false, changed: ['client_id', 'name'] },
      },
      {
        ...about,
        action: 'service_account.update',
        from: { scopes: ['imports'] },
        to: { scopes: ['imports', 'jobs:read'], changed: ['name'] },
      },
      { ...about, action: 'service_account.delete' },
    ]);
    expect(JSON.stringify(world.audit.entries)).not.toMatch(/feed/i);
  });

  it('is refused to everyone who does not administer the team, and to every service account', async () => {
    const id = await add();
    const keyId = anId();
    await issue(id, keyId);
    const strangers = [caller('standard'), caller('limited'), caller('admin', ['imports', 'integrations:read'])];
    for (const by of strangers) {
      const attempts = [() => add({}, by), () => change(id, { scopes: [] }, by), () => remove(id, by)];
      for (const attempt of [...attempts, () => issue(id, anId(), by), () => revoke(id, keyId, by)])
        await expect(attempt()).rejects.toMatchObject({ kind: 'forbidden', reason: 'not_allowed' });
    }
  });

  it('is one of a limited number, of which a deleted one takes no place', async () => {
    const ids: Id[] = [];
    for (let nth = 0; nth < mostAccounts; nth += 1) ids.push(await add());
    await expect(add()).rejects.toMatchObject({ kind: 'conflict', reason: 'too_many_service_accounts' });
    await remove(ids[0] ?? anId());
    await add();
  });

  it('has a limited number of keys, each shown once and never in the audit log', async () => {
    const id = await add();
    const issued = [];
    for (let nth = 0; nth < mostKeys; nth += 1) issued.push(await issue(id));
    await expect(issue(id)).rejects.toMatchObject({ kind: 'conflict', reason: 'too_many_keys' });
    const log = JSON.stringify(world.audit.entries);
    for (const { key } of issued) expect(log).not.toContain(key.slice(4, 20));
    expect(world.audit.entries.at(-1)).toMatchObject({
      action: 'service_account.key_create',
      to: { service_account_id: id },
    });
  });

  it('loses a key at once, and all of them when it is deleted', async () => {
    const [id, other, keyId] = [await add(), await add(), anId()];
    const [{ key }, second] = [await issue(id, keyId), await issue(id)];
    await expect(revoke(other, keyId)).rejects.toMatchObject(notFound);
    await authenticate(key);
    await revoke(id, keyId);
    await expect(authenticate(key)).rejects.toMatchObject({ kind: 'unauthenticated' });
    await expect(revoke(id, keyId)).rejects.toMatchObject(notFound);
    await remove(id);
    await expect(authenticate(second.key)).rejects.toMatchObject({ kind: 'unauthenticated' });
    expect(world.outbox.events).toEqual([new ServiceAccountDeleted(teamId, id)]);
    for (const attempt of [() => change(id, {}), () => remove(id), () => issue(id)])
      await expect(attempt()).rejects.toMatchObject(notFound);
  });

  it('remembers everyone who had a hand in its rights', async () => {
    const [id, second, third] = [await add(), anId(), anId()];
    await change(id, { scopes: ['results:read'] }, caller('admin', null, second));
    await issue(id, anId(), caller('admin', null, third));
    await issue(id);
    expect((await find(id))?.stewardIds).toEqual([ada, second, third]);
  });
});
