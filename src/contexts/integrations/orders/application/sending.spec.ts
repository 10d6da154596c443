import type { Id } from '#kernel/id';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const notSent = { kind: 'not_sent', message: 'Unreachable.', retryAfterMs: null } as const;
const keyRefused = { kind: 'not_executed', reason: 'key_refused', message: 'The key was refused.' } as const;
const throttled = { kind: 'not_sent', message: 'Too many.', retryAfterMs: 40_000, reached: true } as const;
/** Calls for orders that today's budget has counted. */
const orderCalls = () => world.budget.calls(world.connection.accountKey, 'day', 'order');
const state = async (id: Id) => (await world.order(id)).state;

describe('an attempt at an order', () => {
  it('places it: its case is linked, and the others are told', async () => {
    const id = await world.attempted();
    const [opened] = world.account.cases;
    expect(await world.order(id)).toMatchObject({ state: 'ordered', attempt: 1, caseId: opened?.id });
    expect(await world.cases.find(world.teamId, id)).toMatchObject({ caseId: opened?.id, state: 'ordered' });
    expect(world.account.orders).toEqual([expect.objectContaining({ orderId: id, packageId: 'basic' })]);
    expect(world.takeTold()).toEqual(['OrderPlaced']);
  });

  it('is made once, however often its job is delivered [C8]', async () => {
    const id = await world.place();
    await world.work(3);
    expect([world.vendor.attempts, world.executed]).toEqual([1, [id]]);
  });

  it('is made once by jobs that run at the same time', async () => {
    const id = await world.place();
    const event = { teamId: world.teamId, orderId: id };
    await Promise.all([1, 2, 3].map(() => world.whenOrderDue.handle(event)));
    expect(world.executed).toEqual([id]);
  });

  it('is committed before the vendor is called, so that a process that dies leaves no order to send again [C6]', async () => {
    const id = await world.place();
    world.vendor.meanwhile = async () => {
      expect(await state(id)).toBe('sending');
      throw new Error('killed');
    };
    await expect(world.work()).rejects.toThrow('killed');
    await world.whenOrderDue.handle({ teamId: world.teamId, orderId: id });
    expect([await state(id), world.vendor.attempts]).toEqual(['sending', 0]);
  });

  it('that is refused ends the order with the vendor’s words, and is not repeated [E6]', async () => {
    const id = await world.attempted({ outcome: { kind: 'refused', message: 'package: no such package.' } });
    expect(await world.order(id)).toMatchObject({ state: 'rejected', message: 'package: no such package.' });
    await world.passes({ days: 2 });
    expect([world.vendor.attempts, world.takeTold()]).toEqual([1, ['OrderRefused']]);
  });

  it('that was not sent is repeated after 2, 4, 8 … seconds, a minute at most [E1]', async () => {
    const waits: number[] = [];
    world = await OrdersWorld.open();
    for (let failures = 0; failures < 2; failures += 1) world.vendor.nextOrders.push({ outcome: notSent });
    const id = await world.place();
    const begun = world.clock.now().getTime();
    world.vendor.nextOrders.push({ outcome: lost });
    for (const seconds of [0, 2, 4]) {
      await world.passes({ seconds });
      waits.push((world.clock.now().getTime() - begun) / 1000);
      if (seconds < 4) expect(await world.order(id)).toMatchObject({ state: 'requested', unknownSince: null });
    }
    expect([waits, await state(id), world.vendor.attempts]).toEqual([[0, 2, 6], 'in_doubt', 3]);
  });

  it('that the vendor throttles waits as long as it states, and pauses all calls of the account [E8]', async () => {
    const id = await world.attempted({ outcome: throttled });
    const other = await world.attempted(undefined, 'bob@example.org');
    expect([await state(id), await state(other), world.vendor.attempts]).toEqual(['requested', 'requested', 1]);
    await expect(world.calls.call(world.connection, 'read', async () => 'read')).rejects.toMatchObject({
      reason: 'budget_exhausted',
      retryAfterSeconds: 40,
    });
    await world.passes({ seconds: 42 });
    expect(world.executed.toSorted()).toEqual([id, other].toSorted());
  });

  it('whose answer is lost makes its outcome unknown; it is reconciled, and not sent again [E2, E4, E5]', async () => {
    const id = await world.attempted({ outcome: lost });
    expect(await world.order(id)).toMatchObject({ state: 'in_doubt', message: 'The answer was lost.' });
    expect(world.takeTold()).toEqual(['OrderHeldUp']);
    await world.whenOrderDue.handle({ teamId: world.teamId, orderId: id });
    await world.passes({ seconds: 900 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 1]);
  });

  it('that died is of unknown outcome once its time is over, and not before', async () => {
    const id = await world.place();
    await world.orders.claim(world.teamId, id, world.connection, world.limits);
    await world.passes({ seconds: 20 });
    expect(await state(id)).toBe('sending');
    await world.passes({ seconds: 2 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 0]);
  });

  it('that names a case of another order is of unknown outcome', async () => {
    const first = await world.attempted();
    const [opened] = world.account.cases;
    answersWith(opened?.id ?? '');
    const second = await world.attempted(undefined, 'bob@example.org');
    expect(await world.order(second)).toMatchObject({ state: 'in_doubt', caseId: null });
    expect(await world.order(first)).toMatchObject({ state: 'ordered', caseId: opened?.id });
  });

  it('answered after another attempt began changes nothing [C11]', async () => {
    const id = await world.place();
    world.vendor.meanwhile = async () => {
      await world.orders.move(world.teamId, id, 'returnToRequested', 1);
      await world.orders.claim(world.teamId, id, world.connection, world.limits);
    };
    await world.work();
    expect(await world.order(id)).toMatchObject({ state: 'sending', attempt: 2, caseId: null });
    expect(world.takeTold()).toEqual([]);
  });

  it('is not made for an order that is decided', async () => {
    const id = await world.attempted();
    await world.withdraw(id);
    await world.whenOrderDue.handle({ teamId: world.teamId, orderId: id });
    expect([world.vendor.attempts, orderCalls()]).toEqual([1, 1]);
  });
});

