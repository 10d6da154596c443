import type { Id } from '#kernel/id';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const state = async (id: Id) => (await world.order(id)).state;
const taken = { outcome: lost, taken: true };
const notTaken = { outcome: lost };
const shows = (fields: Partial<VendorCase>) => Object.assign(world.account.cases[0] ?? {}, fields);
/** A day and more: the last scheduled reconciliation, and those after it. */
const untilTooLate = { days: 2 };

describe('an order whose answer was lost', () => {
  it('gets its case from the first list that shows it, and is not sent again [E2]', async () => {
    const id = await world.attempted(taken);
    await world.passes({ seconds: 31 });
    expect(await world.order(id)).toMatchObject({ state: 'ordered', caseId: world.account.cases[0]?.id });
    expect([world.vendor.attempts, world.takeTold()]).toEqual([1, ['OrderHeldUp', 'OrderPlaced', 'CaseReported']]);
  });

  it('is found under another spelling of its address and package [E12]', async () => {
    const id = await world.attempted(taken);
    shows({ email: 'ADA@Example.ORG', packageId: 'BASIC' });
    await world.passes({ seconds: 31 });
    expect(await state(id)).toBe('ordered');
  });

  it('is not resent while a list may lag behind, and gets the case that shows late [E3, E9]', async () => {
    const id = await world.attempted(taken);
    const [opened] = world.account.cases;
    world.account.lagging.add(opened?.id ?? '');
    await world.passes({ seconds: 900 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 1]);
    world.account.lagging.clear();
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['ordered', 1]);
  });

  it('is resent once when it is proved absent, and the others are told', async () => {
    const id = await world.attempted(notTaken);
    await world.passes({ seconds: 920 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 1]);
    await world.passes({ hours: 1 });
    expect([await state(id), world.executed, world.vendor.attempts]).toEqual(['ordered', [id], 2]);
    expect(world.takeTold()).toEqual(['OrderHeldUp', 'OrderHeldUp', 'OrderPlaced']);
  });

  it('twice is left to a person: it is resent only once', async () => {
    world.vendor.nextOrders.push(notTaken, notTaken);
    const id = await world.place();
    await world.passes(untilTooLate);
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 2]);
    expect(world.takeTold()).toEqual(['OrderHeldUp', 'OrderHeldUp', 'OrderHeldUp', 'OrderHeldUp']);
  });

  it('is never resent by itself where that is switched off', async () => {
    world = await OrdersWorld.open({ resends: 0 });
    const id = await world.attempted(notTaken);
    await world.passes(untilTooLate);
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 1]);
  });

  it('is reconciled once by each of its turns, however often their job is delivered', async () => {
    const id = await world.attempted(notTaken);
    world.clock.advance({ seconds: 31 });
    await world.work(3);
    expect(await world.order(id)).toMatchObject({ reconciliations: 1, absences: 1 });
  });

  it('is not resent to another account', async () => {
    const id = await world.attempted(notTaken);
    await world.changeConnection((one, now) => one.retire(now));
    const other = world.aConnection('other key', world.connection.teamId);
    await world.unitOfWork.run(() => world.connections.add(other));
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 1]);
  });

  it('is not decided while its connection requires action, and is resent when that is over', async () => {
    const id = await world.attempted(notTaken);
    await world.changeConnection((one, now) =>
      one.requireAction({ reason: 'key_refused', message: 'No.', at: now.toISOString() }, now),
    );
    await world.passes({ hours: 2 });
    expect(await state(id)).toBe('in_doubt');
    await world.changeConnection((one, now) => one.enable(now));
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['ordered', 2]);
  });

  it('is decided by a person when its connection requires action for a day', async () => {
    const id = await world.attempted(notTaken);
    await world.changeConnection((one, now) => one.disable(now));
    await world.passes(untilTooLate);
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 1]);
  });
});

