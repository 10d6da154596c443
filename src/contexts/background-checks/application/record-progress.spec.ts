import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckStatusChanged } from '../contract.js';
import { changedMeanwhile } from '../domain/errors.js';
import type { OrderStatus } from '../domain/order-status.js';
import { EraseCheck } from './erase-check.js';
import { RecordProgress } from './record-progress.js';

describe('recording the progress of a check', () => {
  let world: World;
  let id: Id;
  beforeEach(async () => {
    world = new World();
    id = await world.aCheck();
  });

  const record = (over?: boolean, checkId = id) =>
    world.recordProgress.execute(new RecordProgress(world.teamId, checkId, over));
  const order = (status: Partial<OrderStatus> & Pick<OrderStatus, 'state'>) =>
    world.orders.put(world.keyOf(id), status);
  const changed = () => world.outbox.events.filter((event) => event instanceof CheckStatusChanged);

  describe('without a case', () => {
    it.each<[Partial<OrderStatus> & Pick<OrderStatus, 'state'>, string, string | null]>([
      [{ state: 'waiting', connectionActionRequired: true }, 'requested', 'connection_attention'],
      [{ state: 'waiting', held: true }, 'requested', 'orders_held'],
      [{ state: 'confirming' }, 'confirming', null],
      [{ state: 'confirming', waitsToBeResent: true }, 'confirming', 'resends_of_the_hour'],
      [{ state: 'needs_decision' }, 'needs_decision', 'needs_decision'],
      [{ state: 'placed', caseId: 'case' }, 'sent', null],
      [{ state: 'refused', message: 'No.' }, 'not_sent', 'refused_by_certn'],
      [{ state: 'withdrawn' }, 'not_sent', 'integration_disabled'],
    ])('shows that its order is %j', async (status, shown, reason) => {
      order(status);
      await record();
      expect(world.check(id)).toMatchObject({ status: shown, failureReason: reason });
      expect(changed()).toEqual([new CheckStatusChanged(world.teamId, id)]);
    });

    it('changes nothing while its order only waits, or is not there', async () => {
      const before = world.check(id);
      await record();
      order({ state: 'waiting' });
      await record();
      expect(world.check(id)).toMatchObject({ status: before.status, failureReason: null, revision: 1 });
      expect(world.outbox.published).toEqual([]);
    });

    it('says that its application was closed when that is why the order was withdrawn', async () => {
      await world.changeApplication(world.check(id).applicationId, { active: false });
      order({ state: 'withdrawn' });
      await record();
      expect(world.check(id)).toMatchObject({ status: 'not_sent', failureReason: 'application_closed' });
    });

    it('says the same of an application that is no longer there', async () => {
      world.applications.find = async () => null;
      order({ state: 'withdrawn' });
      await record();
      expect(world.check(id)).toMatchObject({ status: 'not_sent', failureReason: 'application_closed' });
    });
  });

  describe('with a case', () => {
    beforeEach(() => order({ state: 'placed', caseId: 'case' }));

    it('follows the case, whatever its order shows', async () => {
      world.orders.show(world.keyOf(id), { state: 'complete', result: 'clear', vendorScore: 'CLEAR' });
      await record();
      expect(world.check(id)).toMatchObject({
        status: 'complete',
        result: 'clear',
        vendorScore: 'CLEAR',
        holdsSlot: false,
      });
      expect(changed()).toHaveLength(1);
    });

    it('publishes and writes history once, however often the event comes', async () => {
      world.orders.show(world.keyOf(id), { state: 'invited' });
      for (let times = 0; times < 3; times += 1) await record();
      expect([changed().length, world.historyOf(id)]).toEqual([1, ['requested', 'status_changed']]);
      expect(world.checks.historyOf(world.keyOf(id)).at(-1)).toMatchObject({ from: 'requested', to: 'invited' });
    });

    it('notes when the vendor confirmed an unchanged case, without an event', async () => {
      world.orders.show(world.keyOf(id), { state: 'invited' });
      await record();
      const later = world.clock.advance({ hours: 1 });
      world.orders.show(world.keyOf(id), {});
      await record();
      expect(world.check(id).confirmedAt).toEqual(later);
      expect(changed()).toHaveLength(1);
    });

    it('keeps the newest state when two events are handled at once', async () => {
      world.orders.show(world.keyOf(id), { state: 'invited' });
      const first = record();
      world.orders.show(world.keyOf(id), { state: 'submitted' });
      await Promise.all([first, record()]);
      expect(world.check(id)).toMatchObject({ status: 'submitted', caseRevision: 2 });
    });

    it('tries again when another transaction saved the check, five times at most', async () => {
      world.orders.show(world.keyOf(id), { state: 'invited' });
      const save = world.checks.save.bind(world.checks);
      let conflicts = 4;
      world.checks.save = async (check) => {
        if (conflicts > 0) {
          conflicts -= 1;
          throw changedMeanwhile();
        }
        return save(check);
      };
      await record();
      expect(world.check(id).status).toBe('invited');
      conflicts = 5;
      world.orders.show(world.keyOf(id), { state: 'opened' });
      await expect(record()).rejects.toMatchObject({ reason: 'changed_meanwhile' });
      expect(world.check(id).status).toBe('invited');
    });
  });

  it('an unknown check is not found', async () => {
    await expect(record(false, anId())).rejects.toMatchObject({ kind: 'not_found' });
  });

  describe('of an anonymised candidate', () => {
    const erase = () => world.eraseCheck.execute(new EraseCheck(world.teamId, id));
    const counted = () => world.proofs.of(world.teamId, world.check(id).candidateId);

    it('counts the outcome once, and keeps only whether it was completed', async () => {
      order({ state: 'placed', caseId: 'case' });
      world.orders.show(world.keyOf(id), { state: 'in_progress' });
      await record();
      await erase();
      expect(counted()).toEqual([]);
      world.orders.show(world.keyOf(id), { state: 'complete', result: 'reject' });
      await record();
      await record(true);
      expect(counted()).toEqual([{ package: 'Basic', outcome: 'reject', count: 1 }]);
      expect(world.check(id)).toMatchObject({
        status: 'complete',
        result: null,
        caseId: null,
        sentTo: null,
        vendorScore: null,
      });
      expect(world.checks.historyOf(world.keyOf(id)).every(({ from, to }) => from === null && to === null)).toBe(true);
    });

    it('counts the last status when no more events come, and the snapshot is erased', async () => {
      order({ state: 'placed', caseId: 'case' });
      world.orders.show(world.keyOf(id), { state: 'in_progress' });
      await record();
      await erase();
      order({ state: 'placed' });
      world.orders.put(world.keyOf(id), { state: 'placed' }, { snapshot: { ...aSnapshot(), caseId: null } });
      await record(true);
      expect(counted()).toEqual([{ package: 'Basic', outcome: 'in_progress', count: 1 }]);
      expect(world.check(id)).toMatchObject({ status: 'cancelled', settledAt: expect.any(Date) as Date });
      expect(await world.orders.lastSnapshot(world.teamId, id)).toBeNull();
    });
  });

  function aSnapshot() {
    const snapshot = world.orders.of(world.keyOf(id))?.snapshot;
    if (!snapshot) throw new Error('The case was not read.');
    return snapshot;
  }
});
