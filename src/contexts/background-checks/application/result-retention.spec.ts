import { Logger } from '@nestjs/common';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { CheckStatusChanged } from '../contract.js';
import { ResultRetentionDue } from '../domain/events.js';
import { RecordProgress } from './record-progress.js';
import { SetResultRetentionRule, SetResultRetentionRuleHandler } from './set-result-retention-rule.js';
import { StartResultRetention, WhenResultRetentionDue } from './when-result-retention-due.js';

let world: World;
beforeEach(() => {
  world = new World();
});

const setRule = (months: number | null, caller = world.admin) => {
  const { unitOfWork, retention, clock, audit } = world;
  return new SetResultRetentionRuleHandler(unitOfWork, retention, clock, audit).execute(
    new SetResultRetentionRule(caller, months),
  );
};
const ruleOf = () => world.unitOfWork.run(() => world.retention.ruleOf(world.teamId));
const remove = (id: Id) => world.removeResult.byRule(world.teamId, id);
const aResult = () => world.aCheckWithCase('complete', { result: 'reject', shortId: 'CS_1', vendorScore: 'REJECT' });
/** Every result of before is due by a rule of six months. */
const passYears = (): void => void world.clock.advance({ days: 800 });

describe('the result retention rule', () => {
  it('is set by an admin, with an entry, and removes nothing in the week after', async () => {
    await setRule(6);
    expect(await ruleOf()).toEqual({ months: 6, since: world.clock.now() });
    expect(world.audit.entries).toEqual([
      expect.objectContaining({ action: 'result_retention_rule.update', from: { months: null }, to: { months: 6 } }),
    ]);
  });

  it('needs no new week when it keeps results longer, and a new one when it is stricter', async () => {
    await setRule(6);
    const first = world.clock.now();
    const later = world.clock.advance({ days: 1 });
    await setRule(12);
    expect(await ruleOf()).toEqual({ months: 12, since: first });
    await setRule(3);
    expect(await ruleOf()).toEqual({ months: 3, since: later });
    await setRule(null);
    expect(await ruleOf()).toEqual({ months: null, since: later });
  });

  it('that is set already changes nothing', async () => {
    await setRule(6);
    world.clock.advance({ days: 1 });
    await setRule(6);
    expect(world.audit.entries).toHaveLength(1);
  });

  it('is for admins only', async () => {
    await expect(setRule(6, world.recruiter)).rejects.toMatchObject({ reason: 'not_allowed' });
    expect([await ruleOf(), world.audit.entries]).toEqual([null, []]);
  });
});

describe('removing a result by the rule', () => {
  it('removes it with its case and its history of results, and keeps the check', async () => {
    await setRule(6);
    const id = await aResult();
    passYears();
    expect(await remove(id)).toBe(true);
    expect(world.check(id)).toMatchObject({
      ...{ status: 'complete', result: null, vendorScore: null, caseId: null, resultRemovedAt: world.clock.now() },
      ...{ sentTo: 'ada@example.org', erasedAt: null },
    });
    expect([
      await world.orders.lastSnapshot(world.teamId, id),
      world.orders.of(world.keyOf(id))?.status.caseId,
    ]).toEqual([null, null]);
    const lines = world.checks.historyOf(world.keyOf(id)).map(({ kind, to }) => [kind, to]);
    expect(lines).toEqual([
      ['requested', 'requested'],
      ['status_changed', 'complete'],
      ['result_changed', null],
    ]);
    expect(world.outbox.events).toEqual([new CheckStatusChanged(world.teamId, id)]);
    expect(world.audit.entries.at(-1)).toMatchObject({
      ...{ action: 'background_check.remove_result', actorId: null, teamId: world.teamId },
      ...{ entity: 'background_check', entityId: id, withheldFrom: world.check(id).candidateId },
    });
  });

  it('does nothing to a result that is no longer due: a legal hold was set, or it was removed before', async () => {
    await setRule(6);
    const [held, removed] = [await aResult(), await aResult()];
    passYears();
    world.retention.candidates.set(world.check(held).candidateId, {
      legalHold: true,
      legalHoldEndedAt: null,
      anonymised: false,
    });
    await remove(removed);
    const [before, entries] = [world.check(removed), world.audit.entries.length];
    expect([await remove(held), await remove(removed)]).toEqual([true, true]);
    expect(world.check(held)).toMatchObject({ result: 'reject', caseId: expect.any(String) as string });
    expect([world.check(removed), world.audit.entries.length]).toEqual([before, entries]);
  });

  it('waits while its case was reopened and that is not recorded yet', async () => {
    await setRule(6);
    const id = await aResult();
    passYears();
    world.orders.show(world.keyOf(id), { state: 'in_dispute' });
    expect(await remove(id)).toBe(false);
    expect(world.check(id)).toMatchObject({ result: 'reject', resultRemovedAt: null });
  });

  it('keeps the result away when the vendor names the case again', async () => {
    await setRule(6);
    const id = await aResult();
    passYears();
    await remove(id);
    world.orders.put(world.keyOf(id), { state: 'placed', caseId: 'case' });
    world.orders.show(world.keyOf(id), { state: 'complete', result: 'reject', revision: 9 });
    await world.recordProgress.execute(new RecordProgress(world.teamId, id));
    expect(world.check(id)).toMatchObject({ result: null, caseId: null, vendorScore: null });
  });

  it('has one effect when its unit of work runs twice', async () => {
    await setRule(6);
    const id = await aResult();
    passYears();
    world.unitOfWork.collides = true;
    await remove(id);
    expect([
      world.outbox.published.length,
      world.audited.filter(([action]) => action.includes('remove')).length,
    ]).toEqual([1, 1]);
  });
});

