import { anId } from '../../../../../test/fakes/platform.js';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';
import { OrderHeldUp } from '../../contract.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const state = async (id: Parameters<OrdersWorld['order']>[0]) => (await world.order(id)).state;

describe('after the database was restored', () => {
  it('an order that the backup shows unsent is reconciled before it is sent', async () => {
    const id = await world.place();
    world.tables.restore();
    await world.work();
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 0]);
    expect(world.takeTold()).toEqual(['OrderHeldUp']);
    await world.passes({ hours: 1 });
    expect([await state(id), world.executed]).toEqual(['ordered', [id]]);
  });

  it('it gets the case that it had before, and is not ordered again', async () => {
    const id = await world.place();
    world.account.orders.push({
      orderId: id,
      packageId: 'basic',
      email: 'ada@example.org',
      caseId: 'case-of-the-past',
    });
    world.vendor.addCase(world.account, { id: 'case-of-the-past', email: 'ada@example.org', packageId: 'basic' });
    world.tables.restore();
    await world.passes({ hours: 1 });
    expect(await world.order(id)).toMatchObject({ state: 'ordered', caseId: 'case-of-the-past' });
    expect(world.vendor.attempts).toBe(0);
  });

  it('an order whose job was lost with the table is added and reconciled', async () => {
    const id = anId();
    const wanted = {
      teamId: world.teamId,
      id,
      vendor: world.connection.vendor,
      packageId: 'basic',
      email: 'eve@example.org',
    };
    world.owners.wanted.push({ ...wanted, wantedSince: world.clock.now() });
    world.tables.restore();
    expect(await world.reconcileRestored.now(false)).toEqual({ orders: 1, teams: 1 });
    await world.passes({ hours: 1 });
    expect([await state(id), world.executed]).toEqual(['ordered', [id]]);
  });

  it('is done by one of the replicas that try', async () => {
    await world.place();
    world.tables.restore();
    const done = await Promise.all([1, 2, 3].map(() => world.reconcileRestored.now(false)));
    expect(done.map(({ orders }) => orders).toSorted()).toEqual([0, 0, 1]);
  });

  it('and only then, unless an operator asks for it', async () => {
    const id = await world.place();
    await world.reconcileRestored.ifRestored();
    expect(await state(id)).toBe('requested');
    expect(await world.reconcileRestored.now()).toEqual({ orders: 1, teams: 1 });
    expect(await state(id)).toBe('in_doubt');
  });

  it('nothing is marked when the owners of orders cannot be asked', async () => {
    const id = await world.place();
    world.tables.restore();
    world.owners.unplaced = async () => {
      throw new Error('nobody answers');
    };
    await expect(world.reconcileRestored.ifRestored()).rejects.toThrow('nobody answers');
    expect([await state(id), world.tables.isRecorded]).toEqual(['requested', false]);
  });

  it('one reconciliation is published for each connection, and one event for each order', async () => {
    const ids = [await world.attempted({ outcome: lost }, 'b@example.org'), await world.place('a@example.org')];
    world.takeTold();
    world.outbox.take();
    world.tables.restore();
    await world.reconcileRestored.now(false);
    const events = world.outbox.published;
    expect(events.filter(({ event }) => event instanceof OrderHeldUp)).toHaveLength(ids.length);
    const reconciliations = events.filter(({ event }) => !(event instanceof OrderHeldUp));
    expect(reconciliations).toEqual([expect.objectContaining({ inSeconds: 30 })]);
  });
});
