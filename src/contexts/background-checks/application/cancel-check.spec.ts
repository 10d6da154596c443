import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckStatusChanged } from '../contract.js';
import { CancelOutstanding } from '../domain/events.js';
import { CancelCheck } from './cancel-check.js';
import { RecordProgress } from './record-progress.js';

describe('cancelling a check', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  const cancel = (id: Id, caller = world.recruiter) => world.cancelCheck.execute(new CancelCheck(caller, id));
  const audited = () => world.audited.filter(([action]) => action === 'background_check.cancel');

  describe('before its order was sent', () => {
    it('cancels it at once, and the vendor is not called', async () => {
      const id = await world.aCheck();
      await cancel(id);
      expect(world.check(id)).toMatchObject({ status: 'cancelled', failureReason: 'withdrawn', holdsSlot: false });
      expect((await world.orders.status(world.teamId, id))?.state).toBe('withdrawn');
      expect(world.outbox.events).toEqual([new CheckStatusChanged(world.teamId, id)]);
      expect([world.orders.cancelsAsked, audited()]).toEqual([0, [['background_check.cancel', 'done']]]);
      expect(world.checks.historyOf(world.keyOf(id)).at(-1)).toMatchObject({ by: world.recruiter.user.id });
    });

    it('frees the slot for another check', async () => {
      const sendable = world.aSendable();
      await cancel(await world.aCheck(sendable));
      await world.aCheck(sendable);
      expect(world.checks.all.map(({ holdsSlot }) => holdsSlot)).toEqual([false, true]);
    });
  });

  it.each([
    ['waiting', { beingSent: true }],
    ['confirming', {}],
    ['needs_decision', {}],
  ] as const)(
    'while its order may be at the vendor (%s) notes the request; the order is not sent again',
    async (state, more) => {
      const id = await world.aCheck();
      world.orders.put(world.keyOf(id), { state }, more);
      await cancel(id);
      expect(world.check(id)).toMatchObject({
        status: 'requested',
        cancelRequestedAt: world.clock.now(),
        holdsSlot: true,
      });
      expect(world.orders.of(world.keyOf(id))?.doNotSend).toBe(true);
      expect([world.historyOf(id), world.orders.cancelsAsked]).toEqual([['requested', 'cancel_requested'], 0]);
    },
  );

  describe('that has a case', () => {
    it('asks the vendor, notes the request, and plans the next one', async () => {
      const id = await world.aCheckWithCase('invited');
      await cancel(id);
      expect(world.check(id)).toMatchObject({ status: 'invited', cancelRequestedAt: world.clock.now() });
      expect(world.orders.cancelsAsked).toBe(1);
      expect(world.outbox.published).toEqual([
        { event: new CancelOutstanding(world.teamId, id, 1, true), inSeconds: 60 },
      ]);
      expect(world.cancelling.planOf(world.teamId, id)).toMatchObject({ asked: 1, accepted: true });
      expect(audited()).toEqual([['background_check.cancel', 'done']]);
      const { candidateId: withheldFrom } = world.check(id);
      expect(world.audit.entries.at(-1)).toMatchObject({ entity: 'background_check', entityId: id, withheldFrom });
    });

    it('asks again soon when the vendor gave no answer', async () => {
      const id = await world.aCheckWithCase('invited');
      world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
      await cancel(id);
      expect(world.outbox.published).toEqual([
        { event: new CancelOutstanding(world.teamId, id, 1, false), inSeconds: 5 },
      ]);
    });

    it('plans no second chain when it is cancelled twice', async () => {
      const id = await world.aCheckWithCase('invited');
      await cancel(id);
      const { cancelRequestedAt } = world.check(id);
      world.clock.advance({ hours: 1 });
      world.orders.nextCancelAnswers.push({ kind: 'accepted' });
      await cancel(id, world.admin);
      expect(world.check(id).cancelRequestedAt).toEqual(cancelRequestedAt);
      expect(world.outbox.published).toHaveLength(1);
      expect(world.historyOf(id).filter((kind) => kind === 'cancel_requested')).toHaveLength(1);
    });

    it('is refused when the vendor refuses, with its words; nothing is noted but the attempt', async () => {
      const id = await world.aCheckWithCase('in_progress');
      world.orders.nextCancelAnswers.push({ kind: 'refused', message: 'Too late.' });
      await expect(cancel(id)).rejects.toMatchObject({ reason: 'cancel_refused', message: 'Too late.' });
      expect(world.check(id).cancelRequestedAt).toBeNull();
      expect([world.outbox.published, audited()]).toEqual([[], [['background_check.cancel', 'refused']]]);
    });

    it('fails as the call to the vendor fails, and notes nothing', async () => {
      const id = await world.aCheckWithCase('in_progress');
      world.orders.nextCancelAnswers.push(new DomainError('upstream', 'vendor_error', 'No.'));
      await expect(cancel(id)).rejects.toMatchObject({ reason: 'vendor_error' });
      expect([world.check(id).cancelRequestedAt, world.outbox.published, audited()]).toEqual([null, [], []]);
    });

    it('notes nothing when it ends during the call to the vendor', async () => {
      const id = await world.aCheckWithCase('in_progress');
      const ask = world.orders.cancelCase.bind(world.orders);
      world.orders.cancelCase = async (teamId, checkId) => {
        const answer = await ask(teamId, checkId);
        await world.unitOfWork.run(async () => {
          const check = await world.checks.get(teamId, checkId);
          check.recordCase(
            world.orders.show(world.keyOf(id), { state: 'complete', result: 'clear' }),
            world.clock.now(),
          );
          await world.checks.save(check);
        });
        return answer;
      };
      await cancel(id);
      expect(world.check(id)).toMatchObject({ status: 'complete', cancelRequestedAt: null });
      expect(world.outbox.published).toEqual([]);
    });
  });

  it.each(['complete', 'cancelled', 'expired', 'declined', 'undeliverable'] as const)(
    'that is %s is refused',
    async (state) => {
      const id = await world.aCheckWithCase(state);
      await expect(cancel(id)).rejects.toMatchObject({ reason: 'already_finished' });
      expect([world.orders.cancelsAsked, world.outbox.published, audited()]).toEqual([0, [], []]);
    },
  );

  it('takes the permission to send on its job', async () => {
    const id = await world.aCheckWithCase('invited');
    const { jobId } = world.check(id);
    const sender = world.caller('limited', { grants: [[jobId, ['send_checks']]] });
    const reader = world.caller('limited', { grants: [[jobId, ['view_results']]] });
    await expect(cancel(id, reader)).rejects.toMatchObject({ reason: 'not_allowed' });
    await expect(cancel(id, world.caller('limited'))).rejects.toMatchObject({ reason: 'not_found' });
    await expect(cancel(anId())).rejects.toMatchObject({ reason: 'not_found' });
    expect([world.orders.cancelsAsked, world.check(id).cancelRequestedAt]).toEqual([0, null]);
    await cancel(id, sender);
    expect(world.check(id).cancelRequestedAt).not.toBeNull();
  });

  it('and recording its case at the same time: both are kept', async () => {
    const id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'placed', caseId: 'case' });
    world.orders.show(world.keyOf(id), { state: 'invited' });
    await Promise.all([cancel(id), world.recordProgress.execute(new RecordProgress(world.teamId, id))]);
    expect(world.check(id)).toMatchObject({ status: 'invited', cancelRequestedAt: world.clock.now() });
  });

  it('has one effect when its units of work run twice', async () => {
    const id = await world.aCheckWithCase('invited');
    world.unitOfWork.collides = true;
    await cancel(id);
    expect([world.orders.cancelsAsked, world.outbox.published.length, audited().length]).toEqual([1, 1, 1]);
  });
});
