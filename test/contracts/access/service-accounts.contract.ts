import type { Id } from '#kernel/id';
import type { UnitOfWork } from '#kernel/ports';
import type { ApiKeys } from '#platform/auth/ports';
import type { Teams, Users } from '../../../src/contexts/access/domain/ports.js';
import { ServiceAccount, type ServiceAccountDetails } from '../../../src/contexts/access/domain/service-account.js';
import type {
  IssuedKey,
  MachineDirectory,
  ServiceAccounts,
} from '../../../src/contexts/access/domain/service-accounts.js';
import { Team } from '../../../src/contexts/access/domain/team.js';
import { User } from '../../../src/contexts/access/domain/user.js';
import { anId } from '../../fakes/platform.js';

export interface MachineFixture {
  unitOfWork: UnitOfWork;
  teams: Teams;
  users: Users;
  accounts: ServiceAccounts;
  apiKeys: ApiKeys;
  machines: MachineDirectory;
}

const issuer = 'https://id.example.org';
const created = new Date('2026-01-10T09:00:00Z');
const badKey = { kind: 'unauthenticated', reason: 'unauthenticated', message: 'This API key is not valid.' };

/** What the use cases of service accounts and the guard rely on. */
export function serviceAccountsContract(name: string, open: () => MachineFixture): void {
  describe(`${name}: service accounts`, () => {
    let fixture: MachineFixture;
    let teamId: string;
    let steward: Id;
    const own = anId();
    beforeEach(async () => {
      fixture = open();
      teamId = await aTeam('Acme');
      steward = anId();
      const ada = new User(teamId, steward, 'Ada', `${steward}@example.org`, null, 'admin', false, [own], created);
      await run(() => fixture.users.add(ada));
    });

    const run = <T>(work: () => Promise<T>): Promise<T> => fixture.unitOfWork.run(work);
    async function aTeam(called: string): Promise<string> {
      const id = anId();
      await run(() => fixture.teams.add(new Team(id, called, created)));
      return id;
    }
    async function anAccount(details: Partial<ServiceAccountDetails> = {}, of = teamId): Promise<ServiceAccount> {
      const { accessLevel = 'standard', scopes = ['jobs:read'], client, disabled = false } = details;
      const link = [client?.issuer ?? null, client?.clientId ?? null, disabled] as const;
      const account = new ServiceAccount(of, anId(), 'Importer', accessLevel, scopes, ...link, [steward], created);
      await run(() => fixture.accounts.add(account));
      return account;
    }
    const find = (id: Id, of = teamId) => run(() => fixture.accounts.find(of, id));
    const change = ({ id }: ServiceAccount, act: (account: ServiceAccount) => void): Promise<void> =>
      run(async () => {
        const account = await fixture.accounts.find(teamId, id);
        if (!account) throw new Error('The account is gone.');
        act(account);
        await fixture.accounts.save(account);
      });
    const aKey = (account: ServiceAccount, expiresInDays = 30, id = anId()): Promise<IssuedKey> =>
      run(() => fixture.accounts.issueKey(account, { id, expiresInDays }));
    const authenticate = (key: string, of: string | null = null) =>
      fixture.apiKeys.authenticate(key, { teamId: of, ip: '127.0.0.1' });

    it('are found as they were saved, in their team, until they are deleted', async () => {
      const account = await anAccount({ accessLevel: 'limited', scopes: ['imports', 'jobs:read'] });
      const saved = { name: 'Importer', accessLevel: 'limited', scopes: ['imports', 'jobs:read'], disabled: false };
      expect(await find(account.id)).toMatchObject(saved);
      expect([await find(account.id, anId()), await find(anId())]).toEqual([null, null]);
      await change(account, (one) => one.change({ name: 'Reader', scopes: [] }, steward, created));
      expect(await find(account.id)).toMatchObject({ name: 'Reader', scopes: [] });
      await anAccount({}, await aTeam('Other'));
      expect(await run(() => fixture.accounts.countOf(teamId))).toBe(1);
      await change(account, (one) => one.delete(created));
      expect([await find(account.id), await run(() => fixture.accounts.countOf(teamId))]).toEqual([null, 0]);
    });

    it('are linked to a client once in a team, until they are deleted', async () => {
      const client = { issuer, clientId: anId() };
      const first = await anAccount({ client });
      const taken = { reason: 'already_taken', errors: { json: { client_id: expect.anything() } } };
      await expect(anAccount({ client })).rejects.toMatchObject(taken);
      const other = await anAccount();
      await expect(change(other, (one) => one.change({ client }, steward, created))).rejects.toMatchObject(taken);
      await anAccount({ client: { ...client, issuer: 'https://other.example.org' } });
      await change(first, (one) => one.delete(created));
      await anAccount({ client });
    });

    it('have keys that differ, that nobody else has, and that are counted until they expire', async () => {
      const account = await anAccount();
      const [one, two] = [await aKey(account), await aKey(account)];
      await aKey(account, -1);
      await aKey(await anAccount());
      expect(one.key).toMatch(/^ats_[0-9A-Za-z]{38}$/);
      expect([one.key === two.key, one.last4]).toEqual([false, one.key.slice(-4)]);
      expect(await run(() => fixture.accounts.countKeys(account))).toBe(2);
    });

    it('are found by their keys, and see nothing about the candidates that their stewards are', async () => {
      const account = await anAccount({ accessLevel: 'admin', scopes: ['results:read'] });
      const { key, expiresAt } = await aKey(account);
      const rights = { level: 'admin', scopes: ['results:read'], ownCandidateIds: [own] };
      const found = { account: { teamId, id: account.id, name: 'Importer', ...rights }, endsAt: expiresAt };
      expect([await authenticate(key), await authenticate(key, teamId)]).toEqual([found, found]);
    });

    it('are not found by a key that is none, has expired or was revoked, nor for another team', async () => {
      const account = await anAccount();
      const [keyId, other] = [anId(), await anAccount()];
      const { key } = await aKey(account, 30, keyId);
      const expired = (await aKey(account, -1)).key;
      for (const text of ['', 'ats_', `${key}0`, expired])
        await expect(authenticate(text)).rejects.toMatchObject(badKey);
      await expect(authenticate(key, anId())).rejects.toMatchObject(badKey);
      const revoke = (of: ServiceAccount) => run(() => fixture.accounts.revokeKey(of, keyId));
      expect(await revoke(other)).toBe(false);
      await authenticate(key);
      expect([await revoke(account), await revoke(account)]).toEqual([true, false]);
      await expect(authenticate(key)).rejects.toMatchObject(badKey);
    });

    it('are not found by any key while they are disabled, nor once they are deleted', async () => {
      const account = await anAccount();
      const { key } = await aKey(account);
      await change(account, (one) => one.change({ disabled: true }, steward, created));
      await expect(authenticate(key)).rejects.toMatchObject(badKey);
      await change(account, (one) => one.change({ disabled: false }, steward, created));
      await authenticate(key);
      await change(account, (one) => one.delete(created));
      await expect(authenticate(key)).rejects.toMatchObject(badKey);
    });

    it('are found by their client in every team, with whether their use is to be noted', async () => {
      const client = { issuer, clientId: anId() };
      const account = await anAccount({ client });
      const away = await aTeam('Other');
      await anAccount({ client, disabled: true }, away);
      const linked = () => fixture.machines.linkedTo(client);
      const here = { teamId, teamName: 'Acme', isUseDue: true, account: { id: account.id, scopes: ['jobs:read'] } };
      const there = { teamId: away, teamName: 'Other', account: null };
      expect((await linked()).toSorted((a) => (a.teamId === teamId ? -1 : 1))).toMatchObject([here, there]);
      expect(await fixture.machines.linkedTo({ ...client, issuer: 'https://other.example.org' })).toEqual([]);
      const [own] = (await linked()).filter((one) => one.teamId === teamId);
      if (own?.account) await fixture.machines.noteUse(own.account);
      expect((await linked()).map(({ teamName, isUseDue }) => [teamName, isUseDue]).toSorted()).toEqual([
        ['Acme', false],
        ['Other', true],
      ]);
    });
  });
}