describe('repeating a removal in a restored database', () => {
  const repeat = (id: Id, at: Date) => world.removeResult.again(world.teamId, id, at);

  it('removes a result as of then, once', async () => {
    const id = await aResult();
    const then = world.clock.now();
    world.clock.advance({ days: 1 });
    expect([await repeat(id, then), await repeat(id, world.clock.now())]).toEqual([true, false]);
    expect(world.check(id)).toMatchObject({ result: null, resultRemovedAt: then });
    expect(await world.orders.lastSnapshot(world.teamId, id)).toBeNull();
    expect(world.audit.entries.at(-1)).toMatchObject({ to: { repeated: true } });
  });

  it('of a check that is still in progress there removes the result when it ends', async () => {
    const id = await world.aCheckWithCase('in_progress');
    await repeat(id, world.clock.now());
    expect(await world.orders.lastSnapshot(world.teamId, id)).not.toBeNull();
    world.orders.show(world.keyOf(id), { state: 'complete', result: 'reject' });
    await world.recordProgress.execute(new RecordProgress(world.teamId, id));
    expect(world.check(id)).toMatchObject({ status: 'complete', result: null, caseId: null });
    expect(await world.orders.lastSnapshot(world.teamId, id)).toBeNull();
  });
});

describe('the daily removal of results', () => {
  const start = () => {
    const { retention, unitOfWork, outbox, clock } = world;
    return new StartResultRetention(retention, unitOfWork, outbox, clock).due();
  };
  const run = () => {
    const { retention, removeResult, unitOfWork, outbox, clock } = world;
    const handler = new WhenResultRetentionDue(retention, removeResult, unitOfWork, outbox, clock);
    return handler.handle(new ResultRetentionDue(world.teamId));
  };
  beforeAll(() => {
    Logger.overrideLogger(false);
  });

  it('starts once a day for a team with a rule', async () => {
    await start();
    expect(world.outbox.events).toEqual([]);
    await setRule(6);
    await start();
    expect(world.outbox.events).toEqual([]);
    world.clock.advance({ days: 1 });
    await Promise.all([start(), start()]);
    expect(world.outbox.events).toEqual([new ResultRetentionDue(world.teamId)]);
    world.clock.advance({ days: 1 });
    await start();
    expect(world.outbox.events).toHaveLength(2);
  });

  it('removes every result that is due, and leaves the others', async () => {
    await setRule(6);
    const due = [await aResult(), await aResult()];
    passYears();
    const recent = await aResult();
    await run();
    expect([...due, recent].map((id) => world.check(id).result)).toEqual([null, null, 'reject']);
    expect(world.retention.failed).toEqual([]);
  });

  it('puts off what it cannot remove, and goes on with the others', async () => {
    await setRule(6);
    const [failing, reopened, other] = [await aResult(), await aResult(), await aResult()];
    passYears();
    const erase = world.orders.eraseEnded.bind(world.orders);
    world.orders.eraseEnded = (teamId, id) =>
      id === failing ? Promise.reject(new Error('broken')) : erase(teamId, id);
    world.orders.show(world.keyOf(reopened), { state: 'in_dispute' });
    await run();
    expect([failing, reopened, other].map((id) => world.check(id).result)).toEqual(['reject', 'reject', null]);
    expect(world.retention.failed.map(({ checkId }) => checkId)).toEqual([failing, reopened]);
    world.orders.eraseEnded = erase;
    await run();
    expect(world.check(failing).result).toBe('reject');
    world.clock.advance({ hours: 1 });
    await run();
    expect(world.check(failing).result).toBeNull();
    expect(world.retention.failed.map(({ checkId }) => checkId)).toEqual([reopened]);
  });

  it('publishes another job when it finds as many as one job takes', async () => {
    await setRule(6);
    const ids: Id[] = [];
    for (let nth = 0; nth < 101; nth += 1) ids.push(await aResult());
    passYears();
    await run();
    expect(world.outbox.events).toContainEqual(new ResultRetentionDue(world.teamId));
    expect(ids.filter((id) => world.check(id).result !== null)).toHaveLength(1);
    world.outbox.take();
    await run();
    expect(world.outbox.events).not.toContainEqual(new ResultRetentionDue(world.teamId));
    expect(ids.filter((id) => world.check(id).result !== null)).toEqual([]);
  });
});
