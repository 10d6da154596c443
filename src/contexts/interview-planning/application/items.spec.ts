import type { Id } from '#kernel/id';
import { type NewItem, World } from '../../../../test/fakes/interview-planning/world.js';
import { accountOf } from '../../../../test/fakes/interview-planning/fake-neighbours.js';
import { anId } from '../../../../test/fakes/platform.js';
import { mostItems } from '../domain/limits.js';
import { AddItem } from './add-item.js';
import { ChangeItem } from './change-item.js';
import { RemoveItem } from './remove-item.js';

const check = (packageId = 'basic', vendor = 'certn'): NewItem => ({
  type: 'background_check',
  ...{ vendor, package_id: packageId },
});
const interview: NewItem = { type: 'interview', name: 'Call' };

let world: World;
let stageId: Id;
beforeEach(async () => {
  world = new World();
  stageId = await world.aStage('Screening');
  world.forgetAudit();
});
const items = () => world.plans.itemsOf(world.teamId, stageId);
const disconnect = (): void => void world.accounts.states.set(accountOf(world.teamId, 'certn'), 'disabled');

describe('adding an activity', () => {
  const add = (item: NewItem, { caller = world.recruiter, stage = stageId, id = anId() } = {}) =>
    world.addItem.execute(new AddItem(caller, stage, id, item.type, item));

  it('adds a background check with the package that it orders, under its fixed name [R-45]', async () => {
    const id = anId();
    await add(check(), { id });
    const shown = { type: 'background_check', vendor: 'certn', name: 'Send Certn background check' };
    expect(items()).toMatchObject([{ id, ...shown, packageId: 'basic', packageName: 'Basic' }]);
    expect(world.audited).toEqual([
      { action: 'item.create', entityId: id, to: { stage_id: stageId, ...shown, package_id: 'basic' } },
    ]);
  });

  it('adds an interview, also while the team is not connected', async () => {
    disconnect();
    await add(interview);
    expect(items()).toMatchObject([{ type: 'interview', name: 'Call', packageId: null }]);
  });

  it('adds a background check while the connection needs attention', async () => {
    world.accounts.states.set(accountOf(world.teamId, 'certn'), 'action_required');
    await add(check());
    expect(items()).toHaveLength(1);
  });

  it.each<[string, () => void, NewItem, string]>([
    ['the team is not connected', () => disconnect(), check(), 'integration_not_enabled'],
    ['the package is inactive', () => undefined, check('old'), 'package_unavailable'],
    ['the package is unknown', () => undefined, check('other'), 'package_unavailable'],
    [
      'the team is not connected to that vendor',
      () => undefined,
      check('basic', 'plainscreen'),
      'integration_not_enabled',
    ],
    ['there is no such vendor', () => undefined, check('basic', 'another'), 'invalid_request'],
  ])('is refused when %s, and stores nothing', async (_, given, item, reason) => {
    given();
    await expect(add(item)).rejects.toMatchObject({ reason });
    expect([items(), world.audited]).toEqual([[], []]);
  });

  it('is refused beyond the limit of a stage', async () => {
    for (let nth = 0; nth < mostItems; nth += 1) await add(interview);
    await expect(add(interview)).rejects.toMatchObject({ reason: 'too_many_items' });
    expect(items()).toHaveLength(mostItems);
  });

  it('is refused without the right, before the vendor is asked', async () => {
    disconnect();
    for (const [caller, reason] of world.strangers)
      await expect(add(check(), { caller })).rejects.toMatchObject({ reason });
    await expect(add(interview, { stage: anId() })).rejects.toMatchObject({ reason: 'not_found' });
    expect(items()).toEqual([]);
  });
});

