import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { lost } from '../../../../../../test/fakes/integrations/orders-world.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { CaseReported } from '../../../orders/domain/events.js';

let world: CasesWorld;
beforeEach(async () => {
  world = await CasesWorld.open();
});

const opened = { state: 'opened', vendorStatus: 'OPENED' } as const;
const complete = { state: 'complete', vendorStatus: 'COMPLETE', result: 'clear' } as const;
const stateOf = async (id: Id) => (await world.cases.find(world.teamId, id))?.state;
const openedMany = async (count: number) => {
  const ids: Id[] = [];
  for (let n = 0; n < count; n += 1) {
    ids.push(await world.opened(`${n}@example.org`));
    world.clock.advance({ seconds: 1 });
  }
  return ids;
};
const calls = (purpose: 'sweep' | 'feed' | 'read') => world.budget.calls(world.connection.accountKey, 'day', purpose);

describe('the events feed', () => {
  it('brings changes that no webhook brought, each once', async () => {
    const [id] = await openedMany(1);
    world.changes(id as Id, opened);
    for (let n = 0; n < 2; n += 1) await world.step('feed');
    expect(world.outbox.events).toEqual([new CaseReported(world.teamId, id as Id)]);
    await world.work();
    expect([await stateOf(id as Id), world.tables.inboundEvents.all().length]).toEqual(['opened', 1]);
  });

  it('is not read while nothing could be in it', async () => {
    await world.step('feed');
    expect(calls('feed')).toBe(0);
  });

  it('is read page by page, a few pages in a step', async () => {
    const [id] = await openedMany(1);
    for (let n = 0; n < 75; n += 1) world.changes(id as Id, { vendorStatus: `STATUS_${n}` });
    await world.step('feed');
    expect([calls('feed'), world.tables.inboundEvents.all().length]).toEqual([5, 50]);
    expect((await world.task('feed')).progress).toMatchObject({ after: expect.any(String), caughtUp: false });
    await world.step('feed');
    expect([calls('feed'), world.tables.inboundEvents.all().length]).toEqual([8, 75]);
    expect((await world.task('feed')).progress).toMatchObject({ caughtUp: true });
    await world.step('feed');
    expect(calls('feed')).toBe(9);
  });

  it('begins after the newest stored event, and over when the vendor refuses to go on from there', async () => {
    const [id] = await openedMany(1);
    await world.announces(world.changes(id as Id, opened));
    const asked: (string | null)[] = [];
    const readEvents = world.vendor.readEvents.bind(world.vendor);
    world.vendor.readEvents = async (credentials, after) => {
      asked.push(after);
      if (after !== null) throw new VendorFailure('give_up', 'not_found', 'No such event.');
      return readEvents(credentials, after);
    };
    for (let n = 0; n < 2; n += 1) await world.step('feed');
    expect(asked).toEqual([world.account.events[0]?.eventId, null]);
    expect(world.failures).toEqual([]);
  });

  it('with many changes starts a sweep instead of many reads', async () => {
    const ids = await openedMany(30);
    for (const id of ids) world.changes(id, opened);
    await world.step('feed');
    const hinted = world.outbox.events.length;
    expect([hinted > 0, hinted < 30, (await world.task('sweep')).progress]).toEqual([
      ...[true, true, expect.objectContaining({ hasty: true })],
    ]);
  });

  it('names the case of an order whose answer was lost [B8]', async () => {
    const id = await world.attempted({ outcome: lost, taken: true });
    const [found] = world.account.cases;
    world.vendor.moveCase(found?.id ?? '', opened);
    world.account.lagging.add(found?.id ?? '');
    await world.step('feed');
    await world.work();
    expect(await world.order(id)).toMatchObject({ state: 'ordered', caseId: found?.id });
  });
});

