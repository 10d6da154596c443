import type { Id } from '#kernel/id';
import { anId } from '../../../../../test/fakes/platform.js';
import { lost, OrdersWorld } from '../../../../../test/fakes/integrations/orders-world.js';
import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { GetOrderHandler } from './get-order.js';
import { GetOrder } from '../../contract.js';

let world: OrdersWorld;
beforeEach(async () => {
  world = await OrdersWorld.open();
});

const state = async (id: Id) => (await world.order(id)).state;
/** Two cases fit, the first of them is the order's. */
async function undecided(): Promise<Id> {
  const id = await world.attempted({ outcome: lost, taken: true });
  world.vendor.addCase(world.account, { email: 'Ada@example.org', packageId: 'basic' });
  await world.passes({ seconds: 31 });
  expect(await state(id)).toBe('needs_decision');
  world.takeTold();
  return id;
}
const notFound = { reason: 'unknown_reference', message: 'case_id was not found.' };
const cases = () => world.account.cases.map(({ id }) => id);

describe('a person who decides that an order has a case', () => {
  it('links it, and the others are told', async () => {
    const id = await undecided();
    await world.decide(id, { caseId: cases()[1] ?? '' });
    expect(await world.order(id)).toMatchObject({ state: 'ordered', caseId: cases()[1], candidates: [] });
    await world.work();
    expect([world.takeTold(), world.vendor.attempts]).toEqual([['OrderPlaced'], 1]);
  });

  it('cannot choose a case of somebody else, or one that shows no address', async () => {
    const id = await undecided();
    for (const email of ['bob@example.org', null]) {
      const { id: caseId } = world.vendor.addCase(world.account, { email });
      await expect(world.decide(id, { caseId })).rejects.toMatchObject(notFound);
    }
    expect(await state(id)).toBe('needs_decision');
  });

  it('cannot choose a case that the vendor does not know', async () => {
    await expect(world.decide(await undecided(), { caseId: 'unknown' })).rejects.toMatchObject(notFound);
  });

  it('cannot choose a case of another order', async () => {
    const id = await undecided();
    const [, second = ''] = cases();
    await world.unitOfWork.run(() =>
      world.links.link(
        { teamId: anId(), id: anId(), connectionId: anId() },
        world.connection.host,
        world.account.cases[1] ?? ({} as never),
      ),
    );
    await expect(world.decide(id, { caseId: second })).rejects.toMatchObject(notFound);
    expect(await world.order(id)).toMatchObject({ state: 'needs_decision', caseId: null });
  });

  it('is told when the vendor does not answer, and can try again', async () => {
    const id = await undecided();
    world.vendor.nextFailures.push(new VendorFailure('retry', 'unreachable', 'Unreachable.'));
    await expect(world.decide(id, { caseId: cases()[0] ?? '' })).rejects.toMatchObject({
      reason: 'vendor_unreachable',
    });
    await world.decide(id, { caseId: cases()[0] ?? '' });
    expect(await state(id)).toBe('ordered');
  });

  it('twice decides once', async () => {
    const id = await undecided();
    const decide = () => world.decide(id, { caseId: cases()[0] ?? '' });
    const answers = await Promise.allSettled([decide(), decide()]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(answers.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { reason: 'nothing_to_decide' },
    });
  });
});

describe('a person who decides that the vendor does not have an order', () => {
  it('cannot before the visibility lag is over, and is told for how long', async () => {
    const id = await undecided();
    await expect(world.decide(id, { sendAgain: true })).rejects.toMatchObject({
      reason: 'not_settled_yet',
      retryAfterSeconds: 889,
      message: 'Fake may still be taking the first order. Try again in 15 minutes.',
    });
    expect(await state(id)).toBe('needs_decision');
  });

  it('has it sent again, and its cases are never taken for the order', async () => {
    const id = await undecided();
    await world.passes({ seconds: 900 });
    const refused = cases();
    await world.decide(id, { sendAgain: true });
    await world.work();
    expect(await world.order(id)).toMatchObject({ state: 'ordered', attempt: 2, refusedCases: refused });
    expect(refused).not.toContain((await world.order(id)).caseId);
    expect(world.takeTold()).toEqual(['OrderHeldUp', 'OrderPlaced']);
  });

  it('has it reconciled again when that answer is lost, too, and may be asked again', async () => {
    const id = await undecided();
    await world.passes({ seconds: 900 });
    const ruledOut = cases();
    world.vendor.nextOrders.push({ outcome: lost, taken: true });
    await world.decide(id, { sendAgain: true });
    await world.passes({ seconds: 31 });
    const { caseId } = await world.order(id);
    expect([await state(id), ruledOut.includes(caseId ?? '')]).toEqual(['ordered', false]);
  });

  it('ends it when it was withdrawn', async () => {
    const id = await undecided();
    await world.withdraw(id);
    await world.passes({ seconds: 900 });
    await world.decide(id, { sendAgain: true });
    await world.passes({ days: 1 });
    expect([await state(id), world.vendor.attempts, world.takeTold()]).toEqual(['withdrawn', 1, ['OrderRefused']]);
  });

  it('cannot while the connection is not enabled, unless it ends', async () => {
    const [id, unwanted] = [await undecided(), anId()];
    await world.changeConnection((one, now) => one.disable(now));
    await world.passes({ seconds: 900 });
    await expect(world.decide(id, { sendAgain: true })).rejects.toMatchObject({ reason: 'integration_not_enabled' });
    expect(await state(id)).toBe('needs_decision');
    await world.withdraw(id);
    await world.decide(id, { sendAgain: true });
    expect(await state(id)).toBe('withdrawn');
    await expect(world.decide(unwanted, { sendAgain: true })).rejects.toMatchObject({ reason: 'nothing_to_decide' });
  });
});

describe('an order that does not need a decision', () => {
  it.each<[string, () => Promise<Id>]>([
    ['waits', () => world.place()],
    ['is placed', () => world.attempted()],
    ['is of unknown outcome', () => world.attempted({ outcome: lost })],
  ])('because it %s is left as it is', async (_, bring) => {
    const id = await bring();
    const before = await world.order(id);
    for (const verdict of [{ sendAgain: true }, { caseId: 'case-1' }] as const)
      await expect(world.decide(id, verdict)).rejects.toMatchObject({ reason: 'nothing_to_decide' });
    expect(await world.order(id)).toEqual(before);
  });
});

describe('what others see of an order', () => {
  const facts = (id: Id, teamId = world.teamId) =>
    new GetOrderHandler(world.orders, world.connections, world.vendors).execute(new GetOrder(teamId, id));

  it('are its candidates while a person must decide, and its place at the vendor', async () => {
    const id = await undecided();
    const vendor = { id: 'fake', name: 'Fake' };
    const place = { vendor, environment: 'production', portalUrl: 'https://vendor.example.org/ca' };
    expect(await facts(id)).toEqual({
      ...{ state: 'needs_decision', message: null, waitingFor: null, caseId: null, candidates: cases(), ...place },
    });
    await world.decide(id, { caseId: cases()[0] ?? '' });
    expect(await facts(id)).toMatchObject({ state: 'ordered', caseId: cases()[0], candidates: [] });
  });

  it('is nothing in another team, or before it was placed', async () => {
    const id = await world.place();
    expect([await facts(id, anId()), await facts(anId())]).toEqual([null, null]);
  });
});
