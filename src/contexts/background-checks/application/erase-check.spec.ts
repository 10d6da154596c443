import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckStatusChanged } from '../contract.js';
import { EraseCheck } from './erase-check.js';
import { RequestCheck } from './request-check.js';

describe('erasing a check', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  const erase = (id: Id) => world.eraseCheck.execute(new EraseCheck(world.teamId, id));
  const counted = (id: Id) => world.proofs.of(world.teamId, world.check(id).candidateId);
  const blank = { sentTo: null, caseId: null, shortId: null, portalUrl: null, failureMessage: null };

  it('that was not sent withdraws it, and counts it as cancelled', async () => {
    const id = await world.aCheck();
    await erase(id);
    expect(world.check(id)).toMatchObject({
      ...blank,
      status: 'cancelled',
      erasedAt: world.clock.now(),
      holdsSlot: false,
    });
    expect((await world.orders.status(world.teamId, id))?.state).toBe('withdrawn');
    expect(counted(id)).toEqual([{ package: 'Basic', outcome: 'cancelled', count: 1 }]);
    expect(world.outbox.events).toContainEqual(new CheckStatusChanged(world.teamId, id));
  });

  it('that has ended counts how, and keeps only whether it was completed', async () => {
    const id = await world.aCheckWithCase('complete', { result: 'review', vendorScore: 'REVIEW' });
    await erase(id);
    expect(world.check(id)).toMatchObject({
      ...blank,
      status: 'complete',
      result: null,
      vendorStatus: null,
      vendorScore: null,
    });
    expect(counted(id)).toEqual([{ package: 'Basic', outcome: 'review', count: 1 }]);
    expect(world.checks.historyOf(world.keyOf(id)).every(({ to, emptied }) => to === null && emptied)).toBe(true);
  });

  it('that is in progress requests its cancellation, erases the person, and counts nothing yet', async () => {
    const id = await world.aCheckWithCase('in_progress', { shortId: 'CS_1' });
    await erase(id);
    expect(world.check(id)).toMatchObject({
      ...blank,
      status: 'in_progress',
      cancelRequestedAt: world.clock.now(),
      settledAt: null,
    });
    expect([counted(id), world.orders.of(world.keyOf(id))?.erasureRequested]).toEqual([[], true]);
    expect(world.orders.cancelsAsked).toBe(0);
  });

  it('that may be at the vendor does not withdraw it here; its order is erased when its outcome is known', async () => {
    const id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'confirming' });
    await erase(id);
    expect(world.check(id)).toMatchObject({ sentTo: null, status: 'requested', cancelRequestedAt: world.clock.now() });
    expect(world.orders.of(world.keyOf(id))).toMatchObject({ doNotSend: true, erasureRequested: true });
  });

  it('forgets the answers to its sends, which hold an address', async () => {
    const { applicationId, itemId } = world.aSendable();
    await world.requestCheck.execute(new RequestCheck(world.recruiter, applicationId, itemId, null, 'key'));
    const other = world.aSendable();
    await world.requestCheck.execute(
      new RequestCheck(world.recruiter, other.applicationId, other.itemId, null, 'other'),
    );
    const [first, second] = world.checks.all;
    await erase(first?.id as Id);
    expect(world.records.all.map(({ checkId }) => checkId)).toEqual([second?.id]);
  });

  it('does nothing the second time', async () => {
    const id = await world.aCheckWithCase('complete', { result: 'clear' });
    await erase(id);
    const [before, events] = [world.check(id), world.outbox.take()];
    world.clock.advance({ hours: 1 });
    await erase(id);
    expect([world.check(id), world.outbox.published]).toEqual([before, []]);
    expect([events.length, counted(id)]).toEqual([1, [{ package: 'Basic', outcome: 'clear', count: 1 }]]);
  });

  it('leaves everything as it was when a part of it fails', async () => {
    const id = await world.aCheckWithCase('complete', { result: 'clear' });
    const before = world.check(id);
    world.orders.erase = () => Promise.reject(new Error('no connection'));
    await expect(erase(id)).rejects.toThrow('no connection');
    expect([world.check(id), counted(id), world.outbox.published]).toEqual([before, [], []]);
    expect(world.checks.historyOf(world.keyOf(id)).some(({ to }) => to === 'complete')).toBe(true);
  });

  it('has one effect when its unit of work runs twice', async () => {
    const id = await world.aCheckWithCase('complete', { result: 'clear' });
    world.unitOfWork.collides = true;
    await erase(id);
    expect([counted(id), world.outbox.published.length]).toEqual([
      [{ package: 'Basic', outcome: 'clear', count: 1 }],
      1,
    ]);
  });

  it('that is unknown is not found', async () => {
    await expect(erase(anId())).rejects.toMatchObject({ kind: 'not_found' });
  });
});
