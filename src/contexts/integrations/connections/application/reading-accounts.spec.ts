import { ConnectionsWorld } from '../../../../../test/fakes/integrations/connections-world.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';

/** A team without a connection. */
let world: ConnectionsWorld;
beforeEach(() => {
  world = new ConnectionsWorld();
});

describe('testing a connection', () => {
  it('needs one', async () => {
    await expect(world.try()).rejects.toMatchObject({ reason: 'integration_not_enabled' });
  });

  it('names every part that works, and what is not known yet', async () => {
    await world.begin();
    expect(await world.try()).toMatchObject([
      { name: 'api_key', ok: true, state: 'ok', detail: 'Fake accepts the saved API key.' },
      { name: 'packages', ok: true, state: 'ok', detail: '1 of 1 packages can be ordered.' },
      {
        name: 'webhook',
        ok: true,
        state: 'waiting',
        detail: expect.stringContaining('first event from Fake') as string,
      },
    ]);
  });

  it('tells that events arrive, or do not match the secret', async () => {
    await world.begin();
    const key = { teamId: world.teamId, connectionId: world.connection.id };
    await world.webhookStatuses.arrived([key]);
    expect((await world.try())[2]).toMatchObject({ ok: true, state: 'ok' });
    world.tables.webhooks.set(`${key.teamId}/${key.connectionId}`, {
      ...{ workingSince: null, refusedSince: world.clock.now(), refused: 31 },
    });
    const [, , webhook] = await world.try();
    expect(webhook).toMatchObject({ ok: false, state: 'failed' });
    expect(webhook?.detail).toMatch(/^31 events since .*Copy it again from Fake\.$/);
  });

  it('says that a connection which is off has to be saved again', async () => {
    await world.begin();
    await world.disconnect();
    expect((await world.try())[0]?.detail).toMatch(/Save the connection again to turn it back on/);
  });

  it('reports a refused key, and requires action', async () => {
    await world.begin();
    world.vendor.accounts.clear();
    expect(await world.try()).toMatchObject([
      { name: 'api_key', ok: false, state: 'failed', detail: 'The key was refused.' },
      { name: 'packages', ok: false, state: 'failed' },
      { name: 'webhook', state: 'waiting' },
    ]);
    expect((await world.current()).attention).toMatchObject({ reason: 'key_refused' });
  });

  it('reports an account without an active package', async () => {
    await world.begin();
    world.account.packages = [{ id: 'old', name: 'Old', active: false }];
    expect((await world.try())[1]).toMatchObject({
      ok: false,
      detail: 'The account has no active package. Create one in Fake, then refresh the list.',
    });
  });
});

describe('the packages of a vendor', () => {
  const ids = ({ packages }: { packages: { id: string }[] }) => packages.map(({ id }) => id);
  beforeEach(() => world.begin());

  it('are read at the vendor, then known for a minute', async () => {
    expect(ids(await world.listPackages())).toEqual(['basic']);
    world.account.packages = [{ id: 'new', name: 'New', active: true }];
    world.clock.advance({ seconds: 59 });
    expect(ids(await world.listPackages())).toEqual(['basic']);
    expect(ids(await world.listPackages({ refresh: true }))).toEqual(['new']);
    world.account.packages = [];
    world.clock.advance({ seconds: 60 });
    expect(await world.listPackages()).toMatchObject({ packages: [], stale: false, environment: 'production' });
  });

  it('are the last known ones, marked as stale, while the vendor cannot be reached', async () => {
    await world.listPackages();
    world.vendor.nextFailures.push(new VendorFailure('retry', 'unreachable', 'Fake cannot be reached.'));
    expect(await world.listPackages({ refresh: true })).toMatchObject({ packages: [{ id: 'basic' }], stale: true });
  });

  it('are unavailable, with a time to try again, when none are known', async () => {
    world.vendor.nextFailures.push(new VendorFailure('retry', 'unreachable', 'Fake cannot be reached.'));
    await expect(world.listPackages()).rejects.toMatchObject({
      reason: 'vendor_unreachable',
      message: 'The packages could not be loaded. Fake cannot be reached.',
      retryAfterSeconds: expect.any(Number) as number,
    });
  });

  it('are one read for all that ask at the same moment', async () => {
    const lists = await Promise.all([1, 2, 3].map(() => world.listPackages()));
    expect(lists.map(ids)).toEqual([['basic'], ['basic'], ['basic']]);
    expect(world.budget.calls(world.connection.accountKey, 'minute')).toBe(1);
  });

  it('leave out inactive ones that no plan names', async () => {
    world.account.packages = ['a', 'b', 'c'].map((id) => ({ id, name: id, active: id === 'a' }));
    world.attached.byTeam.set(world.teamId, ['b']);
    expect(ids(await world.listPackages())).toEqual(['a', 'b']);
  });

  it('are for those who may choose one, and need a connection that is on', async () => {
    const refused = world.listPackages({ caller: world.caller('limited') });
    await expect(refused).rejects.toMatchObject({ kind: 'forbidden' });
    await world.disconnect();
    await expect(world.listPackages()).rejects.toMatchObject({ reason: 'integration_not_enabled' });
  });
});
