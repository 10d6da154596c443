import type { Id } from '#kernel/id';
import { World } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckRequested } from '../contract.js';
import { resendableStatuses } from '../contract.js';
import { RecordProgress } from './record-progress.js';
import { ResendCheck } from './resend-check.js';

describe('resending a check', () => {
  let world: World;
  beforeEach(() => {
    world = new World();
  });

  const resend = (
    id: Id,
    { caller = world.recruiter, email = null as string | null, key = null as string | null } = {},
  ) => world.resendCheck.execute(new ResendCheck(caller, id, email, key));
  const successorOf = (id: Id) => world.checks.all.find(({ replacesId }) => replacesId === id);

  it('sends a new check with the same activity and package, in place of the old one', async () => {
    const id = await world.aCheckWithCase('expired');
    const before = world.check(id);
    const audited = world.audit.entries.length;
    const { answer, replayed } = await resend(id);
    const successor = successorOf(id);
    const { applicationId, jobStageItemId, packageId, sentTo } = before;
    expect(successor).toMatchObject({
      applicationId,
      jobStageItemId,
      packageId,
      sentTo,
      status: 'requested',
      holdsSlot: true,
    });
    expect(world.check(id)).toMatchObject({ status: 'expired', replacedById: successor?.id, holdsSlot: false });
    expect({ answer, replayed }).toMatchObject({ answer: { id: successor?.id }, replayed: false });
    expect(world.outbox.events).toEqual([new CheckRequested(world.teamId, successor?.id ?? '')]);
    expect(world.historyOf(id).at(-1)).toBe('resent');
    expect(world.audit.entries.slice(audited)).toEqual([
      expect.objectContaining({
        ...{ action: 'background_check.resend', entityId: id, outcome: 'done', withheldFrom: before.candidateId },
        ...{ to: { replaced_by_id: successor?.id, package_id: 'basic', email_corrected: false } },
      }),
    ]);
  });

  it('goes to the candidate’s present address, or to another one for this check only', async () => {
    const id = await world.aCheckWithCase('undeliverable');
    const { applicationId } = world.check(id);
    await world.changeApplication(applicationId, { email: 'new@example.org' });
    await resend(id);
    expect(successorOf(id)?.sentTo).toBe('new@example.org');
    const other = await world.aCheckWithCase('undeliverable');
    await resend(other, { email: 'once@example.org' });
    expect(successorOf(other)?.sentTo).toBe('once@example.org');
    expect(world.audit.entries.at(-1)).toMatchObject({ outcome: 'done', to: { email_corrected: true } });
    const application = await world.applications.find(world.teamId, world.check(other).applicationId);
    expect(application?.email).toBe('ada@example.org');
  });

  it.each(resendableStatuses.filter((status) => status !== 'not_sent'))(
    'is possible for one that is %s',
    async (status) => {
      const id = await world.aCheckWithCase(status);
      await resend(id);
      expect(successorOf(id)).toBeDefined();
    },
  );

  it('is possible for one that was not sent', async () => {
    const id = await world.aCheck();
    world.orders.put(world.keyOf(id), { state: 'refused', message: 'No.' });
    await world.recordProgress.execute(new RecordProgress(world.teamId, id));
    expect(world.check(id).status).toBe('not_sent');
    await resend(id);
    expect(successorOf(id)).toBeDefined();
  });

  it.each(['invited', 'in_progress', 'in_dispute', 'complete'] as const)(
    'is refused for one that is %s',
    async (state) => {
      const id = await world.aCheckWithCase(state);
      await expect(resend(id)).rejects.toMatchObject({ reason: 'not_resendable' });
      expect([world.checks.all.length, world.outbox.published]).toEqual([1, []]);
      expect(world.audit.entries.at(-1)).toMatchObject({ outcome: 'refused', to: { reason: 'not_resendable' } });
    },
  );

  it('happens once; a second one is told the successor', async () => {
    const id = await world.aCheckWithCase('expired');
    await resend(id);
    const successor = successorOf(id)?.id ?? '';
    await expect(resend(id)).rejects.toMatchObject({
      reason: 'already_replaced',
      errors: { json: { background_check_id: [successor] } },
    });
    expect(world.checks.all).toHaveLength(2);
  });

  it('happens once when two people do it at the same time', async () => {
    const id = await world.aCheckWithCase('expired');
    const outcomes = await Promise.allSettled([resend(id), resend(id, { caller: world.admin })]);
    const reasons = outcomes.map((one) =>
      one.status === 'rejected' ? (one.reason as { reason: string }).reason : 'sent',
    );
    expect(reasons.toSorted()).toEqual(['already_replaced', 'sent']);
    expect([world.checks.all.length, world.outbox.published.length]).toEqual([2, 1]);
  });

  it('is repeated for the same Idempotency-Key, not sent', async () => {
    const id = await world.aCheckWithCase('expired');
    const first = await resend(id, { key: 'key' });
    expect(await resend(id, { key: 'key' })).toEqual({ answer: first.answer, replayed: true });
    await expect(resend(id, { key: 'key', email: 'b@example.org' })).rejects.toMatchObject({
      reason: 'idempotency_key_reused',
    });
    expect(world.checks.all).toHaveLength(2);
  });

  it('with the Idempotency-Key of another resend is another request', async () => {
    const [id, other] = [await world.aCheckWithCase('expired'), await world.aCheckWithCase('expired')];
    await resend(id, { key: 'key' });
    expect(await resend(other, { key: 'key' })).toMatchObject({
      replayed: false,
      answer: { id: successorOf(other)?.id },
    });
  });

  it.each<[string, (world: World, id: Id) => unknown, string]>([
    [
      'its application is closed',
      (w, id) => w.changeApplication(w.check(id).applicationId, { active: false }),
      'application_not_active',
    ],
    [
      'its activity is removed',
      (w, id) => w.plannedChecks.remove(w.teamId, w.check(id).jobStageItemId),
      'item_deleted',
    ],
    [
      'its candidate is anonymised',
      (w, id) => w.changeApplication(w.check(id).applicationId, { anonymised: true }),
      'candidate_anonymised',
    ],
    [
      'the connection is disabled',
      (w) => w.account.set(w.teamId, { state: 'disabled', packages: [] }),
      'integration_not_enabled',
    ],
    ['its package is gone', (w) => w.account.set(w.teamId, { state: 'enabled', packages: [] }), 'package_unavailable'],
  ])('is refused when %s, and the old check stays as it was', async (_, change, reason) => {
    const id = await world.aCheckWithCase('expired');
    const before = world.check(id);
    await change(world, id);
    await expect(resend(id)).rejects.toMatchObject({ reason });
    expect([world.checks.all, world.outbox.published]).toEqual([[before], []]);
    expect(world.audit.entries.at(-1)).toMatchObject({ outcome: 'refused', to: { reason, email_corrected: false } });
  });

  it('is refused while a newer check of the activity is in progress', async () => {
    const id = await world.aCheckWithCase('expired');
    const { applicationId, candidateId, jobId, jobStageItemId: itemId } = world.check(id);
    const newer = await world.aCheck({ applicationId, candidateId, jobId, itemId });
    await expect(resend(id)).rejects.toMatchObject({
      reason: 'check_in_progress',
      errors: { json: { background_check_id: [newer] } },
    });
  });

  it('takes the permission to send, and sight of the job', async () => {
    const id = await world.aCheckWithCase('expired');
    const { jobId, candidateId } = world.check(id);
    const reader = world.caller('limited', { grants: [[jobId, ['view_results']]] });
    await expect(resend(id, { caller: reader })).rejects.toMatchObject({ reason: 'not_allowed' });
    await expect(resend(id, { caller: world.caller('limited') })).rejects.toMatchObject({ reason: 'not_found' });
    await expect(resend(id, { caller: world.caller('admin', { own: [candidateId] }) })).rejects.toMatchObject({
      reason: 'not_allowed',
    });
    await expect(resend(anId())).rejects.toMatchObject({ reason: 'not_found' });
    expect(world.checks.all).toHaveLength(1);
  });

  it('has one effect when its units of work run twice', async () => {
    const id = await world.aCheckWithCase('expired');
    world.unitOfWork.collides = true;
    await resend(id);
    expect([world.checks.all.length, world.outbox.published.length]).toEqual([2, 1]);
    expect(world.historyOf(id).filter((kind) => kind === 'resent')).toHaveLength(1);
  });
});
