import type { Id } from '#kernel/id';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const state = async (id: Id) => (await world.order(id)).state;
const taken = { outcome: lost, taken: true };
const notTaken = { outcome: lost };

describe('an order of unknown outcome at a vendor', () => {
  const keysAlone = {
    ...{ idempotentOrders: true, listByTime: false, eventsFeed: false },
    ...{ handshake: false, cancellation: false, reportDownload: false },
  };
  const at = async (idempotentOrders: boolean) => {
    world = await OrdersWorld.open({ capabilities: { ...keysAlone, idempotentOrders } });
  };
  const notSent = { kind: 'not_sent', message: 'Unreachable.', retryAfterMs: null } as const;
  const keyRefused = { kind: 'not_executed', reason: 'key_refused', message: 'Refused.' } as const;

  it.each([
    ['had taken it, and gets the case that it had', taken],
    ['had not taken it', notTaken],
  ])('with idempotency keys is sent again with the same id after the visibility lag: it %s', async (_, script) => {
    await at(true);
    const id = await world.attempted(script);
    await world.passes({ seconds: 900 });
    const calls = world.budget.calls(world.connection.accountKey, 'day');
    expect([await state(id), world.vendor.attempts, calls]).toEqual(['in_doubt', 1, 1]);
    await world.passes({ hours: 1 });
    expect(await world.order(id)).toMatchObject({ state: 'ordered', attempt: 2, caseId: 'case-1' });
    expect(world.executed).toEqual([id]);
  });

  it.each([
    ['not sent', notSent],
    ['not executed', keyRefused],
    ['lost as well', lost],
  ])('stays unknown when the second attempt is %s, because the first may have been taken', async (_, outcome) => {
    await at(true);
    const id = await world.attempted(taken);
    world.vendor.nextOrders.push({ outcome });
    await world.passes({ seconds: 2551 });
    expect(await world.order(id)).toMatchObject({ state: 'in_doubt', attempt: 2 });
  });

  it('is left to a person after a day: the vendor may have forgotten its key', async () => {
    await at(true);
    const id = await world.attempted(taken);
    world.clock.advance({ hours: 24 });
    await world.passes({ seconds: 1 });
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', attempt: 1 });
  });

  it.each<[string, (id: Id) => unknown]>([
    ['it was withdrawn', (id) => world.withdraw(id)],
    ['the account was replaced', () => world.changeConnection((one, now) => one.retire(now))],
  ])('is not sent again when %s', async (_, change) => {
    await at(true);
    const id = await world.attempted(notTaken);
    await change(id);
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['needs_decision', 1]);
  });

  it('is not sent again when its context no longer wants it', async () => {
    await at(true);
    const id = await world.attempted(notTaken);
    world.owners.unwanted.add(id);
    await world.passes({ hours: 2 });
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', doNotSend: true, attempt: 1 });
  });

  it('is not sent again while the operator holds all orders', async () => {
    world = await OrdersWorld.open({ capabilities: keysAlone, held: true });
    const id = await world.place();
    await world.orders.claim(world.teamId, id, world.connection, world.limits);
    await world.passes({ hours: 2 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 0]);
  });

  it('waits for its second attempt while the breaker is open', async () => {
    await at(true);
    const id = await world.attempted(taken);
    world.breaker.admit = async () => ({ kind: 'wait', seconds: 10, why: 'failing' });
    await world.passes({ hours: 1 });
    expect([await state(id), world.vendor.attempts]).toEqual(['in_doubt', 1]);
  });

  it('with neither keys nor a list is left to a person after the visibility lag', async () => {
    await at(false);
    const id = await world.attempted(taken);
    await world.passes({ seconds: 900 });
    expect(await state(id)).toBe('in_doubt');
    await world.passes({ hours: 1 });
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', attempt: 1, candidates: [] });
    expect(world.vendor.attempts).toBe(1);
  });

  it('with neither is left to a person at once when an event names its case', async () => {
    await at(false);
    const id = await world.attempted(taken);
    const [opened] = world.account.cases;
    await world.reconcileOrders.now(world.teamId, id, opened);
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', candidates: [opened?.id] });
  });
});
