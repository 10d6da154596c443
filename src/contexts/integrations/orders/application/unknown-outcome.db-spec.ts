import { sql } from 'kysely';
import { type Capabilities } from '../../gateway/domain/vendor.js';
import type { ScriptedOrder } from '../../../../../test/support/fake-vendor.js';
import { VirtualDay } from '../../../../../test/support/virtual-day.js';

const keysAlone: Capabilities = {
  idempotentOrders: true,
  listByTime: false,
  eventsFeed: false,
  handshake: false,
  cancellation: false,
  reportDownload: false,
};
const lost = { kind: 'outcome_unknown', message: 'The answer was lost.' } as const;
const notSent = { kind: 'not_sent', message: 'Unreachable.', retryAfterMs: null } as const;
const keyRefused = { kind: 'not_executed', reason: 'key_refused', message: 'Refused.' } as const;

/** An account of a vendor with these capabilities, and time that the test moves. */
class World extends VirtualDay {
  static async at(capabilities: Capabilities): Promise<World> {
    const world = new World(capabilities);
    await world.begin({ requestsPerMinute: 60, requestsPerDay: 7220 }, { ORDER_BREAKER_FAILURES: '0' });
    return world;
  }

  async lostOrder(script: ScriptedOrder, email = 'ada@example.org'): Promise<string> {
    this.vendor.nextOrders.push(script);
    const id = await this.order(email);
    await this.work();
    return id;
  }

  /** As if that time had passed for all orders; then everything that is due happens. */
  async passes(interval: string): Promise<void> {
    await this.db.affected(sql`
      update integrations.order
      set reconcile_at = reconcile_at - ${interval}::interval, visible_at = visible_at - ${interval}::interval,
          deadline = deadline - ${interval}::interval, unknown_since = unknown_since - ${interval}::interval`);
    for (const entry of this.agenda.entries) entry.at = 0;
    await this.work();
  }

  async shown(id: string): Promise<unknown> {
    return this.db.first(sql`
      select state, case_id, attempt from integrations.order where team_id = ${this.teamId} and id = ${id}`);
  }
}

describe('an order of unknown outcome at a vendor with idempotency keys', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.at(keysAlone);
  }, 60_000);
  afterEach(() => world.end());

  it('is sent again with the same id after the visibility lag, and gets the case that it had', async () => {
    const id = await world.lostOrder({ outcome: lost, taken: true });
    await world.passes('10 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'in_doubt', attempt: 1 });
    await world.passes('20 minutes');
    const [order] = world.account.orders;
    expect(world.account.orders).toEqual([{ ...order, orderId: id }]);
    expect(await world.shown(id)).toEqual({ state: 'ordered', case_id: order?.caseId, attempt: 2 });
  });

  it('is placed by sending it again when the vendor had not taken it', async () => {
    const id = await world.lostOrder({ outcome: lost });
    await world.passes('30 minutes');
    expect(world.account.orders.map(({ orderId }) => orderId)).toEqual([id]);
    expect(await world.shown(id)).toMatchObject({ state: 'ordered' });
  });

  it.each([
    ['not sent', notSent],
    ['not executed', keyRefused],
    ['lost as well', lost],
  ])('stays unknown when the second attempt is %s, because the first may have been taken', async (_, outcome) => {
    const id = await world.lostOrder({ outcome: lost, taken: true });
    world.vendor.nextOrders.push({ outcome });
    await world.passes('30 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'in_doubt', attempt: 2 });
  });

  it('is left to a person after a day: the vendor may have forgotten its key', async () => {
    const id = await world.lostOrder({ outcome: lost, taken: true });
    await world.passes('25 hours');
    expect(await world.shown(id)).toMatchObject({ state: 'needs_decision', attempt: 1 });
    expect(world.vendor.attempts).toBe(1);
  });

  it('is not sent again when it must not be sent', async () => {
    const id = await world.lostOrder({ outcome: lost });
    await world.db.affected(sql`update integrations.order set do_not_send = true where id = ${id}`);
    await world.passes('30 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'needs_decision', attempt: 1 });
    expect(world.vendor.attempts).toBe(1);
  });

  it('is not sent to another account', async () => {
    const id = await world.lostOrder({ outcome: lost });
    await world.db.affected(sql`update integrations.connection set current = false`);
    await world.passes('30 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'needs_decision', attempt: 1 });
    expect(world.vendor.attempts).toBe(1);
  });
});

describe('an order of unknown outcome at a vendor with neither idempotency keys nor a list', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.at({ ...keysAlone, idempotentOrders: false });
  }, 60_000);
  afterAll(() => world.end());

  it('is left to a person after the visibility lag, and is never sent again by itself', async () => {
    const id = await world.lostOrder({ outcome: lost, taken: true });
    await world.passes('10 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'in_doubt' });
    await world.passes('20 minutes');
    expect(await world.shown(id)).toMatchObject({ state: 'needs_decision', attempt: 1 });
    expect(world.vendor.attempts).toBe(1);
  });
});
