import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { lost } from '../../../../../../test/fakes/integrations/orders-world.js';
import { EraseEndedOrder, EraseSnapshot } from '../../../contract.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { EraseEndedOrderHandler, EraseSnapshotHandler } from './erase-ended-order.js';

let world: CasesWorld;
let id: Id;
beforeEach(async () => {
  world = await CasesWorld.open();
  id = await world.opened();
});

const unreachable = () => new VendorFailure('retry', 'unreachable', 'The vendor is unreachable.');

describe('an order that is erased', () => {
  const isErased = async (order = id) => {
    const { email, caseId, erasedAt } = await world.order(order);
    return erasedAt !== null && email === '' && caseId === null;
  };

  it('has its case cancelled first, and the others are told', async () => {
    await world.eraseOrder(id);
    await world.work();
    expect([await isErased(), world.account.cases[0]?.state, world.takeTold()]).toEqual([
      ...[true, 'cancelled', ['CaseChanged', 'OrderErased']],
    ]);
  });

  it('whose case has ended asks the vendor for nothing', async () => {
    await world.announces(world.changes(id, { state: 'complete', vendorStatus: 'COMPLETE', result: 'clear' }));
    await world.work();
    const calls = world.budget.calls(world.connection.accountKey, 'day');
    await world.eraseOrder(id);
    await world.work();
    expect([await isErased(), world.budget.calls(world.connection.accountKey, 'day')]).toEqual([true, calls]);
  });

  it('waits until the vendor shows the end, a few times', async () => {
    let asked = 0;
    world.vendor.cancelCase = async () => {
      asked += 1;
      return { kind: 'accepted' };
    };
    await world.eraseOrder(id);
    await world.work();
    expect([await isErased(), asked]).toEqual([false, 1]);
    await world.passes({ seconds: 60 });
    expect([await isErased(), asked]).toEqual([true, 4]);
  });

  it('before it was sent is withdrawn', async () => {
    const order = await world.place('bob@example.org');
    world.outbox.take();
    await world.eraseOrder(order);
    await world.passes({ seconds: 30 });
    expect([(await world.order(order)).state, await isErased(order), world.vendor.attempts]).toEqual([
      ...['withdrawn', true, 1],
    ]);
  });

  it('while its outcome is unknown is found first, and then cancelled and erased', async () => {
    const order = await world.attempted({ outcome: lost, taken: true }, 'bob@example.org');
    await world.eraseOrder(order);
    await world.work();
    expect(await world.order(order)).toMatchObject({ email: 'bob@example.org', doNotSend: true });
    await world.passes({ seconds: 200 });
    expect([await isErased(order), world.account.cases.at(-1)?.state]).toEqual([true, 'cancelled']);
  });

  it('and needs a decision is closed after the visibility lag, without asking', async () => {
    const order = await world.attempted({ outcome: lost }, 'bob@example.org');
    await world.orders.move(world.teamId, order, 'ask', 1);
    await world.eraseOrder(order);
    await world.passes({ seconds: 900 });
    expect(await isErased(order)).toBe(false);
    await world.passes({ seconds: 120 });
    expect([(await world.order(order)).state, await isErased(order)]).toEqual(['withdrawn', true]);
  });

  it('is erased here after the vendor did not answer for a month', async () => {
    world.vendor.cancelCase = async () => {
      throw unreachable();
    };
    await world.eraseOrder(id);
    await world.passes({ days: 30 });
    expect(await isErased()).toBe(false);
    await world.passes({ days: 1 });
    expect([await isErased(), world.account.cases[0]?.state]).toEqual([true, 'ordered']);
  });

  it('is erased although the vendor refuses to cancel its case', async () => {
    world.vendor.cancelCase = async () => ({ kind: 'refused', message: 'No.' });
    await world.eraseOrder(id);
    await world.work();
    expect([await isErased(), world.account.cases[0]?.state]).toEqual([true, 'ordered']);
  });

  it('is erased a second time, and never again', async () => {
    await world.eraseOrder(id);
    await world.work();
    world.takeTold();
    await world.passes({ days: 1 });
    expect([world.takeTold(), (await world.order(id)).eraseDueAt]).toEqual([[], null]);
  });
});

describe('an order that has ended', () => {
  const eraseEnded = (order = id) =>
    new EraseEndedOrderHandler(world.unitOfWork, world.erasedOrders, world.outbox).execute(
      new EraseEndedOrder(world.teamId, order),
    );

  it('is erased at once, with its last state, and a second time later', async () => {
    await world.announces(world.changes(id, { state: 'complete', vendorStatus: 'COMPLETE', result: 'clear' }));
    await world.work();
    world.outbox.take();
    expect(await eraseEnded()).toBe(true);
    expect(await world.order(id)).toMatchObject({ email: '', caseId: null });
    expect(await world.cases.lastSnapshot(world.teamId, id)).toBeNull();
    expect(world.outbox.published).toEqual([expect.objectContaining({ inSeconds: 10 })]);
    expect([await eraseEnded(), world.outbox.published.length]).toEqual([true, 1]);
  });

  it('is not erased while its case is open, or its outcome unknown', async () => {
    const order = await world.attempted({ outcome: lost }, 'bob@example.org');
    expect([await eraseEnded(), await eraseEnded(order)]).toEqual([false, false]);
    expect((await world.order(id)).email).toBe('ada@example.org');
  });

  it('keeps its last state until that is erased, too', async () => {
    await world.eraseOrder(id);
    await world.work();
    expect(await world.cases.lastSnapshot(world.teamId, id)).toMatchObject({ state: 'cancelled', caseId: null });
    await new EraseSnapshotHandler(world.erasedOrders).execute(new EraseSnapshot(world.teamId, id));
    expect(await world.cases.lastSnapshot(world.teamId, id)).toBeNull();
  });
});