describe('the daily reconciliation', () => {
  const reconcile = async (days = 1) => {
    for (let n = 0; n <= days; n += 1) await world.step('comparison');
    await world.work();
  };
  const discrepancies = () => world.tables.discrepancies.all().map(({ kind, caseId }) => [kind, caseId]);

  it('finds a case that no order has', async () => {
    await openedMany(1);
    const extra = world.vendor.addCase(world.account, { email: 'eve@example.org' });
    world.clock.advance({ days: 1 });
    await reconcile();
    expect(discrepancies()).toEqual([['case_without_order', extra.id]]);
  });

  it('finds an order whose case the vendor no longer has, until it has it again', async () => {
    await openedMany(1);
    const cases = world.account.cases.splice(0);
    world.clock.advance({ days: 1 });
    await reconcile();
    expect(discrepancies()).toEqual([['order_without_case', 'case-1']]);
    world.account.cases.push(...cases);
    await reconcile();
    expect(discrepancies()).toEqual([]);
  });

  it('finds a case that was reopened after it ended', async () => {
    const [id] = await openedMany(1);
    await world.announces(world.changes(id as Id, complete));
    await world.work();
    world.changes(id as Id, { state: 'in_dispute', vendorStatus: 'IN_DISPUTE' });
    world.clock.advance({ days: 1 });
    await reconcile();
    expect(await stateOf(id as Id)).toBe('in_dispute');
  });

  it('does not miss a fresh case that the list does not show yet', async () => {
    const [id] = await openedMany(1);
    world.account.lagging.add('case-1');
    await reconcile(0);
    expect([discrepancies(), calls('read'), await stateOf(id as Id)]).toEqual([[], 1, 'ordered']);
  });

  it('compares one day in a step, and rests when it has reached today', async () => {
    await openedMany(1);
    world.clock.advance({ days: 3 });
    await world.step('comparison');
    expect((await world.task('comparison')).progress).toMatchObject({ day: '2026-10-02T00:00:00.000Z' });
    for (let n = 0; n < 3; n += 1) await world.step('comparison');
    expect((await world.task('comparison')).progress).toEqual({});
  });
});

describe('a step of a scheduled task', () => {
  const dueInSeconds = async () => {
    for (let seconds = 0; seconds < 2000; seconds += 10) {
      const due = await world.tasks.takeDue(10);
      if (due.some(({ kind }) => kind === 'sweep')) return seconds;
      world.clock.advance({ seconds: 10 });
    }
    return Number.NaN;
  };
  const failing = async (failure: Error) => {
    await openedMany(1);
    await world.tasks.ensure();
    world.clock.advance({ seconds: 600 });
    await world.tasks.takeDue(10);
    world.vendor.findOrders = async () => {
      throw failure;
    };
    await world.step('sweep');
    return dueInSeconds();
  };

  it('waits for the pause that the vendor states [E8]', async () => {
    expect(await failing(new VendorFailure('retry', 'throttled', 'Too many.', 120_000))).toBe(120);
  });

  it('waits a minute when the vendor does not answer', async () => {
    expect(await failing(new VendorFailure('retry', 'unreachable', 'Unreachable.'))).toBe(60);
    expect(world.failures).toEqual([]);
  });

  it('that fails through our own fault is counted, and waits a minute', async () => {
    const failure = new Error('a bug');
    expect(await failing(failure)).toBe(60);
    expect(world.failures).toEqual([failure]);
  });

  it('calls nobody while the connection requires action', async () => {
    await openedMany(1);
    await world.changeConnection((one, now) =>
      one.requireAction({ reason: 'key_refused', message: 'No.', at: now.toISOString() }, now),
    );
    for (const kind of ['sweep', 'feed', 'comparison'] as const) await world.step(kind);
    expect([calls('sweep'), calls('feed'), calls('read')]).toEqual([0, 0, 0]);
  });

  it('is started when it is due, once', async () => {
    await world.tasks.ensure();
    await world.startScheduledTasks.due();
    expect(world.outbox.events).toEqual([]);
    world.clock.advance({ seconds: 600 });
    await Promise.all([world.startScheduledTasks.due(), world.startScheduledTasks.due()]);
    expect(world.takePublishedNames()).toEqual(['TaskDue', 'TaskDue', 'TaskDue']);
  });
});
