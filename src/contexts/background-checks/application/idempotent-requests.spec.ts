import type { Id } from '#kernel/id';
import { World, type Sendable } from '../../../../test/fakes/background-checks/world.js';
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
    let overtaken = false;
    world.validateSend.of = async (...options) => {
      const validated = await validate(...options);
      if (!overtaken) {
        overtaken = true;
        await request();
      }
      return validated;
    };
    expect(await request()).toMatchObject({ replayed: true, answer: { id: world.checks.all[0]?.id } });
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

describe('a request that loses a race', () => {
  const lost = Object.assign(new Error('Another transaction was first.'), { reason: 'changed_meanwhile' });

  it('is validated again, up to five times, and then fails', async () => {
    const world = new World();
    let validations = 0;
    const attempt = {
      ...{ caller: world.recruiter, key: null, refused: async () => undefined },
      validate: async () => (validations += 1),
      commit: async () => Promise.reject(new SlotTaken()),
    };
    await expect(world.idempotentRequests.run(attempt)).rejects.toThrow(SlotTaken);
    expect(validations).toBe(6);
  });

  it('is not repeated after another failure', async () => {
    const world = new World();
    let validations = 0;
    const attempt = {
      ...{ caller: world.recruiter, key: null, refused: async () => undefined },
      validate: async () => (validations += 1),
      commit: async () => Promise.reject(lost),
    };
    await expect(world.idempotentRequests.run(attempt)).rejects.toBe(lost);
    expect(validations).toBe(1);
  });
});
