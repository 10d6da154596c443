import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { CasesWorld } from '../../../../../../test/fakes/integrations/cases-world.js';
import { lost } from '../../../../../../test/fakes/integrations/orders-world.js';
import { anId, FakeAudit } from '../../../../../../test/fakes/platform.js';
import { GetCase, RefreshCase } from '../../../contract.js';
import { VendorFailure } from '../../../gateway/domain/vendor-terms.js';
import { CaseToReadSoon } from '../../domain/events.js';
import { CaseReported, UnknownCaseSeen } from '../../../orders/domain/events.js';
import { WhenCaseToReadSoon } from './when-case-to-reread.js';
import { GetCaseHandler } from './get-case.js';
import { RefreshCaseHandler } from './refresh-case.js';
import { ReplayInboundEvent, ReplayInboundEventHandler } from './replay-inbound-event.js';

let world: CasesWorld;
let id: Id;
const begin = async (options: Parameters<typeof CasesWorld.open>[0] = {}) => {
  world = await CasesWorld.open(options);
  id = await world.opened();
};
beforeEach(() => begin());

const opened = { state: 'opened', vendorStatus: 'OPENED' } as const;
const unreachable = () => new VendorFailure('retry', 'unreachable', 'The vendor is unreachable.');
const stateOf = async (order = id) => (await world.cases.find(world.teamId, order))?.state;
const announced = async (fields: Parameters<CasesWorld['changes']>[1], order = id) => {
  await world.announces(world.changes(order, fields));
  await world.work();
};
const reads = () => world.budget.calls(world.connection.accountKey, 'day', 'read');
const outcomes = () => world.tables.inboundEvents.all().map(({ outcome }) => outcome);

describe('a case that changed', () => {
  it('is read once, and the others are told', async () => {
    await announced(opened);
    expect([await stateOf(), world.takeTold(), reads()]).toEqual(['opened', ['CaseChanged'], 1]);
  });

  it('that changed back meanwhile is not told [B6]', async () => {
    await announced({ vendorStatus: 'CASE_ORDERED' });
    expect([world.takeTold(), outcomes()]).toEqual([[], ['unchanged']]);
  });

  it('is read again while it is complete without a score: after 1, 2, 4 … minutes', async () => {
    await announced({ state: 'complete', vendorStatus: 'COMPLETE' });
    expect(reads()).toBe(1);
    for (const [seconds, count] of [
      [59, 1],
      [1, 2],
      [119, 2],
      [1, 3],
      [240, 4],
    ] as const) {
      await world.passes({ seconds });
      expect(reads()).toBe(count);
    }
    world.changes(id, { result: 'clear' });
    await world.passes({ hours: 1 });
    expect([await stateOf(), world.takeTold()]).toEqual(['complete', ['CaseChanged', 'CaseChanged']]);
    await world.passes({ days: 3 });
    expect(reads()).toBe(0);
  });

  it('waits for its read when calls are scarce, and shares it with later events [B9]', async () => {
    await begin({ calls: { requestsPerMinute: 20 } });
    for (let n = 0; n < 4; n += 1) await announced({ vendorStatus: `STATUS_${n}` });
    const before = reads();
    for (let n = 4; n < 9; n += 1) await announced({ vendorStatus: `STATUS_${n}` });
    expect(reads()).toBeLessThanOrEqual(before + 1);
    await world.passes({ seconds: 11 });
    expect((await world.cases.find(world.teamId, id))?.vendorStatus).toBe('STATUS_8');
    expect(reads()).toBeLessThanOrEqual(before + 2);
  });

  it('waits for the vendor’s pause, and is read after it [E8]', async () => {
    world.vendor.nextFailures.push(new VendorFailure('retry', 'throttled', 'Too many.', 30_000));
    await announced(opened);
    expect([await stateOf(), outcomes()]).toEqual(['ordered', [null]]);
    await world.passes({ seconds: 31 });
    expect([await stateOf(), outcomes()]).toEqual(['opened', ['applied']]);
  });

  it('is read when a key was saved that the vendor accepts [E7]', async () => {
    world.vendor.nextFailures.push(new VendorFailure('fix', 'key_refused', 'The key was refused.'));
    await announced(opened);
    expect((await world.presentConnection()).state).toBe('action_required');
    await world.passes({ seconds: 301 });
    expect(await stateOf()).toBe('opened');
  });

  it('is left to the queue when the vendor does not answer', async () => {
    world.vendor.nextFailures.push(unreachable());
    await expect(announced(opened)).rejects.toThrow('unreachable');
    await world.whenCaseReported.onDeadLetter(new CaseReported(world.teamId, id), 'It failed too often.');
    expect(world.tables.inboundEvents.all()).toEqual([
      expect.objectContaining({ outcome: 'failed', failure: 'It failed too often.' }),
    ]);
  });

  it('and is gone at the vendor is recorded, and not read for ever', async () => {
    const event = world.changes(id, opened);
    const gone = world.account.cases.splice(0);
    await world.announces(event);
    await world.work();
    expect([outcomes(), [...(await world.discrepancies.goneAmong(world.teamId, [id]))]]).toEqual([['failed'], [id]]);
    world.account.cases.push(...gone);
    await announced({ vendorStatus: 'BACK' });
    expect([outcomes(), (await world.discrepancies.goneAmong(world.teamId, [id])).size]).toEqual([
      ['applied', 'applied'],
      0,
    ]);
  });

  it('of an order without a case needs no read', async () => {
    await world.whenCaseReported.handle(new CaseReported(world.teamId, anId()));
    expect(reads()).toBe(0);
  });

  it('unannounced three times shows that webhooks are missing', async () => {
    for (const state of ['invited', 'opened', 'started'] as const) {
      world.changes(id, { state });
      await world.whenCaseReported.handle(new CaseReported(world.teamId, id));
    }
    expect(await world.missedWebhooks.alarm(world.connection)).toBeInstanceOf(Date);
  });

  it('announced shows nothing of that kind', async () => {
    for (const state of ['invited', 'opened', 'started'] as const) await announced({ state });
    world.clock.advance({ hours: 1 });
    expect(await world.missedWebhooks.alarm(world.connection)).toBeNull();
  });

  it('is not read after a pause when it was read meanwhile', async () => {
    const handler = new WhenCaseToReadSoon(world.cases, world.unitOfWork, world.outbox);
    const before = world.clock.now();
    const soon = (since: Date) => handler.handle(new CaseToReadSoon(world.teamId, id, 0, since.toISOString()));
    world.clock.advance({ seconds: 1 });
    await world.whenCaseReported.handle(new CaseReported(world.teamId, id));
    await soon(before);
    expect(world.outbox.events).toEqual([]);
    await soon(world.clock.now());
    expect(world.outbox.events).toEqual([new CaseReported(world.teamId, id)]);
  });
});

