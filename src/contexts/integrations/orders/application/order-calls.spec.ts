import type { Id } from '#kernel/id';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const notSent = { kind: 'not_sent', message: 'Unreachable.', retryAfterMs: null } as const;
/** Calls for orders that today's budget has counted. */
const orderCalls = () => world.budget.calls(world.connection.accountKey, 'day', 'order');
const state = async (id: Id) => (await world.order(id)).state;

describe('orders that fail in a row', () => {
  /** Three failures open the breaker. */
  const outage = async () => {
    const ids: Id[] = [];
    for (let n = 0; n < 3; n += 1) ids.push(await world.attempted({ outcome: lost }, `lost-${n}@example.org`));
    return ids;
  };

  it('open the circuit breaker: the others wait unsent [E15]', async () => {
    await outage();
    const waiting = [await world.attempted(), await world.attempted(undefined, 'bob@example.org')];
    for (const id of waiting) expect(await world.order(id)).toMatchObject({ state: 'requested', inLine: true });
    expect(world.vendor.attempts).toBe(3);
  });

  it('are followed by one trial; when it works, the others go out in the order of their requests [E15]', async () => {
    await outage();
    const waiting: Id[] = [];
    for (const email of ['a@example.org', 'b@example.org', 'c@example.org'])
      waiting.push(await world.attempted(undefined, email));
    await world.passes({ seconds: 25 });
    expect(world.executed).toEqual(waiting);
  });

  it('are not followed by another order while the vendor does not even answer a read [E15]', async () => {
    await outage();
    const id = await world.attempted();
    for (let n = 0; n < 2; n += 1)
      world.vendor.nextFailures.push(new VendorFailure('retry', 'unreachable', 'The vendor is unreachable.'));
    await world.passes({ seconds: 11 });
    expect([await state(id), world.vendor.attempts]).toEqual(['requested', 3]);
  });

  it('that never left this machine give their calls back to the day [E15]', async () => {
    await world.attempted({ outcome: notSent });
    expect(orderCalls()).toBe(0);
    await world.passes({ seconds: 3 });
    expect(orderCalls()).toBe(1);
  });

  it('because the vendor cannot be reached open it, too', async () => {
    for (let n = 0; n < 3; n += 1) await world.attempted({ outcome: notSent }, `${n}@example.org`);
    expect([await state(await world.attempted()), world.vendor.attempts]).toEqual(['requested', 3]);
  });

  it('do not open it when the vendor answers in between, a refusal included', async () => {
    const refused = { kind: 'refused', message: 'No.' } as const;
    for (const outcome of [lost, lost, refused, lost, lost])
      await world.attempted({ outcome }, `${world.vendor.attempts}@example.org`);
    expect(await state(await world.attempted())).toBe('ordered');
  });
});