describe('a list that proves nothing', () => {
  it('is one that does not show a case of ours that it must show', async () => {
    await world.attempted(undefined, 'known@example.org');
    await world.passes({ hours: 1 });
    const [sentinel] = world.account.cases;
    const id = await world.attempted(notTaken);
    world.account.lagging.add(sentinel?.id ?? '');
    await world.passes({ seconds: 1700 });
    expect(await world.order(id)).toMatchObject({ state: 'in_doubt', absences: 0 });
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 2]);
  });

  it('is one with a case that shows too little to rule it out', async () => {
    const id = await world.attempted(notTaken);
    const opened = world.vendor.addCase(world.account, { email: null });
    await world.passes({ hours: 2 });
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', candidates: [opened.id] });
    expect(world.vendor.attempts).toBe(1);
  });

  const fails = () => {
    world.vendor.findOrders = async () => {
      throw new VendorFailure('retry', 'server_error', 'The vendor answered with an error.');
    };
  };
  const exhausts = () => {
    world.budget.take = async () => ({ taken: false, retryAfterSeconds: 60 });
  };

  it.each([
    ['the vendor does not answer', fails],
    ['no call is left', exhausts],
  ])('is one that cannot be read, because %s: a person is asked after most of a day', async (_, prevent) => {
    const id = await world.attempted(notTaken);
    prevent();
    await world.passes({ hours: 16 });
    expect(await world.order(id)).toMatchObject({ state: 'in_doubt', absences: 0 });
    await world.passes({ hours: 2 });
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 1]);
  });
});

describe('cases that fit', () => {
  it('several of them are left to a person, with their ids [E10]', async () => {
    const id = await world.attempted(taken);
    const other = world.vendor.addCase(world.account, { email: 'ada@example.org', packageId: 'basic' });
    await world.passes({ seconds: 31 });
    const candidates = [world.account.cases[0]?.id, other.id];
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', candidates });
  });

  it('but belong to another order are not taken [E10]', async () => {
    await world.attempted();
    const id = await world.attempted(notTaken);
    await world.passes({ hours: 1 });
    expect([await state(id), world.executed.length]).toEqual(['ordered', 2]);
    const linked = world.tables.caseLinks.all().map(({ caseId }) => caseId);
    expect(linked.toSorted()).toEqual(world.account.cases.map((one) => one.id).toSorted());
  });

  it('are left to a person while another undecided order could have opened them', async () => {
    const first = await world.attempted(taken);
    await world.orders.move(world.teamId, first, 'ask', 1, { candidates: [] });
    const second = await world.attempted(notTaken);
    await world.passes({ seconds: 31 });
    expect(await world.order(second)).toMatchObject({
      state: 'needs_decision',
      candidates: [world.account.cases[0]?.id],
    });
  });

  it.each<[string, Partial<VendorCase>]>([
    ['to another address', { email: 'bob@example.org' }],
    ['of another package', { packageId: 'full' }],
    ['made long before', { createdAt: new Date('2026-09-30T00:00:00Z') }],
  ])('%s they do not', async (_, fields) => {
    const id = await world.attempted(taken);
    shows(fields);
    await world.passes({ seconds: 31 });
    expect([await state(id), (await world.order(id)).absences]).toEqual(['in_doubt', 1]);
  });

  it('are taken by one of two orders when both reconcile at once', async () => {
    const id = await world.attempted(taken);
    world.clock.advance({ seconds: 31 });
    const now = () => world.reconcileOrders.now(world.teamId, id);
    await Promise.all([now(), now(), world.work()]);
    expect(world.tables.caseLinks.all()).toHaveLength(1);
    expect(world.takeTold().filter((name) => name === 'OrderPlaced')).toHaveLength(1);
  });
});

describe('resends', () => {
  it('of an account wait for the next hour when this one’s are used up, and are not asked about', async () => {
    world = await OrdersWorld.open({ resendsPerHour: 1 });
    const [first, second] = [
      await world.attempted(notTaken, 'a@example.org'),
      await world.attempted(notTaken, 'b@example.org'),
    ];
    await world.passes({ seconds: 2700 });
    const states = [await state(first), await state(second)];
    expect(states.toSorted()).toEqual(['in_doubt', 'ordered']);
    const waiting = states[0] === 'in_doubt' ? first : second;
    expect(await world.order(waiting)).toMatchObject({ waitingFor: 'resends_of_the_hour' });
    await world.passes({ hours: 3 });
    expect([await state(first), await state(second), world.vendor.attempts]).toEqual(['ordered', 'ordered', 4]);
    expect(world.executed.toSorted()).toEqual([first, second].toSorted());
  });

  it('wait longer than first sends after the circuit breaker opened [E15]', async () => {
    const id = await world.attempted(notTaken);
    await world.passes({ seconds: 1795 });
    for (const email of ['b@example.org', 'c@example.org']) await world.attempted(notTaken, email);
    await world.passes({ seconds: 15 });
    expect([await state(id), world.vendor.attempts]).toEqual(['requested', 3]);
    const first = await world.attempted(undefined, 'first@example.org');
    expect(await state(first)).toBe('ordered');
    await world.passes({ seconds: 60 });
    expect(await state(id)).toBe('ordered');
  });
});
