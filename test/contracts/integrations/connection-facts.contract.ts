import type { UnitOfWork } from '#kernel/ports';
import type { RejectedSignatures } from '../../../src/contexts/integrations/cases/domain/vendor-cases.js';
import type { Connection } from '../../../src/contexts/integrations/connections/domain/connection.js';
import type { Connections } from '../../../src/contexts/integrations/connections/domain/connections.js';
import type { Packages } from '../../../src/contexts/integrations/connections/domain/packages.js';
import type { SealedSecrets } from '../../../src/contexts/integrations/connections/domain/sealed-secrets.js';
import type { WebhookStatuses } from '../../../src/contexts/integrations/connections/domain/webhook-status.js';
import type { CallLog } from '../../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import { anId } from '../../fakes/platform.js';
import { aSavedConnection } from './case-fixtures.js';

export interface ConnectionFactsFixture {
  unitOfWork: UnitOfWork;
  connections: Connections;
  webhookStatuses: WebhookStatuses;
  rejected: RejectedSignatures;
  packages: Packages;
  callLog: CallLog;
  sealedSecrets: SealedSecrets;
  /** Rejected signatures may be written in batches: now. */
  flush: () => Promise<void>;
  lastErrorOf: (connection: Connection) => Promise<{ reason: string; message: string } | null>;
}

