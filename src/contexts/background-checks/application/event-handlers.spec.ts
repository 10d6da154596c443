import { CaseChanged, OrderErased, OrderHeldUp, OrderPlaced, OrderRefused, PlaceOrder } from '#contexts/integrations';
import { UnlinkCandidate } from '#contexts/access';
import { ApplicationClosed, CandidateAnonymised } from '#contexts/hiring';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckRequested } from '../contract.js';
import { CancelOutstanding, CheckFellBehind } from '../domain/events.js';
import { CancelCheck } from './cancel-check.js';
import { EraseCheck } from './erase-check.js';
import { WhenApplicationClosed } from './when-application-closed.js';
import { WhenCancelOutstanding } from './when-cancel-outstanding.js';
import { WhenCandidateAnonymised } from './when-candidate-anonymised.js';
import { WhenCaseChanged } from './when-case-changed.js';
import { WhenCheckFellBehind } from './when-check-fell-behind.js';
import { WhenCheckRequested } from './when-check-requested.js';
import { WhenOrderErased } from './when-order-erased.js';
import { WhenOrderHeldUp } from './when-order-held-up.js';
import { WhenOrderPlaced } from './when-order-placed.js';
import { WhenOrderRefused } from './when-order-refused.js';

let world: World;
beforeEach(() => {
  world = new World();
});

describe('a requested check', () => {
  const handle = (id: Id) => {
    const { unitOfWork, checks, applications, commands } = world;
    return new WhenCheckRequested(unitOfWork, checks, applications, commands).handle(
      new CheckRequested(world.teamId, id),
    );
  };

  it('has its order placed, with its own package and address', async () => {
    const id = await world.aCheck();
    await world.changeApplication(world.check(id).applicationId, { email: 'later@example.org' });
    await handle(id);
    expect(world.placed).toEqual([new PlaceOrder(world.teamId, id, 'certn', 'basic', 'ada@example.org')]);
  });

  it('has no order placed once it was cancelled', async () => {
    const id = await world.aCheck();
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, id));
    await handle(id);
    expect(world.placed).toEqual([]);
  });

  it('has no order placed when its case is known', async () => {
    await handle(await world.aCheckWithCase('invited'));
    expect(world.placed).toEqual([]);
  });

  it('whose application was closed meanwhile is withdrawn', async () => {
    const id = await world.aCheck();
    await world.changeApplication(world.check(id).applicationId, { active: false });
    await handle(id);
    expect(world.check(id)).toMatchObject({ status: 'not_sent', failureReason: 'application_closed' });
    expect(world.placed).toEqual([]);
  });

  it('whose application is gone is withdrawn', async () => {
    const id = await world.aCheck();
    world.applications.find = async () => null;
    await handle(id);
    expect(world.check(id)).toMatchObject({ status: 'not_sent', failureReason: 'application_closed' });
    expect(world.placed).toEqual([]);
  });

  it('that was erased while its order may be at the vendor has no order placed', async () => {
    const id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'waiting' }, { beingSent: true });
    await world.eraseCheck.execute(new EraseCheck(world.teamId, id));
    expect(world.check(id)).toMatchObject({ status: 'requested', sentTo: null });
    await handle(id);
    expect(world.placed).toEqual([]);
  });

  it('whose candidate was anonymised meanwhile is erased', async () => {
    const id = await world.aCheck();
    await world.changeApplication(world.check(id).applicationId, { anonymised: true, active: false });
    await handle(id);
    expect(world.check(id)).toMatchObject({ sentTo: null, status: 'cancelled' });
    await handle(id);
    expect(world.placed).toEqual([]);
  });
});

describe('a closed application', () => {
  const close = async (applicationId: Id): Promise<void> => {
    await world.changeApplication(applicationId, { active: false });
    await new WhenApplicationClosed(world.checks, world.commands).handle(
      new ApplicationClosed(world.teamId, applicationId),
    );
  };

  it('withdraws its checks that were not sent, and leaves those that are at the vendor', async () => {
    const sendable = world.aSendable();
    const other = { ...sendable, itemId: anId() };
    world.plannedChecks.put(world.teamId, {
      id: other.itemId,
      jobId: sendable.jobId,
      vendor: 'certn',
      packageId: 'basic',
    });
    const [unsent, unknown] = [await world.aCheck(sendable), await world.aCheck(other)];
    world.orders.put(world.keyOf(unknown), { state: 'confirming' });
    const elsewhere = await world.aCheck();
    await close(sendable.applicationId);
    expect(world.check(unsent)).toMatchObject({ status: 'not_sent', failureReason: 'application_closed' });
    expect(world.check(unknown)).toMatchObject({ status: 'confirming' });
    expect(world.orders.of(world.keyOf(unknown))?.doNotSend).toBe(true);
    expect(world.check(elsewhere)).toMatchObject({ status: 'requested' });
  });

  it('leaves a check that has a case', async () => {
    const id = await world.aCheckWithCase('invited');
    await close(world.check(id).applicationId);
    expect(world.check(id)).toMatchObject({ status: 'invited', cancelRequestedAt: null });
  });

  it('that was reopened before the job ran withdraws nothing', async () => {
    const id = await world.aCheck();
    const { applicationId } = world.check(id);
    await new WhenApplicationClosed(world.checks, world.commands).handle(
      new ApplicationClosed(world.teamId, applicationId),
    );
    expect([world.check(id).status, await world.orders.status(world.teamId, id)]).toEqual(['requested', null]);
  });
});

