import { DomainError } from '#kernel/errors';
import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckStatusChanged } from '../contract.js';
import type { Verdict } from '../domain/ports.js';
import { CancelCheck } from './cancel-check.js';
import { DecideCheck } from './decide-check.js';
import { RecordProgress } from './record-progress.js';

describe('deciding a check', () => {
  let world: World;
  let id: Id;
  beforeEach(async () => {
    world = new World();
    id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'needs_decision', candidates: ['case-a', 'case-b'] });
    await world.recordProgress.execute(new RecordProgress(world.teamId, id));
    world.outbox.take();
  });

  const decide = (verdict: Verdict, caller = world.admin, checkId = id) =>
    world.decideCheck.execute(new DecideCheck(caller, checkId, verdict));
  const audited = () => world.audit.entries.filter(({ action }) => action === 'background_check.decide');

  it('begins with a check that shows its possible cases', () => {
    expect(world.check(id)).toMatchObject({ status: 'needs_decision', failureCandidates: ['case-a', 'case-b'] });
  });

  it('for one of the cases: the check follows it', async () => {
    await decide({ caseId: 'case-b' });
    expect(world.check(id)).toMatchObject({
      status: 'sent',
      caseId: 'case-b',
      failureReason: null,
      failureCandidates: [],
    });
    expect(world.historyOf(id)).toEqual(['requested', 'status_changed', 'decided', 'status_changed']);
    expect(world.outbox.events).toEqual([new CheckStatusChanged(world.teamId, id)]);
    expect(audited()).toEqual([
      expect.objectContaining({
        ...{ entityId: id, outcome: 'done', to: { verdict: 'case' }, actorId: world.admin.user.id },
        ...{ withheldFrom: world.check(id).candidateId },
      }),
    ]);
  });

  it('against all of them: it is sent again', async () => {
    await decide({ sendAgain: true });
    expect(world.check(id)).toMatchObject({ status: 'requested', failureReason: null, holdsSlot: true });
    expect(audited()).toMatchObject([{ outcome: 'done', to: { verdict: 'send_again' } }]);
  });

  it('against all of them, when it was cancelled meanwhile: it ends as cancelled', async () => {
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, id));
    await decide({ sendAgain: true });
    expect(world.check(id)).toMatchObject({ status: 'cancelled', failureReason: 'withdrawn', holdsSlot: false });
  });

  it.each<[string, Verdict, string]>([
    ['an unknown case', { caseId: 'unknown-case' }, 'unknown_reference'],
    ['a second decision', { caseId: 'case-a' }, 'nothing_to_decide'],
  ])('is refused for %s; the attempt is audited with its reason, and nothing is noted', async (_, verdict, reason) => {
    if (reason === 'nothing_to_decide') await decide({ sendAgain: true });
    const [before, events] = [world.check(id), world.outbox.events];
    await expect(decide(verdict)).rejects.toMatchObject({ reason });
    expect([world.check(id), world.outbox.events]).toEqual([before, events]);
    expect(audited().at(-1)).toMatchObject({ outcome: 'refused', to: { verdict: 'case', reason } });
  });

  it.each([
    [new DomainError('unavailable', 'vendor_unreachable', 'No.'), 1],
    [new Error('a fault of the service'), 0],
  ])('fails as the vendor fails (%s), and audits only refusals', async (failure, entries) => {
    world.orders.nextFailures.push(failure);
    await expect(decide({ sendAgain: true })).rejects.toBe(failure);
    expect(world.historyOf(id)).not.toContain('decided');
    expect(audited()).toHaveLength(entries);
  });

  it('is for admins only, and within the team', async () => {
    const { jobId } = world.check(id);
    for (const caller of [world.recruiter, world.caller('limited', { grants: [[jobId, ['manage', 'send_checks']]] })])
      await expect(decide({ sendAgain: true }, caller)).rejects.toMatchObject({ reason: 'not_allowed' });
    await expect(
      new World().decideCheck.execute(new DecideCheck(world.admin, id, { sendAgain: true })),
    ).rejects.toMatchObject({
      kind: 'not_found',
    });
    expect((await world.orders.status(world.teamId, id))?.state).toBe('needs_decision');
    expect(audited()).toEqual([]);
  });

  it('at the same time as another admin: one decides, the other is told', async () => {
    const outcomes = await Promise.allSettled([decide({ caseId: 'case-a' }), decide({ caseId: 'case-b' })]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(world.historyOf(id).filter((kind) => kind === 'decided')).toHaveLength(1);
  });

  it('an unknown check is not found', async () => {
    await expect(decide({ sendAgain: true }, world.admin, anId())).rejects.toMatchObject({ kind: 'not_found' });
  });
});