/** What is kept of a connection past the aggregate. */
export function connectionFactsContract(name: string, open: () => ConnectionFactsFixture): void {
  describe(`${name}: of a connection`, () => {
    let fixture: ConnectionFactsFixture;
    let connection: Connection;
    beforeEach(async () => {
      fixture = open();
      connection = await aSavedConnection(fixture);
    });

    describe('the webhook status', () => {
      const status = () => fixture.webhookStatuses.of(connection);
      const arrives = () =>
        fixture.webhookStatuses.arrived([{ teamId: connection.teamId, connectionId: connection.id }]);
      async function isRefused(times: number, sealed = connection.webhookSecret.sealed): Promise<void> {
        const { teamId, id: connectionId } = connection;
        const owner = { teamId, connectionId, orderId: anId(), secrets: [{ sealed, place: '' }] };
        for (let n = 0; n < times; n += 1) fixture.rejected.count(owner);
        await fixture.flush();
      }

      it('waits until an event arrives, and then works', async () => {
        expect(await status()).toEqual({ state: 'waiting', since: null, likelyCause: null, refused: 0 });
        await arrives();
        const first = await status();
        expect(first).toEqual({ state: 'working', since: expect.anything() as Date, likelyCause: null, refused: 0 });
        await arrives();
        expect(await status()).toEqual(first);
      });

      it('is refused after three refused events in a row: the secret is wrong if none ever matched', async () => {
        await isRefused(2);
        expect(await status()).toMatchObject({ state: 'waiting', refused: 2 });
        await isRefused(1);
        expect(await status()).toMatchObject({ state: 'refused', likelyCause: 'wrong_secret', refused: 3 });
        expect((await status()).since).not.toBeNull();
        await arrives();
        expect(await status()).toMatchObject({ state: 'working', refused: 0 });
        await isRefused(3);
        expect(await status()).toMatchObject({ state: 'refused', likelyCause: 'secret_changed' });
      });

      it('begins again when another secret is saved, and does not count what the earlier one refused', async () => {
        await arrives();
        const { sealed } = connection.webhookSecret;
        await fixture.unitOfWork.run(async () => {
          const saved = await fixture.connections.currentOf(connection.teamId, connection.vendor);
          saved?.replaceWebhookSecret({ ...connection.webhookSecret, sealed: 'another' }, new Date());
          if (saved) await fixture.connections.save(saved);
          await fixture.webhookStatuses.restart(connection);
        });
        await isRefused(3, sealed);
        expect(await status()).toMatchObject({ state: 'waiting', refused: 0 });
        await isRefused(3, 'another');
        expect(await status()).toMatchObject({ state: 'refused', refused: 3 });
      });

      it('is its own: others stay as they are, and none has an event yet', async () => {
        await arrives();
        expect(await fixture.webhookStatuses.of(await aSavedConnection(fixture))).toMatchObject({ state: 'waiting' });
        expect(await fixture.webhookStatuses.lastEventAt(connection)).toBeNull();
      });
    });

    describe('packages', () => {
      const [basic, deep] = [
        { id: 'p-basic', name: 'Basic', active: true },
        { id: 'p-deep', name: "Deep\n'check'", active: false },
      ];

      it("are kept in the vendor's order, and replaced as a whole", async () => {
        const { packages } = fixture;
        expect(await packages.lastKnown(connection)).toBeNull();
        await packages.replace(connection, [deep, basic]);
        const known = await packages.lastKnown(connection);
        expect(known?.packages).toEqual([deep, basic]);
        expect(known?.ageSeconds).toBeGreaterThanOrEqual(0);
        expect(known?.ageSeconds).toBeLessThan(20);
        const { fetchedAt } = await packages.replace(connection, []);
        expect(await packages.lastKnown(connection)).toMatchObject({ packages: [], fetchedAt });
        expect(await packages.lastKnown(await aSavedConnection(fixture))).toBeNull();
      });

      it('are not mixed when two lists arrive at once', async () => {
        const { packages } = fixture;
        await Promise.all(Array.from({ length: 8 }, () => packages.replace(connection, [basic, deep])));
        expect((await packages.lastKnown(connection))?.packages).toEqual([basic, deep]);
      });
    });

    it('the last failed call is kept, and its version is not', async () => {
      const { teamId, id, version } = connection;
      expect(await fixture.lastErrorOf(connection)).toBeNull();
      for (const reason of ['key_refused', 'timeout'])
        await fixture.callLog.failed(teamId, id, { reason, message: `It was ${reason}.` });
      expect(await fixture.lastErrorOf(connection)).toMatchObject({ reason: 'timeout', message: 'It was timeout.' });
      expect((await fixture.connections.byId(teamId, id))?.version).toBe(version);
    });

    describe('sealed secrets', () => {
      const stored = () => fixture.sealedSecrets.ofTeam(connection.teamId);
      const sealedAs = (kid: string) =>
        fixture.unitOfWork.run(async () => {
          const saved = await fixture.connections.currentOf(connection.teamId, connection.vendor);
          if (!saved) throw new Error('There is no connection.');
          saved.replaceKey({ ...saved.apiKey, sealed: `${kid}.key` }, saved.accountKey, new Date());
          saved.replaceWebhookSecret({ ...saved.webhookSecret, sealed: `${kid}.secret` }, new Date(), true);
          await fixture.connections.save(saved);
        });

      it('are those of the team, the previous webhook secret included', async () => {
        await sealedAs('old');
        const named = async () => (await stored()).map(({ column, sealed }) => [column, sealed]);
        expect(await named()).toEqual([
          ['api_key', 'old.key'],
          ['webhook_secret', 'old.secret'],
        ]);
        await fixture.unitOfWork.run(async () => {
          const saved = await fixture.connections.currentOf(connection.teamId, connection.vendor);
          saved?.replaceWebhookSecret({ ...connection.webhookSecret, sealed: 'new.secret' }, new Date());
          if (saved) await fixture.connections.save(saved);
        });
        expect((await named()).toSorted()).toEqual([
          ['api_key', 'old.key'],
          ['previous_webhook_secret', 'old.secret'],
          ['webhook_secret', 'new.secret'],
        ]);
      });

      it('are found until each is sealed with the newest key', async () => {
        await sealedAs('old');
        const isFound = async () => (await fixture.sealedSecrets.teamsNotSealedWith('new')).includes(connection.teamId);
        expect(await isFound()).toBe(true);
        for (const secret of await stored())
          expect(await fixture.sealedSecrets.replace(secret, secret.sealed.replace('old', 'new'))).toBe(true);
        expect([await isFound(), (await stored()).map(({ sealed }) => sealed).toSorted()]).toEqual([
          false,
          ['new.key', 'new.secret'],
        ]);
      });

      it('are not replaced when another one was saved meanwhile', async () => {
        await sealedAs('old');
        const [key] = await stored();
        await sealedAs('other');
        expect(key && (await fixture.sealedSecrets.replace(key, 'new.key'))).toBe(false);
        expect((await stored()).map(({ sealed }) => sealed)).toContain('other.key');
      });
    });
  });
}
