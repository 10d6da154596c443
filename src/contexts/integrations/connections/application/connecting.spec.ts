import { ConnectionsWorld } from '../../../../../test/fakes/integrations/connections-world.js';
import { anId } from '../../../../../test/fakes/platform.js';
import { secretOverlapMs } from '../domain/connection.js';
import { apiKeyPlace, webhookSecretPlace } from '../domain/secret-places.js';

/** A team without a connection. */
let world: ConnectionsWorld;
beforeEach(() => {
  world = new ConnectionsWorld();
});

const place = { region: 'ca', environment: 'production' as const };
const both = { apiKey: 'the key', webhookSecret: 'the webhook secret' };
const opened = async () => {
  const { teamId, id, apiKey, webhookSecret, ...rest } = await world.current();
  const key = world.secrets.open(apiKey.sealed, apiKeyPlace(teamId, id));
  return { ...rest, id, key, secret: world.secrets.open(webhookSecret.sealed, webhookSecretPlace(teamId, id)) };
};
const stored = () => world.connections.stored;

describe('connecting a vendor', () => {
  it('saves the first connection when the vendor accepts the key, and tells the others', async () => {
    await world.connect({ ...both, ...place });
    expect(await opened()).toMatchObject({ ...place, key: both.apiKey, secret: both.webhookSecret, current: true });
    expect((await world.current()).state).toBe('enabled');
    expect(world.outbox.take()).toEqual([{ teamId: world.teamId }]);
    expect(world.takeAudited()).toEqual([['integration.connect', 'done', {}, { vendor: 'fake', ...place }]]);
  });

  it('takes the vendor’s first region and environment when none is named, and ignores white space', async () => {
    await world.connect({ apiKey: ' the key ', webhookSecret: '\tthe webhook secret\n' });
    expect(await opened()).toMatchObject({ ...place, key: both.apiKey, secret: both.webhookSecret });
  });

  it('shows the last four characters of a secret, and nothing of a short one', async () => {
    world.vendor.addAccount('short');
    await world.connect({ apiKey: 'short', webhookSecret: 'long enough' });
    const { apiKey, webhookSecret } = await world.current();
    expect([apiKey.last4, webhookSecret.last4]).toEqual(['', 'ough']);
  });

  it.each([
    [{}, ['api_key', 'webhook_secret_key'], 'To connect Fake, enter the API key and the webhook secret key.'],
    [{ apiKey: 'the key' }, ['webhook_secret_key'], 'To connect Fake, enter the webhook secret key.'],
    [{ apiKey: '  ', webhookSecret: 'w' }, ['api_key'], 'To connect Fake, enter the API key.'],
  ])('names the secrets that are missing: %j', async (input, fields, message) => {
    const refusal = await world.connect(input).catch((error: Error) => error);
    expect(refusal).toMatchObject({ reason: 'invalid_request', message });
    expect(Object.keys((refusal as unknown as { errors: { json: object } }).errors.json)).toEqual(fields);
    expect(stored()).toEqual([]);
  });

  it.each([
    [{ ...both, region: 'atlantis' }, 'Fake has these regions: ca.'],
    [{ ...both, environment: 'moon' as never }, 'Fake has these environments: production, sandbox.'],
  ])('refuses a place that the vendor does not have: %j', async (input, message) => {
    await expect(world.connect(input)).rejects.toMatchObject({ message: expect.stringContaining(message) as string });
  });

  it('refuses the same text as key and as secret', async () => {
    const given = { apiKey: 'the key', webhookSecret: 'the key' };
    await expect(world.connect(given)).rejects.toMatchObject({ reason: 'wrong_secret' });
  });

  it('saves nothing when the vendor rejects the key, and says so in the audit log', async () => {
    await expect(world.connect({ ...both, apiKey: 'unknown' })).rejects.toMatchObject({
      reason: 'api_key_rejected',
      message: expect.stringContaining('Fake rejected this API key.') as string,
    });
    expect(stored()).toEqual([]);
    expect(world.takeAudited()).toEqual([['integration.connect', 'refused', undefined, { vendor: 'fake', ...place }]]);
  });

  it('is for admins', async () => {
    await expect(world.connect(both, world.caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.disconnect(world.caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(world.try(world.caller('standard'))).rejects.toMatchObject({ kind: 'forbidden' });
    expect(stored()).toEqual([]);
  });
});

describe('saving a connection again', () => {
  beforeEach(async () => {
    await world.begin();
    world.outbox.take();
  });
  const secret = () => `webhook secret of ${world.connection.id}`;

  it('without anything new changes nothing that anyone sees', async () => {
    const before = await world.current();
    await world.connect({});
    const after = await world.current();
    expect([after.id, after.apiKey.savedAt, after.webhookSecret.savedBy]).toEqual([
      ...[before.id, before.apiKey.savedAt, before.webhookSecret.savedBy],
    ]);
    expect(after.previousWebhookSecret).toBeNull();
    expect(world.outbox.take()).toEqual([]);
    expect(world.takeAudited()).toMatchObject([['integration.connect', 'done', { state: 'enabled' }, {}]]);
  });

  it('with another key of the same account rotates the key', async () => {
    world.vendor.addAccount('another key', world.account);
    await world.connect({ apiKey: 'another key' });
    expect(await opened()).toMatchObject({ id: world.connection.id, key: 'another key', secret: secret() });
    const rotated = { state: 'enabled', api_key: true, webhook_secret_key: false };
    expect(world.takeAudited()).toEqual([['integration.rotate', 'done', { state: 'enabled' }, rotated]]);
    expect(world.outbox.take()).toHaveLength(1);
  });

  it('with another webhook secret accepts the old one for a day, and waits for the first event again', async () => {
    await world.webhookStatuses.arrived([{ teamId: world.teamId, connectionId: world.connection.id }]);
    await world.connect({ webhookSecret: 'rolled' });
    const { previousWebhookSecret, previousAcceptedUntil } = await world.current();
    expect(await opened()).toMatchObject({ key: 'the key', secret: 'rolled' });
    const { teamId, id } = world.connection;
    expect(world.secrets.open(previousWebhookSecret ?? '', webhookSecretPlace(teamId, id))).toBe(secret());
    expect(previousAcceptedUntil?.getTime()).toBe(world.clock.now().getTime() + secretOverlapMs);
    expect((await world.webhookStatuses.of(world.connection)).state).toBe('waiting');
    expect(world.takeAudited()).toMatchObject([
      ['integration.rotate', 'done', {}, { api_key: false, webhook_secret_key: true }],
    ]);
  });

  it('turns a connection on again that was off', async () => {
    await world.disconnect();
    expect((await world.current()).state).toBe('disabled');
    await world.connect({});
    expect((await world.current()).state).toBe('enabled');
    expect(world.takeAudited().map(([action]) => action)).toEqual(['integration.disable', 'integration.connect']);
  });

  it('with a key of another account replaces the connection and keeps the old one for its cases', async () => {
    world.vendor.addAccount('their key').packages = [{ id: 'other', name: 'Other', active: true }];
    world.connections.change(world.teamId, world.connection.id, () => ({ region: 'us' }));
    await world.connect({ apiKey: 'their key', region: 'ca' });
    const now = await world.current();
    expect(now.id).not.toBe(world.connection.id);
    expect(await opened()).toMatchObject({ key: 'their key', secret: secret() });
    expect(stored().map(({ id, current }) => [id, current])).toEqual([
      [world.connection.id, false],
      [now.id, true],
    ]);
    // The plans need the new account's packages.
    expect((await world.packages.lastKnown(now))?.packages).toMatchObject([{ id: 'other' }]);
    expect(world.takeAudited()).toMatchObject([['integration.connect', 'done', { id: world.connection.id }, place]]);
  });

  it('starts again when another request saved while the vendor was called', async () => {
    world.vendor.addAccount('another key', world.account);
    let asked = 0;
    world.vendor.whileTrying = async () => {
      if ((asked += 1) === 1) await world.changeConnection((connection, now) => connection.disable(now));
    };
    await world.connect({ apiKey: 'another key' });
    expect(asked).toBe(2);
    expect(await opened()).toMatchObject({ key: 'another key' });
    expect((await world.current()).state).toBe('enabled');
  });

  it('gives up when others save every time', async () => {
    let asked = 0;
    world.vendor.whileTrying = async () => {
      asked += 1;
      await world.changeConnection((connection, now) => connection.disable(now));
      await world.changeConnection((connection, now) => connection.enable(now));
    };
    await expect(world.connect({})).rejects.toMatchObject({ reason: 'connection_changed' });
    expect(asked).toBe(3);
  });
});

describe('disconnecting a vendor', () => {
  beforeEach(() => world.begin());

  it('turns the connection off once, and stops what may still be sent', async () => {
    const order = { teamId: world.teamId, id: anId(), packageId: 'basic', email: 'ada@example.org' };
    await world.unitOfWork.run(() => world.orders.addIfAbsent(order, world.connection));
    world.tables.saveOrder({ ...(await world.order(order.id)), state: 'sending' });
    await world.disconnect();
    await world.disconnect();
    expect((await world.current()).state).toBe('disabled');
    expect((await world.order(order.id)).doNotSend).toBe(true);
    expect(world.takeAudited()).toEqual([['integration.disable', 'done', { state: 'enabled' }, { state: 'disabled' }]]);
  });

  it('of a team without a connection does nothing', async () => {
    world = new ConnectionsWorld();
    await world.disconnect();
    expect(world.takeAudited()).toEqual([]);
  });
});
