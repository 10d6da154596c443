import type { Id } from '#kernel/id';
import { World, type Sendable } from '../../../../test/fakes/background-checks/world.js';
import { applicationNotActive, changedMeanwhile } from '../domain/errors.js';
import { SlotTaken } from '../domain/ports.js';
import { CancelCheck } from './cancel-check.js';
import type { Requested } from './idempotent-requests.js';
import { RequestCheck } from './request-check.js';

describe('a request with an Idempotency-Key', () => {
  let world: World;
  let sendable: Sendable;
  beforeEach(() => {
    world = new World();
    sendable = world.aSendable();
  });

  const request = (
    key: string | null = 'key',
    { packageId = null as string | null, caller = world.recruiter } = {},
  ): Promise<Requested> =>
    world.requestCheck.execute(new RequestCheck(caller, sendable.applicationId, sendable.itemId, packageId, key));

  it('that is repeated gets the first answer, and sends nothing again', async () => {
    const first = await request();
    await world.changeApplication(sendable.applicationId, { active: false });
    const second = await request();
    expect([first.replayed, second.replayed]).toEqual([false, true]);
    expect(second.answer).toEqual(first.answer);
    expect([world.checks.all.length, world.outbox.published.length, world.audit.entries.length]).toEqual([1, 1, 1]);
  });

  it('that is repeated for another body is refused', async () => {
    await request();
    await expect(request('key', { packageId: 'full' })).rejects.toMatchObject({ reason: 'idempotency_key_reused' });
    expect(world.checks.all).toHaveLength(1);
  });

  it('of another user is another request', async () => {
    await request();
    await expect(request('key', { caller: world.admin })).rejects.toMatchObject({ reason: 'check_in_progress' });
  });

  it('for another application is another request', async () => {
    const other = world.aSendable({ jobId: sendable.jobId });
    const first = await request();
    const { caller, itemId } = { caller: world.recruiter, itemId: sendable.itemId };
    const second = await world.requestCheck.execute(new RequestCheck(caller, other.applicationId, itemId, null, 'key'));
    expect([second.replayed, second.answer === first.answer]).toEqual([false, false]);
    expect(world.checks.all.map(({ applicationId }) => applicationId)).toEqual([
      sendable.applicationId,
      other.applicationId,
    ]);
  });

  it('that was refused may be sent again', async () => {
    await world.changeApplication(sendable.applicationId, { active: false });
    await expect(request()).rejects.toMatchObject({ reason: 'application_not_active' });
    expect(world.records.all).toEqual([]);
    await world.changeApplication(sendable.applicationId, { active: true });
    expect(await request()).toMatchObject({ replayed: false });
  });

  it('that is sent twice at once leads to one check, and both get its answer or a request to wait', async () => {
    const outcomes = await Promise.allSettled([request(), request(), request()]);
    const answers = outcomes.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    const reasons = outcomes.flatMap((one) =>
      one.status === 'rejected' ? [(one.reason as { reason: string }).reason] : [],
    );
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(answers.map(({ answer }) => JSON.stringify(answer))).size).toBe(1);
    expect(reasons.filter((reason) => reason !== 'idempotency_in_progress')).toEqual([]);
    expect([world.checks.all.length, world.outbox.published.length]).toEqual([1, 1]);
  });

  it('that succeeds during its repetition is repeated there, and no refusal is audited', async () => {
    const validate = world.validateSend.of.bind(world.validateSend);
    let overtaken = false;
    world.validateSend.of = async (...options) => {
      if (!overtaken) {
        overtaken = true;
        await request();
      }
      return validate(...options);
    };
    expect(await request()).toMatchObject({ replayed: true });
    expect([world.checks.all.length, world.audited]).toEqual([1, [['background_check.send', 'done']]]);
  });

  it('that succeeds just before its repetition saves is repeated there', async () => {
    const validate = world.validateSend.of.bind(world.validateSend);
    let validations = 0;
    world.validateSend.of = async (...options) => {
      validations += 1;
      const isFirst = validations === 1;
      const validated = await validate(...options);
      if (isFirst) await request();
      return validated;
    };
    expect(await request()).toMatchObject({ replayed: true, answer: { id: world.checks.all[0]?.id } });
    expect(validations).toBe(2);
    expect([world.checks.all.length, world.outbox.published.length, world.audited.length]).toEqual([1, 1, 1]);
  });

  it('that is repeated does not ask the vendor again', async () => {
    const find = world.account.findOrderable.bind(world.account);
    let asked = 0;
    world.account.findOrderable = (...given) => {
      asked += 1;
      return find(...given);
    };
    await request();
    await world.cancelCheck.execute(new CancelCheck(world.recruiter, world.checks.all[0]?.id as Id));
    expect([await request(), asked]).toMatchObject([{ replayed: true }, 1]);
  });

  it('is not needed: without one every request is its own', async () => {
    await request(null);
    await expect(request(null)).rejects.toMatchObject({ reason: 'check_in_progress' });
    expect(world.records.all).toEqual([]);
  });

  it('is forgotten after a day', async () => {
    await request();
    world.clock.advance({ hours: 25 });
    await expect(request()).rejects.toMatchObject({ reason: 'check_in_progress' });
  });
});

describe('a request whose save fails', () => {
  /** Counts the validations and the refusals that are noted. */
  const failing = async (error: Error): Promise<{ validations: number; refusals: number }> => {
    const world = new World();
    const counts = { validations: 0, refusals: 0 };
    const attempt = {
      ...{ caller: world.recruiter, key: null },
      validate: async () => void (counts.validations += 1),
      commit: async () => Promise.reject(error),
      refused: async () => void (counts.refusals += 1),
    };
    await expect(world.idempotentRequests.run(attempt)).rejects.toBe(error);
    return counts;
  };

  it('because it lost a race, is validated again, up to five times', async () => {
    expect(await failing(new SlotTaken())).toEqual({ validations: 6, refusals: 0 });
    expect(await failing(changedMeanwhile())).toEqual({ validations: 6, refusals: 1 });
  });

  it('because a rule refuses it, is noted as refused, and not validated again', async () => {
    expect(await failing(applicationNotActive())).toEqual({ validations: 1, refusals: 1 });
  });

  it('because something broke, is neither repeated nor noted as refused', async () => {
    const odd = Object.assign(new Error('This only looks like a lost race.'), { reason: 'changed_meanwhile' });
    expect(await failing(odd)).toEqual({ validations: 1, refusals: 0 });
  });
});
