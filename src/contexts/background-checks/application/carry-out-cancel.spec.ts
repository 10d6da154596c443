import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { CheckStatusChanged } from '../contract.js';
import { CancelOutstanding } from '../domain/events.js';
import { CancelCheck } from './cancel-check.js';
import { CarryOutCancel, cancelGaps, gapAfter, isLastTry } from './carry-out-cancel.js';
import { RecordProgress } from './record-progress.js';

describe('a cancellation request', () => {
  const gaps = cancelGaps.map((_, i) => gapAfter({ asked: i + 1, accepted: false }));

  it('is repeated soon, then less and less often, for a day and a half', () => {
    expect(gaps[0]).toBeLessThanOrEqual(10);
    expect(gaps).toEqual(gaps.toSorted((a, b) => a - b));
    expect(gaps.reduce((sum, gap) => sum + gap, 0) / 3600).toBeCloseTo(35.6, 0);
  });

  it('that was accepted is not repeated within a minute', () => {
    expect(gapAfter({ asked: 1, accepted: true })).toBeGreaterThanOrEqual(60);
    expect(gapAfter({ asked: cancelGaps.length, accepted: true })).toBe(gaps.at(-1));
  });

  it('ends: after the last gap the vendor is not asked again', () => {
    expect(isLastTry({ asked: cancelGaps.length - 1, accepted: false })).toBe(false);
    expect(isLastTry({ asked: cancelGaps.length, accepted: true })).toBe(true);
  });
});

describe('carrying out a cancellation', () => {
  let world: World;
  let id: Id;
  beforeEach(async () => {
    world = new World();
    id = await world.aCheckWithCase('invited');
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, id));
    world.outbox.take();
  });

  const carryOut = () => world.carryOutCancel.execute(new CarryOutCancel(world.teamId, id));
  const progress = () => world.cancelling.planOf(world.teamId, id);
  /** Lets the time until the next try pass. */
  const wait = (): void => void world.clock.advance({ seconds: Math.ceil((cancelGaps.at(-1) ?? 0) + 1) });

  it('asks the vendor once its time has come, and plans the next try first', async () => {
    await carryOut();
    expect(world.orders.cancelsAsked).toBe(1);
    wait();
    world.orders.nextCancelAnswers.push({ kind: 'accepted' });
    await carryOut();
    expect([world.orders.cancelsAsked, progress().asked]).toEqual([2, 2]);
    expect(world.outbox.published).toEqual([
      { event: new CancelOutstanding(world.teamId, id, 2, true), inSeconds: gapAfter({ asked: 2, accepted: true }) },
    ]);
  });

  it('asks once when two jobs run at the same time', async () => {
    wait();
    world.orders.nextCancelAnswers.push({ kind: 'no_answer' }, { kind: 'no_answer' });
    await Promise.all([carryOut(), carryOut()]);
    expect([world.orders.cancelsAsked, world.outbox.published.length]).toEqual([2, 1]);
  });

  it('keeps the next try when the call breaks off', async () => {
    wait();
    world.orders.nextCancelAnswers.push(new Error('the process ends here'));
    await expect(carryOut()).rejects.toThrow('the process ends here');
    expect([progress().asked, world.outbox.published.length]).toEqual([2, 1]);
  });

  it('notes that the vendor accepted', async () => {
    const other = await world.aCheckWithCase('invited');
    world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, other));
    wait();
    world.orders.nextCancelAnswers.push({ kind: 'accepted' });
    await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
    expect(world.cancelling.planOf(world.teamId, other).accepted).toBe(true);
  });

  it('counts a refused key as no answer', async () => {
    wait();
    world.orders.nextCancelAnswers.push(new DomainError('conflict', 'api_key_rejected', 'No.'));
    await carryOut();
    expect(world.check(id).cancelRequestedAt).not.toBeNull();
    expect(world.outbox.published).toHaveLength(1);
  });

  it('does nothing once the case is cancelled', async () => {
    await world.orders.readAgain(world.teamId, id);
    await world.recordProgress.execute(new RecordProgress(world.teamId, id));
    expect(world.check(id).status).toBe('cancelled');
    world.outbox.take();
    wait();
    await carryOut();
    expect([world.orders.cancelsAsked, world.outbox.published]).toEqual([1, []]);
  });

  it('does nothing for a check without a request, or without a case', async () => {
    for (const other of [await world.aCheckWithCase('invited'), await world.aCheck()])
      await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
    expect([world.orders.cancelsAsked, world.outbox.published]).toEqual([1, []]);
  });

  /** A check whose first request got no answer, and whose next one is due. */
  const anUnanswered = async (): Promise<Id> => {
    const other = await world.aCheckWithCase('invited');
    world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, other));
    world.outbox.take();
    wait();
    return other;
  };

  it('keeps the request, as not accepted, when the vendor gives no answer again', async () => {
    const other = await anUnanswered();
    world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
    await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
    expect(world.check(other)).toMatchObject({ status: 'invited', cancelRequestedAt: expect.any(Date) as Date });
    expect(world.cancelling.planOf(world.teamId, other)).toMatchObject({ asked: 2, accepted: false });
  });

  describe('that the vendor refuses', () => {
    const refused = { kind: 'refused', message: 'Too late.' } as const;
    const aRefusable = async (): Promise<Id> => {
      const other = await anUnanswered();
      world.orders.nextCancelAnswers.push(refused);
      return other;
    };

    it('drops the request, so that it can be made again', async () => {
      const other = await aRefusable();
      await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
      expect(world.check(other)).toMatchObject({ status: 'invited', cancelRequestedAt: null });
    });

    it('is not asked again by a job that was planned before', async () => {
      const other = await aRefusable();
      await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
      const asked = world.orders.cancelsAsked;
      wait();
      await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
      expect(world.orders.cancelsAsked).toBe(asked);
    });

    it('keeps the request when the case proves to be cancelled', async () => {
      const other = await aRefusable();
      world.orders.vendorShows(world.keyOf(other), { state: 'cancelled' });
      await world.carryOutCancel.execute(new CarryOutCancel(world.teamId, other));
      expect(world.check(other)).toMatchObject({ status: 'cancelled', cancelRequestedAt: expect.any(Date) as Date });
    });

    it('changes nothing when it was accepted before, although the case does not show it yet', async () => {
      world.orders.vendorShows(world.keyOf(id), { state: 'invited' });
      wait();
      world.orders.nextCancelAnswers.push(refused);
      await carryOut();
      expect(world.check(id)).toMatchObject({ status: 'invited', cancelRequestedAt: expect.any(Date) as Date });
    });
  });

  it('ends after the last try: the check asks a person, and admins see it', async () => {
    for (let tries = 0; tries < cancelGaps.length + 3; tries += 1) {
      wait();
      world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
      await carryOut();
    }
    expect(world.orders.cancelsAsked).toBe(cancelGaps.length);
    expect(world.check(id)).toMatchObject({
      failureReason: 'cancel_unconfirmed',
      cancelRequestedAt: null,
      status: 'invited',
    });
    expect(world.orders.of(world.keyOf(id))?.uncancelled).toBe(true);
    expect(world.outbox.events.filter((event) => event instanceof CheckStatusChanged)).toHaveLength(1);
  });
});