describe('an anonymised candidate', () => {
  const anonymise = (candidateId: Id) =>
    new WhenCandidateAnonymised(world.checks, world.commands).handle(
      new CandidateAnonymised(world.teamId, candidateId),
    );
  const aCandidateWithChecks = async (): Promise<{ candidateId: Id; ids: Id[] }> => {
    const first = world.aSendable();
    const second = world.aSendable({ candidateId: first.candidateId });
    return { candidateId: first.candidateId, ids: [await world.aCheck(first), await world.aCheck(second)] };
  };

  it('loses all checks, and the links to users', async () => {
    const { candidateId, ids } = await aCandidateWithChecks();
    const other = await world.aCheck();
    await anonymise(candidateId);
    expect(ids.map((id) => world.check(id).sentTo)).toEqual([null, null]);
    expect(world.check(other).sentTo).not.toBeNull();
    expect(world.unlinked).toEqual([new UnlinkCandidate(world.teamId, candidateId)]);
  });

  it('keeps the links while a check could not be erased; the others are erased, and the job fails', async () => {
    const { candidateId, ids } = await aCandidateWithChecks();
    const erase = world.orders.erase.bind(world.orders);
    world.orders.erase = (teamId, id) =>
      id === ids[0] ? Promise.reject(new Error('no connection')) : erase(teamId, id);
    await expect(anonymise(candidateId)).rejects.toThrow('no connection');
    expect(ids.map((id) => world.check(id).sentTo)).toEqual(['ada@example.org', null]);
    expect(world.unlinked).toEqual([]);
    world.orders.erase = erase;
    await anonymise(candidateId);
    expect([world.check(ids[0] as Id).sentTo, world.unlinked.length]).toEqual([null, 1]);
  });
});

describe('an event about an order or a case', () => {
  const place = (id: Id): void => {
    world.orders.put(world.keyOf(id), { state: 'placed', caseId: 'case' });
    world.orders.show(world.keyOf(id), { state: 'invited' });
  };

  it.each([
    ['a placed order', (id: Id) => new WhenOrderPlaced(world.commands).handle(new OrderPlaced(world.teamId, id))],
    ['a changed case', (id: Id) => new WhenCaseChanged(world.commands).handle(new CaseChanged(world.teamId, id))],
    [
      'an order that is held up',
      (id: Id) => new WhenOrderHeldUp(world.commands).handle(new OrderHeldUp(world.teamId, id)),
    ],
    ['a refused order', (id: Id) => new WhenOrderRefused(world.commands).handle(new OrderRefused(world.teamId, id))],
    ['a lost event', (id: Id) => new WhenCheckFellBehind(world.commands).handle(new CheckFellBehind(world.teamId, id))],
  ])('brings the check up to date, whichever it is: %s', async (_, handle) => {
    const id = await world.aCheck();
    place(id);
    await handle(id);
    expect(world.check(id)).toMatchObject({ status: 'invited', caseId: 'case' });
  });

  it.each([
    ['the order is placed', (id: Id) => new WhenOrderPlaced(world.commands).handle(new OrderPlaced(world.teamId, id))],
    [
      'an event was lost',
      (id: Id) => new WhenCheckFellBehind(world.commands).handle(new CheckFellBehind(world.teamId, id)),
    ],
  ])('sends a cancellation that was requested before: %s', async (_, handle) => {
    const id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'confirming' });
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, id));
    place(id);
    await handle(id);
    expect(world.orders.cancelsAsked).toBe(1);
    expect(world.outbox.events).toContainEqual(new CancelOutstanding(world.teamId, id, 1, false));
  });

  it('asks again for a cancellation that the vendor has not confirmed', async () => {
    const id = await world.aCheckWithCase('invited');
    world.orders.nextCancelAnswers.push({ kind: 'no_answer' });
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, id));
    world.clock.advance({ hours: 1 });
    const [event] = world.outbox.take();
    await new WhenCancelOutstanding(world.commands).handle(event as CancelOutstanding);
    expect(world.orders.cancelsAsked).toBe(2);
  });

  it('settles the check when the order is erased', async () => {
    const id = await world.aCheckWithCase('in_progress');
    await new WhenCandidateAnonymised(world.checks, world.commands).handle(
      new CandidateAnonymised(world.teamId, world.check(id).candidateId),
    );
    await new WhenOrderErased(world.commands).handle(new OrderErased(world.teamId, id));
    expect(world.check(id).settledAt).toEqual(world.clock.now());
  });
});