describe('changing an activity', () => {
  const change = (id: Id, fields: Record<string, unknown>, caller = world.recruiter) =>
    world.changeItem.execute(new ChangeItem(caller, id, fields));

  it('gives a background check another package', async () => {
    const id = await world.anItem(stageId, check());
    world.forgetAudit();
    await change(id, { package_id: 'full' });
    expect(items()).toMatchObject([{ packageId: 'full', packageName: 'Full' }]);
    const named = { vendor: 'certn', name: 'Send Certn background check' };
    const [from, to] = [
      { ...named, package_id: 'basic' },
      { ...named, package_id: 'full' },
    ];
    expect(world.audited).toEqual([{ action: 'item.update', entityId: id, from, to }]);
  });

  it('gives an interview another name', async () => {
    const id = await world.anItem(stageId, interview);
    await change(id, { name: 'Visit' });
    expect(items()).toMatchObject([{ name: 'Visit' }]);
  });

  it('to a package that cannot be ordered is refused, and stays as it was', async () => {
    const id = await world.anItem(stageId, check());
    const before = items();
    world.forgetAudit();
    await expect(change(id, { package_id: 'old' })).rejects.toMatchObject({ reason: 'package_unavailable' });
    expect([items(), world.audited]).toEqual([before, []]);
  });

  it('of a kind that this version does not know is refused', async () => {
    const id = await world.anItem(stageId, interview);
    world.kinds.find = () => null;
    await expect(change(id, { name: 'Visit' })).rejects.toMatchObject({ reason: 'unknown_activity' });
    await expect(world.anItem(stageId, { type: 'dance' })).rejects.toMatchObject({ reason: 'invalid_request' });
    expect(items()).toMatchObject([{ name: 'Call' }]);
  });

  it('is refused to another package while the team is not connected', async () => {
    const id = await world.anItem(stageId, check());
    disconnect();
    await expect(change(id, { package_id: 'full' })).rejects.toMatchObject({ reason: 'integration_not_enabled' });
  });

  it('is refused without the right, and for an unknown one', async () => {
    const id = await world.anItem(stageId, interview);
    for (const [caller, reason] of world.strangers)
      await expect(change(id, { name: 'Visit' }, caller)).rejects.toMatchObject({ reason });
    await expect(change(anId(), { name: 'Visit' })).rejects.toMatchObject({ reason: 'not_found' });
    expect(items()).toMatchObject([{ name: 'Call' }]);
  });

  it('that was removed meanwhile is not found', async () => {
    const id = await world.anItem(stageId, interview);
    const outcomes = await Promise.allSettled([
      world.removeItem.execute(new RemoveItem(world.recruiter, id)),
      change(id, { name: 'Visit' }),
    ]);
    expect(outcomes).toMatchObject([{ status: 'fulfilled' }, { status: 'rejected', reason: { reason: 'not_found' } }]);
    expect(items()).toEqual([]);
  });
});

describe('removing an activity', () => {
  const remove = (id: Id, caller = world.recruiter) => world.removeItem.execute(new RemoveItem(caller, id));

  it('leaves the others, and is audited with what it was', async () => {
    const [id] = [await world.anItem(stageId, check()), await world.anItem(stageId, interview)];
    world.forgetAudit();
    await remove(id);
    expect(items()).toMatchObject([{ type: 'interview' }]);
    const from = {
      stage_id: stageId,
      type: 'background_check',
      vendor: 'certn',
      name: 'Send Certn background check',
      package_id: 'basic',
    };
    expect(world.audited).toEqual([{ action: 'item.delete', entityId: id, from }]);
  });

  it('is possible while the team is not connected', async () => {
    const id = await world.anItem(stageId, check());
    disconnect();
    await remove(id);
    expect(items()).toEqual([]);
  });

  it('is refused without the right, and a second time', async () => {
    const id = await world.anItem(stageId, interview);
    for (const [caller, reason] of world.strangers) await expect(remove(id, caller)).rejects.toMatchObject({ reason });
    await remove(id);
    await expect(remove(id)).rejects.toMatchObject({ reason: 'not_found' });
  });
});

describe('the kinds of activities', () => {
  it('offer background checks only while the team is connected', async () => {
    const types = async () => (await world.kinds.offeredTo(world.teamId)).map(({ type }) => type);
    expect(await types()).toEqual(['background_check', 'interview']);
    disconnect();
    expect(await types()).toEqual(['interview']);
  });
});
