import type { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { World, type Sendable } from '../../../../test/fakes/background-checks/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CheckRequested } from '../contract.js';
import { RequestCheck } from './request-check.js';

describe('requesting a check', () => {
  let world: World;
  let sendable: Sendable;
  beforeEach(() => {
    world = new World();
    sendable = world.aSendable();
  });

  interface Given {
    caller?: Caller;
    packageId?: string | null;
    key?: string | null;
  }
  const request = (
    given: Given = {},
    { applicationId, itemId }: Pick<Sendable, 'applicationId' | 'itemId'> = sendable,
  ) => {
    const { caller = world.recruiter, packageId = null, key = null } = given;
    return world.requestCheck.execute(new RequestCheck(caller, applicationId, itemId, packageId, key));
  };
  const reasonOf = (attempt: Promise<unknown>): Promise<string> =>
    attempt.then(
      () => 'sent',
      (error: { reason?: string; message: string }) => error.reason ?? error.message,
    );

  it('stores it with what is fixed at the request, answers it, publishes one event and audits it', async () => {
    const { answer, replayed } = await request();
    const [check] = world.checks.all;
    const { applicationId, candidateId, jobId, itemId } = sendable;
    expect(check).toMatchObject({
      ...{ applicationId, candidateId, jobId, jobStageItemId: itemId, packageId: 'basic', packageName: 'Basic' },
      ...{ sentTo: 'ada@example.org', status: 'requested', requestedBy: world.recruiter.user.id, holdsSlot: true },
      ...{ requestedAt: world.clock.now(), replacesId: null },
    });
    const id = check?.id ?? '';
    expect({ answer, replayed }).toMatchObject({ answer: { id, status: 'requested' }, replayed: false });
    expect(world.outbox.published).toEqual([{ event: new CheckRequested(world.teamId, id), inSeconds: 0 }]);
    expect(world.historyOf(id as Id)).toEqual(['requested']);
    expect(world.audit.entries).toEqual([
      expect.objectContaining({
        ...{
          action: 'background_check.send',
          entity: 'background_check',
          entityId: id,
          outcome: 'done',
          withheldFrom: candidateId,
        },
        ...{ to: { application_id: applicationId, package_id: 'basic' }, actorId: world.recruiter.user.id },
      }),
    ]);
  });

  it('takes another package than the activity’s when the caller names one', async () => {
    await request({ packageId: 'full' });
    expect(world.checks.all).toMatchObject([{ packageId: 'full', packageName: 'Full' }]);
  });

  it('calls the vendor for nothing but its packages: the order is placed by the event', async () => {
    await request();
    expect([world.placed, await world.orders.status(world.teamId, world.checks.all[0]?.id ?? '')]).toEqual([[], null]);
  });

  describe('is refused', () => {
    const cases: [string, (world: World) => void | Promise<void>, string][] = [
      [
        'a closed application',
        (w) => w.changeApplication(sendable.applicationId, { active: false }),
        'application_not_active',
      ],
      [
        'an anonymised candidate',
        (w) => w.changeApplication(sendable.applicationId, { anonymised: true }),
        'candidate_anonymised',
      ],
      [
        'a candidate without an address',
        (w) => w.changeApplication(sendable.applicationId, { email: null }),
        'candidate_email_missing',
      ],
      [
        'an address that takes no mail',
        (w) => w.changeApplication(sendable.applicationId, { email: 'ada@localhost' }),
        'candidate_email_missing',
      ],
      ['a removed activity', (w) => w.plannedChecks.remove(w.teamId, sendable.itemId), 'unknown_reference'],
      [
        'an activity of another job',
        (w) =>
          w.plannedChecks.put(w.teamId, { id: sendable.itemId, jobId: anId(), vendor: 'certn', packageId: 'basic' }),
        'unknown_reference',
      ],
      [
        'a disabled connection',
        (w) => w.account.set(w.teamId, { state: 'disabled', packages: [] }),
        'integration_not_enabled',
      ],
      [
        'a connection that needs attention',
        (w) => w.account.set(w.teamId, { state: 'action_required', packages: [] }),
        'integration_not_enabled',
      ],
      [
        'a package that is not in the account',
        (w) => w.account.set(w.teamId, { state: 'enabled', packages: [] }),
        'package_unavailable',
      ],
    ];
    it.each(cases)('for %s, and stores and publishes nothing', async (_, change, reason) => {
      await change(world);
      expect(await reasonOf(request())).toBe(reason);
      expect([world.checks.all, world.outbox.published]).toEqual([[], []]);
      expect(world.audit.entries).toEqual([
        expect.objectContaining({
          ...{
            action: 'background_check.send',
            entity: 'application',
            entityId: sendable.applicationId,
            outcome: 'refused',
          },
          ...{ to: { reason, package_id: null }, withheldFrom: sendable.candidateId },
        }),
      ]);
    });

    it('for a removed activity, and names the field', async () => {
      world.plannedChecks.remove(world.teamId, sendable.itemId);
      await expect(request()).rejects.toMatchObject({
        errors: { json: { job_stage_item_id: [expect.any(String) as string] } },
      });
    });

    it('for an inactive package that the caller names', async () => {
      expect(await reasonOf(request({ packageId: 'old' }))).toBe('package_unavailable');
    });

    it('for an application that the team does not have', async () => {
      expect(await reasonOf(request({}, { ...sendable, applicationId: anId() }))).toBe('not_found');
      expect(world.audited).toEqual([['background_check.send', 'refused']]);
    });

    it('while a check of that application and activity is in progress, which it names', async () => {
      const first = await world.aCheck(sendable);
      await expect(request()).rejects.toMatchObject({
        reason: 'check_in_progress',
        errors: { json: { background_check_id: [first] } },
      });
      expect(world.checks.all).toHaveLength(1);
    });

    it('by the first rule that is broken, in the order of the API', async () => {
      await world.aCheck(sendable);
      await world.changeApplication(sendable.applicationId, { active: false, anonymised: true, email: null });
      world.account.set(world.teamId, { state: 'disabled', packages: [] });
      world.plannedChecks.remove(world.teamId, sendable.itemId);
      const reasons: string[] = [];
      const repair: (() => unknown)[] = [
        () =>
          world.plannedChecks.put(world.teamId, {
            id: sendable.itemId,
            jobId: sendable.jobId,
            vendor: 'certn',
            packageId: 'gone',
          }),
        () => world.changeApplication(sendable.applicationId, { anonymised: false }),
        () => world.changeApplication(sendable.applicationId, { active: true }),
        () => world.account.set(world.teamId, { state: 'enabled', packages: [] }),
      ];
      for (const step of repair) {
        reasons.push(await reasonOf(request()));
        await step();
      }
      reasons.push(await reasonOf(request()));
      expect(reasons).toEqual([
        ...['unknown_reference', 'candidate_anonymised', 'application_not_active', 'integration_not_enabled'],
        'check_in_progress',
      ]);
    });
  });

  describe('takes the permission on the job', () => {
    it.each<[string, string, (w: World, s: Sendable) => Caller]>([
      ['an admin', 'sent', (w) => w.admin],
      ['a standard user', 'sent', (w) => w.recruiter],
      [
        'a limited user who may send',
        'sent',
        (w, { jobId }) => w.caller('limited', { grants: [[jobId, ['send_checks']]] }),
      ],
      [
        'a limited user who may read',
        'not_allowed',
        (w, { jobId }) => w.caller('limited', { grants: [[jobId, ['view_results']]] }),
      ],
      ['a limited user of other jobs', 'not_found', (w) => w.caller('limited')],
      ['a user who does not see the job', 'not_found', (w, { jobId }) => w.caller('standard', { hidden: [jobId] })],
      [
        'the candidate, who does not see the job',
        'not_found',
        (w, { candidateId, jobId }) => w.caller('standard', { own: [candidateId], hidden: [jobId] }),
      ],
      ['the candidate', 'not_allowed', (w, { candidateId }) => w.caller('standard', { own: [candidateId] })],
      ['a candidate who is an admin', 'not_allowed', (w, { candidateId }) => w.caller('admin', { own: [candidateId] })],
    ])('of %s: %s', async (_, outcome, callerOf) => {
      expect(await reasonOf(request({ caller: callerOf(world, sendable) }))).toBe(outcome);
      expect(world.checks.all).toHaveLength(outcome === 'sent' ? 1 : 0);
    });
  });

  describe('at the same time as others', () => {
    it('two requests for one slot lead to one check; the other one is told which', async () => {
      const outcomes = await Promise.all([reasonOf(request()), reasonOf(request({ caller: world.admin }))]);
      expect(outcomes.toSorted()).toEqual(['check_in_progress', 'sent']);
      expect(world.checks.all).toHaveLength(1);
      expect(world.outbox.published).toHaveLength(1);
    });

    it('requests for different activities do not disturb each other', async () => {
      const other = { ...sendable, itemId: anId() };
      world.plannedChecks.put(world.teamId, {
        id: other.itemId,
        jobId: sendable.jobId,
        vendor: 'certn',
        packageId: 'full',
      });
      expect(await Promise.all([reasonOf(request()), reasonOf(request({}, other))])).toEqual(['sent', 'sent']);
    });

    it('an application that is closed after the validation is not checked', async () => {
      const closing = world.unitOfWork.run.bind(world.unitOfWork);
      let closed = false;
      world.unitOfWork.run = async (work) => {
        if (!closed) await world.changeApplication(sendable.applicationId, { active: false });
        closed = true;
        return closing(work);
      };
      expect(await reasonOf(request())).toBe('application_not_active');
      expect([world.checks.all, world.outbox.published]).toEqual([[], []]);
    });

    it('an application that is gone after the validation is not checked', async () => {
      const run = world.unitOfWork.run.bind(world.unitOfWork);
      world.unitOfWork.run = async (work) => {
        world.applications.find = async () => null;
        return run(work);
      };
      expect(await reasonOf(request())).toBe('not_found');
      expect([world.checks.all, world.outbox.published]).toEqual([[], []]);
    });

    it('a unit of work that runs twice has one effect', async () => {
      world.unitOfWork.collides = true;
      await request({ key: 'key' });
      expect([world.checks.all, world.outbox.published, world.audit.entries, world.records.all]).toEqual([
        ...[[expect.anything()], [expect.anything()], [expect.anything()], [expect.anything()]],
      ]);
    });
  });
});
