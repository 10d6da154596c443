import { randomBytes } from 'node:crypto';
import type { Audit } from '#kernel/ports';
import { Keyring } from '#platform/secrets/keyring';
import { ConnectionsWorld } from '../../../../../test/fakes/integrations/connections-world.js';
import type { Connection } from '../domain/connection.js';
import { apiKeyPlace, webhookSecretPlace } from '../domain/secret-places.js';
import { resealSecrets } from './reseal-secrets.js';

const [old, newer, lost] = ['old', 'newer', 'lost'].map((kid) => ({ kid, key: randomBytes(32) })) as [Key, Key, Key];
type Key = { kid: string; key: Buffer };

/** Two teams whose secrets are sealed with the old key. Both keys are in the ring now. */
const ring = new Keyring([newer, old]);
let world: ConnectionsWorld;
let connections: [Connection, Connection];
beforeEach(async () => {
  world = new ConnectionsWorld();
  connections = [await sealed(new Keyring([old])), await sealed(new Keyring([old]))];
});

async function sealed(keyring: Keyring): Promise<Connection> {
  const connection = world.aConnection();
  const { teamId, id } = connection;
  connection.apiKey.sealed = keyring.seal('the key', apiKeyPlace(teamId, id));
  connection.webhookSecret.sealed = keyring.seal('the secret', webhookSecretPlace(teamId, id));
  connection.previousWebhookSecret = keyring.seal('the last secret', webhookSecretPlace(teamId, id));
  await world.unitOfWork.run(() => world.connections.add(connection));
  return connection;
}

const reseal = (keyring = ring, audit: Audit = world.audit) =>
  resealSecrets(world.sealedSecrets, keyring, world.unitOfWork, audit);
const storedOf = (teamId: string) => world.sealedSecrets.ofTeam(teamId);

describe('sealing all secrets with the newest key', () => {
  it('leaves each secret as it is, in its place, and audits each team', async () => {
    expect(await reseal()).toEqual({ resealed: 6, unopened: [], leftTeams: 0 });
    const onlyNewer = new Keyring([newer]);
    for (const { teamId, id } of connections) {
      const secrets = (await storedOf(teamId)).map(({ column, sealed: text }) =>
        onlyNewer.open(text, column === 'api_key' ? apiKeyPlace(teamId, id) : webhookSecretPlace(teamId, id)),
      );
      expect(secrets).toEqual(['the key', 'the last secret', 'the secret']);
    }
    const to = { command: 'secrets:rotate', key: 'newer', resealed: 3, unopened: 0 };
    expect(world.audit.entries.map((entry) => [entry.teamId, entry.to])).toEqual(
      connections.map(({ teamId }) => [teamId, to]).toSorted(),
    );
  });

  it('done again changes nothing', async () => {
    await reseal();
    const before = await Promise.all(connections.map(({ teamId }) => storedOf(teamId)));
    expect(await reseal()).toEqual({ resealed: 0, unopened: [], leftTeams: 0 });
    expect(await Promise.all(connections.map(({ teamId }) => storedOf(teamId)))).toEqual(before);
  });

  it('leaves those that no key opens, and names them', async () => {
    const strange = await sealed(new Keyring([lost]));
    const { resealed, unopened, leftTeams } = await reseal();
    expect([resealed, leftTeams]).toEqual([6, 0]);
    const where = { teamId: strange.teamId, connectionId: strange.id, why: 'unknown_key', kid: 'lost' };
    expect(unopened).toEqual(
      ['api_key', 'previous_webhook_secret', 'webhook_secret'].map((column) => ({ ...where, column })),
    );
  });

  it('does not open a secret that was copied from another place', async () => {
    const [one, other] = connections;
    world.connections.change(one.teamId, one.id, (row) => ({ apiKey: { ...row.apiKey, ...other.apiKey } }));
    const { unopened } = await reseal();
    expect(unopened).toEqual([
      { teamId: one.teamId, connectionId: one.id, column: 'api_key', why: 'damaged', kid: 'old' },
    ]);
  });

  it('does not undo a secret that was saved meanwhile, and counts the team that is left', async () => {
    const [first] = connections.toSorted((one, other) => one.teamId.localeCompare(other.teamId));
    if (!first) throw new Error('There are two connections.');
    const place = apiKeyPlace(first.teamId, first.id);
    const saved = new Keyring([old]).seal('another key', place);
    const { audit } = world;
    // A replica that has only the old key saves while the team is audited: after the team was resealed.
    const meanwhile = Object.assign(Object.create(audit) as Audit, {
      record: async (...given: Parameters<Audit['record']>) => {
        if (given[0].teamId === first.teamId)
          world.connections.change(first.teamId, first.id, ({ apiKey }) => ({ apiKey: { ...apiKey, sealed: saved } }));
        await audit.record(...given);
      },
    });
    expect(await reseal(ring, meanwhile)).toEqual({ resealed: 6, unopened: [], leftTeams: 1 });
    expect((await storedOf(first.teamId))[0]?.sealed).toBe(saved);
  });
});