/** The vendor answers later orders with that case. */
function answersWith(id: string): void {
  const place = world.vendor.placeOrder.bind(world.vendor);
  world.vendor.placeOrder = async (...given) => {
    const outcome = await place(...given);
    return outcome.kind === 'placed' ? { kind: 'placed', case: { ...outcome.case, id } } : outcome;
  };
}

describe('an order that is withdrawn', () => {
  it('before it is sent is never sent', async () => {
    const id = await world.place();
    expect(await world.withdraw(id)).toBe('withdrawn');
    await world.passes({ days: 1 });
    expect(world.vendor.attempts).toBe(0);
  });

  it.each([
    ['not sent', notSent],
    ['not executed', keyRefused],
  ])('while it is being sent ends when that attempt was %s', async (_, outcome) => {
    const id = await world.place();
    world.vendor.nextOrders.push({ outcome });
    world.vendor.meanwhile = async () => expect(await world.withdraw(id)).toBe('too_late');
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['withdrawn', 1]);
    expect(world.takeTold()).toContain('OrderRefused');
  });

  it('while it is being sent is placed when the vendor took it', async () => {
    const id = await world.place();
    world.vendor.meanwhile = () => world.withdraw(id);
    await world.work();
    expect(await state(id)).toBe('ordered');
  });

  it('while its outcome is unknown is closed when it is absent, and never sent again [B12]', async () => {
    const id = await world.attempted({ outcome: lost });
    expect(await world.withdraw(id)).toBe('too_late');
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['withdrawn', 1]);
    expect(world.takeTold()).toEqual(['OrderHeldUp', 'OrderRefused']);
  });

  it('is unwanted by its context only: it is withdrawn when its turn comes', async () => {
    const id = await world.place();
    world.owners.unwanted.add(id);
    await world.work();
    expect([await state(id), world.vendor.attempts, world.takeTold()]).toEqual(['withdrawn', 0, ['OrderRefused']]);
  });
});

