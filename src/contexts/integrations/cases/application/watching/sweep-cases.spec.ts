import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { usualCapabilities } from '../../../../../../test/support/fake-vendor.js';
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
/** Longer than a list may lag behind. */
const lag = { seconds: 901 };
const calls = (purpose: 'sweep' | 'feed' | 'read') => world.budget.calls(world.connection.accountKey, 'day', purpose);

describe('a sweep', () => {
  it('finds what no webhook announced, in one list', async () => {
    const [first, second] = await openedMany(3);
    world.changes(first as Id, opened);
    world.clock.advance(lag);
    await world.step('sweep');
    await world.work();
    expect([await stateOf(first as Id), await stateOf(second as Id)]).toEqual(['opened', 'ordered']);
    expect([world.takeTold(), calls('sweep'), calls('read')]).toEqual([['CaseChanged'], 1, 0]);
  });

  it('reads a case on its own when the list may be older than the last read', async () => {
    const [id] = await openedMany(1);
    world.changes(id as Id, opened);
    await world.step('sweep');
    await world.work();
    expect([await stateOf(id as Id), calls('read')]).toEqual(['opened', 1]);
  });

  it('reads cases that have left the list of open ones', async () => {
    const [id] = await openedMany(2);
    world.changes(id as Id, complete);
    world.clock.advance(lag);
    await world.step('sweep');
    await world.work();
    expect([await stateOf(id as Id), calls('sweep'), calls('read')]).toEqual(['complete', 1, 1]);
  });

  it('reads one more list instead of many cases', async () => {
    const ids = await openedMany(5);
    for (const id of ids) world.changes(id, complete);
    world.clock.advance(lag);
    await world.step('sweep');
    await world.work();
    expect(await Promise.all(ids.map(stateOf))).toEqual(ids.map(() => 'complete'));
    expect([calls('sweep'), calls('read')]).toEqual([2, 0]);
  });

  it('does not read again and again a case that is gone', async () => {
    await openedMany(1);
    world.account.cases = [];
    for (let sweeps = 0; sweeps < 3; sweeps += 1) {
      await world.step('sweep');
      await world.work();
    }
    expect(calls('read')).toBe(1);
  });

  it('goes on where its last step ended, and then begins again', async () => {
    const ids = await openedMany(97);
    for (const id of ids) world.changes(id, opened);
    world.clock.advance(lag);
    await world.step('sweep');
    await world.work();
    expect([await stateOf(ids[94] as Id), await stateOf(ids[95] as Id)]).toEqual(['opened', 'ordered']);
    expect((await world.task('sweep')).progress).toMatchObject({ steps: 2, calls: 1 });
    await world.step('sweep');
    await world.work();
    expect(await stateOf(ids[96] as Id)).toBe('opened');
    expect((await world.task('sweep')).progress).toEqual({ lastCalls: 2 });
  });

  it('at a vendor without a list reads every open case', async () => {
    world = await CasesWorld.open({ capabilities: { ...usualCapabilities, listByTime: false, eventsFeed: false } });
    const ids = await openedMany(3);
    world.changes(ids[1] as Id, opened);
    await world.step('sweep');
    expect(world.outbox.events).toEqual(ids.map((id) => new CaseReported(world.teamId, id)));
    await world.work();
    expect([await stateOf(ids[1] as Id), calls('read'), (await world.task('sweep')).progress]).toEqual([
      ...['opened', 3, { lastCalls: 3 }],
    ]);
  });

  it('takes longer when the day’s calls do not suffice, also for other connections of the account', async () => {
    world = await CasesWorld.open({
      calls: { requestsPerDay: 400 },
      capabilities: { ...usualCapabilities, listByTime: false },
    });
    await openedMany(9);
    await world.step('sweep');
    // Nine calls, and 120 of the 400 a day are for sweeps.
    expect((await world.task('sweep')).intervalSeconds).toBe((9 * 86_400) / 120);
  });

  it('shows that webhooks are missing after three changes', async () => {
    const ids = await openedMany(3);
    for (const id of ids) world.changes(id, opened);
    world.clock.advance(lag);
    const reported: unknown[] = [];
    const alarm = world.missedWebhooks.alarm.bind(world.missedWebhooks);
    world.missedWebhooks.alarm = async (connection) => {
      const since = await alarm(connection);
      reported.push(since !== null);
      return since;
    };
    for (let n = 0; n < 2; n += 1) await world.step('sweep');
    expect(reported).toEqual([true, false]);
  });
});