describe('a person', () => {
  const refresh = (order = id) =>
    new RefreshCaseHandler(world.cases, world.reader, world.reconcileOrders).execute(
      new RefreshCase(world.teamId, order),
    );

  it('who refreshes a check has its case read now', async () => {
    world.changes(id, opened);
    await refresh();
    expect(await stateOf()).toBe('opened');
  });

  it('who refreshes an order of unknown outcome has it reconciled now', async () => {
    const order = await world.attempted({ outcome: lost, taken: true }, 'bob@example.org');
    await refresh(order);
    expect((await world.order(order)).state).toBe('ordered');
  });

  it('who refreshes while the vendor is away is told', async () => {
    world.vendor.nextFailures.push(unreachable());
    await expect(refresh()).rejects.toMatchObject({ kind: 'unavailable', reason: 'vendor_unreachable' });
  });

  it('sees the last snapshot and where the case is at the vendor', async () => {
    const facts = await new GetCaseHandler(world.cases, world.connections, world.vendors).execute(
      new GetCase(world.teamId, id),
    );
    const place = { environment: 'production', portalUrl: 'https://vendor.example.org/ca' };
    expect(facts).toMatchObject({ caseId: 'case-1', state: 'ordered', revision: 1, ...place });
  });

  it('has an event read again with the right to manage integrations, and not without it', async () => {
    await announced(opened);
    const [stored] = world.tables.inboundEvents.all();
    const audit = new FakeAudit(world.store);
    const replay = (level: 'admin' | 'standard', hidden: string[] = []) => {
      const caller = new Caller(
        world.connection.teamId,
        { id: anId(), name: 'Ada' },
        level,
        { kind: 'all_but', jobIds: [] },
        new Map(),
        [],
      );
      const handler = new ReplayInboundEventHandler(world.inboundEvents, world.unitOfWork, world.outbox, audit);
      return handler.execute(new ReplayInboundEvent(caller, world.connection.vendor, stored?.id ?? '', hidden));
    };
    await expect(replay('standard')).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(replay('admin', [id])).rejects.toMatchObject({ kind: 'not_found' });
    expect([outcomes(), audit.entries]).toEqual([['applied'], []]);
    await replay('admin');
    expect([world.outbox.events, outcomes(), audit.entries.length]).toEqual([
      [new CaseReported(world.teamId, id)],
      [null],
      1,
    ]);
  });
});

describe('a case that no order has', () => {
  const seen = async (caseId: string) => {
    const { connection } = world;
    const kept = await world.unitOfWork.run(() => world.links.storeUnmatchedCase(connection, caseId));
    return new UnknownCaseSeen(world.teamId, connection.id, kept ?? '');
  };

  it('is looked for once more while an order is still being sent', async () => {
    const event = await seen('case-of-nobody');
    await world.whenUnknownCaseSeen.handle(event);
    const again = new UnknownCaseSeen(event.teamId, event.connectionId, event.caseHash, 1);
    expect(world.outbox.published).toEqual([{ event: again, inSeconds: 20 }]);
    world.outbox.take();
    await world.whenUnknownCaseSeen.handle(again);
    expect(world.outbox.events).toEqual([]);
  });

  it('but meanwhile has one is read for it [B7]', async () => {
    await world.whenUnknownCaseSeen.handle(await seen('case-1'));
    expect(world.outbox.events).toEqual([new CaseReported(world.teamId, id)]);
    expect(world.tables.unmatchedCases.all()).toEqual([]);
  });

  it('is not taken for an order with another address', async () => {
    const order = await world.attempted({ outcome: lost }, 'bob@example.org');
    const other = world.vendor.addCase(world.account, { email: 'eve@example.org', packageId: 'basic' });
    await world.whenUnknownCaseSeen.handle(await seen(other.id));
    expect(await world.order(order)).toMatchObject({ state: 'in_doubt', caseId: null });
  });

  it('is looked for later when no call is left, and left to the list when it cannot be read', async () => {
    await world.attempted({ outcome: lost }, 'bob@example.org');
    world.outbox.take();
    const event = await seen('case-of-nobody');
    await world.whenUnknownCaseSeen.handle(event);
    expect(world.outbox.events).toEqual([]);
    await world.breaker.noteThrottle(world.connection.accountKey, 120);
    await world.whenUnknownCaseSeen.handle(event);
    expect(world.outbox.published).toEqual([{ event, inSeconds: 120 }]);
  });
});