describe('an order waits', () => {
  it('while the connection requires action, and goes out when an admin saves a key [E7]', async () => {
    const id = await world.attempted({ outcome: keyRefused });
    expect(await world.order(id)).toMatchObject({ state: 'requested', waitingFor: 'connection_attention' });
    expect((await world.presentConnection()).attention).toMatchObject({ reason: 'key_refused' });
    expect(world.takeTold()).toEqual(['OrderHeldUp']);
    await world.passes({ days: 1 });
    expect(world.vendor.attempts).toBe(1);
    await world.changeConnection((one, now) => one.replaceKey(one.apiKey, one.accountKey, now));
    await world.work();
    expect(world.executed).toEqual([id]);
  });

  it('with the connection it finds, and says so once', async () => {
    await world.changeConnection((one, now) =>
      one.requireAction({ reason: 'misdirected', message: 'No.', at: now.toISOString() }, now),
    );
    const id = await world.attempted();
    await world.whenOrderDue.handle({ teamId: world.teamId, orderId: id });
    expect([(await world.order(id)).waitingFor, world.takeTold()]).toEqual(['connection_attention', ['OrderHeldUp']]);
  });

  it('and ends when the connection is disabled, with a sentence', async () => {
    const id = await world.place();
    await world.changeConnection((one, now) => one.disable(now));
    await world.work();
    expect(await world.order(id)).toMatchObject({
      state: 'withdrawn',
      message: 'Fake was disabled before the check was sent.',
    });
    expect([world.vendor.attempts, world.takeTold()]).toEqual([0, ['OrderRefused']]);
  });

  it('while the operator holds all orders, in line, and checks again', async () => {
    world = await OrdersWorld.open({ held: true });
    const [id, other] = [await world.place(), await world.place('bob@example.org')];
    await world.passes({ seconds: 120 });
    expect(await world.order(id)).toMatchObject({ state: 'requested', waitingFor: 'orders_held', inLine: true });
    expect([(await world.order(other)).waitingFor, world.vendor.attempts]).toEqual(['orders_held', 0]);
    expect(world.takeTold()).toEqual(['OrderHeldUp', 'OrderHeldUp']);
  });

  it('no longer for the operator after a restart without the setting', async () => {
    const id = await world.place();
    await world.orders.setWaiting(world.teamId, id, 'orders_held');
    await world.work();
    expect([await state(id), world.takeTold()]).toEqual(['ordered', ['OrderHeldUp', 'OrderPlaced']]);
  });

  it('while another order to the same address is undecided, and follows it', async () => {
    const first = await world.attempted({ outcome: lost });
    const second = await world.attempted(undefined, 'ADA@example.org');
    expect([await state(second), world.vendor.attempts, orderCalls()]).toEqual(['requested', 1, 1]);
    await world.decideByHand(first);
    await world.passes({ seconds: 61 });
    expect(await state(second)).toBe('ordered');
  });

  it('while no call is left in the account’s budget, and costs none', async () => {
    world = await OrdersWorld.open({ calls: { requestsPerMinute: 1 } });
    const [first, second] = [await world.place(), await world.place('bob@example.org')];
    await world.work();
    expect([await state(first), await state(second), world.vendor.attempts]).toEqual(['ordered', 'requested', 1]);
    await world.passes({ seconds: 61 });
    expect(await state(second)).toBe('ordered');
  });

  it('beyond the paid orders of the day until the next one', async () => {
    world = await OrdersWorld.open({ calls: { ordersPerDay: 1 } });
    await world.attempted();
    const second = await world.attempted(undefined, 'bob@example.org');
    await world.passes({ hours: 23 });
    expect(await state(second)).toBe('requested');
    await world.passes({ hours: 2 });
    expect(await state(second)).toBe('ordered');
  });
});
