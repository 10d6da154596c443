import { Caller, type JobPermission } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { HiringWorld } from '../../../../test/fakes/hiring/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { ApplicationClosed, type ApplicationStatus, ChangeApplicationStatus, CreateApplication } from '../contract.js';
import { ChangeApplicationStatusHandler } from './change-application-status.js';
import { ChangeCandidate, ChangeCandidateHandler } from './change-candidate.js';
import { CreateApplicationHandler } from './create-application.js';
import { CreateCandidate, CreateCandidateHandler } from './create-candidate.js';
import { ChangeJob, ChangeJobHandler } from './change-job.js';
import { CreateJob, CreateJobHandler } from './create-job.js';
import { RecordAudit } from './record-audit.js';
import { ReplacePermissions, ReplacePermissionsHandler } from './replace-permissions.js';
import { WhenServiceAccountDeleted } from './when-service-account-deleted.js';
import { WhenUserErased } from './when-user-erased.js';

let world: HiringWorld;
let audit: RecordAudit;
beforeEach(() => {
  world = new HiringWorld();
  audit = new RecordAudit(world.audit);
});

const caller = (level: 'admin' | 'standard' | 'limited' = 'standard', grants: [Id, JobPermission[]][] = []) => {
  const scope =
    level === 'limited'
      ? { kind: 'only' as const, jobIds: grants.map(([jobId]) => jobId) }
      : { kind: 'all_but' as const, jobIds: [] };
  return new Caller(world.teamId, { id: anId(), name: 'Ada' }, level, scope, new Map(grants), []);
};
const details = { firstName: 'Ada', lastName: 'Lovelace', emailAddresses: [], phoneNumbers: [], externalId: null };
const aCandidate = async (): Promise<Id> => {
  const id = anId();
  const handler = new CreateCandidateHandler(world.unitOfWork, world.candidates, world.clock, audit);
  await handler.execute(new CreateCandidate(caller(), id, details));
  return id;
};
const aJob = async (by = caller()): Promise<Id> => {
  const id = anId();
  const given = {
    name: 'Engineer',
    requisitionId: null,
    status: 'open',
    confidential: false,
    externalId: null,
  } as const;
  const handler = new CreateJobHandler(world.unitOfWork, world.jobs, world.permissions, world.clock, audit);
  await handler.execute(new CreateJob(by, id, given));
  return id;
};
const apply = async (candidateId: Id, jobId: Id, status: ApplicationStatus = 'active'): Promise<Id> => {
  const id = anId();
  const { unitOfWork, jobs, candidates, applications, clock } = world;
  const handler = new CreateApplicationHandler(unitOfWork, jobs, candidates, applications, clock, audit);
  await handler.execute(new CreateApplication(caller(), id, candidateId, jobId, status));
  return id;
};
const become = (id: Id, status: ApplicationStatus) => {
  const { unitOfWork, applications, candidates, outbox, clock } = world;
  const handler = new ChangeApplicationStatusHandler(unitOfWork, applications, candidates, outbox, clock, audit);
  return handler.execute(new ChangeApplicationStatus(caller(), id, status));
};
const statusOf = async (id: Id) => (await world.applications.find(world.teamId, id))?.status;
const actions = () => world.audit.entries.map(({ action }) => action);

describe('an application', () => {
  it('opens, with an audit entry', async () => {
    const id = await apply(await aCandidate(), await aJob());
    expect([await statusOf(id), actions()]).toEqual([
      'active',
      ['candidate.create', 'job.create', 'application.create'],
    ]);
  });

  it('is the only active one of its candidate for its job', async () => {
    const [candidateId, jobId] = [await aCandidate(), await aJob()];
    const first = await apply(candidateId, jobId);
    await expect(apply(candidateId, jobId)).rejects.toMatchObject({
      reason: 'already_applied',
      errors: { json: { application_id: [first] } },
    });
    const rejected = await apply(candidateId, jobId, 'rejected');
    await expect(become(rejected, 'active')).rejects.toMatchObject({ reason: 'already_applied' });
    await become(first, 'rejected');
    await become(rejected, 'active');
    expect(await statusOf(rejected)).toBe('active');
  });

  it('opened at the same moment by two people opens once', async () => {
    const [candidateId, jobId] = [await aCandidate(), await aJob()];
    const opened = await Promise.allSettled([apply(candidateId, jobId), apply(candidateId, jobId)]);
    expect(opened.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('that closes is told once; one that changes otherwise, or not at all, is not', async () => {
    const id = await apply(await aCandidate(), await aJob());
    for (const status of ['rejected', 'rejected', 'hired', 'active'] as const) await become(id, status);
    expect(world.outbox.events).toEqual([new ApplicationClosed(world.teamId, id)]);
    expect(actions().filter((action) => action === 'application.update')).toHaveLength(3);
  });

  it('needs a candidate and a job of the team', async () => {
    const [candidateId, jobId] = [await aCandidate(), await aJob()];
    await expect(apply(anId(), jobId)).rejects.toMatchObject({ reason: 'unknown_reference' });
    await expect(apply(candidateId, anId())).rejects.toMatchObject({ reason: 'unknown_reference' });
    await expect(become(anId(), 'rejected')).rejects.toMatchObject({ kind: 'not_found' });
  });

  it('of an anonymised candidate neither opens nor opens again', async () => {
    const [candidateId, jobId] = [await aCandidate(), await aJob()];
    const id = await apply(candidateId, jobId, 'rejected');
    await world.unitOfWork.run(async () => {
      const candidate = await world.candidates.find(world.teamId, candidateId);
      candidate?.anonymise(world.clock.now());
      if (candidate) await world.candidates.save(candidate);
    });
    for (const refused of [apply(candidateId, jobId), become(id, 'active')])
      await expect(refused).rejects.toMatchObject({ reason: 'candidate_anonymised' });
    await become(id, 'hired');
    expect(await statusOf(id)).toBe('hired');
  });
});

describe('a candidate', () => {
  const change = (id: Id, by: Caller) => {
    const handler = new ChangeCandidateHandler(world.unitOfWork, world.candidates, world.clock, audit);
    return handler.execute(new ChangeCandidate(by, id, { firstName: 'Grace' }));
  };
  const nameOf = async (id: Id) => (await world.candidates.find(world.teamId, id))?.firstName;

  it('is changed, with an audit entry that names no value; the same change again writes none', async () => {
    const id = await aCandidate();
    for (let n = 0; n < 2; n += 1) await change(id, caller());
    const [, changed, ...others] = world.audit.entries;
    expect([await nameOf(id), others]).toEqual(['Grace', []]);
    expect(changed?.to).toEqual({ fields: ['first_name'], invitation_address_changed: false });
  });

  it('is changed by those who may edit one of their jobs', async () => {
    const [id, jobId, other] = [await aCandidate(), await aJob(), await aJob()];
    await apply(id, jobId);
    await expect(change(id, caller('limited', [[other, ['manage']]]))).rejects.toMatchObject({ kind: 'not_found' });
    await expect(change(id, caller('limited', [[jobId, []]]))).rejects.toMatchObject({ kind: 'forbidden' });
    expect(await nameOf(id)).toBe('Ada');
    await change(id, caller('limited', [[jobId, ['manage']]]));
    expect(await nameOf(id)).toBe('Grace');
  });

  it('is not created or changed without the right', async () => {
    const handler = new CreateCandidateHandler(world.unitOfWork, world.candidates, world.clock, audit);
    const create = handler.execute(new CreateCandidate(caller('limited'), anId(), details));
    await expect(create).rejects.toMatchObject({ kind: 'forbidden' });
    await expect(change(anId(), caller())).rejects.toMatchObject({ kind: 'not_found' });
  });
});

describe('a job', () => {
  it('is managed by who opened it', async () => {
    const by = caller();
    const jobId = await aJob(by);
    const granted = await world.permissions.of(world.teamId, jobId);
    expect(granted).toEqual([{ userId: by.user.id, permissions: ['manage'] }]);
  });

  it('is changed by those who may edit it, once', async () => {
    const jobId = await aJob();
    const handler = new ChangeJobHandler(world.unitOfWork, world.jobs, world.clock, audit);
    const change = (by: Caller, id = jobId) => handler.execute(new ChangeJob(by, id, { status: 'closed' }));
    await expect(change(caller('limited', [[jobId, []]]))).rejects.toMatchObject({ kind: 'forbidden' });
    for (let n = 0; n < 2; n += 1) await change(caller('limited', [[jobId, ['manage']]]));
    await expect(change(caller('admin'), anId())).rejects.toMatchObject({ kind: 'not_found' });
    expect([(await world.jobs.find(world.teamId, jobId))?.status, actions()]).toEqual([
      ...['closed', ['job.create', 'job.update']],
    ]);
  });
});

describe('permissions on a job', () => {
  const replace = (by: Caller, jobId: Id, grants: [Id, JobPermission[]][]) => {
    const { unitOfWork, jobs, permissions, colleagues } = world;
    const handler = new ReplacePermissionsHandler(unitOfWork, jobs, permissions, colleagues, world.audit);
    return handler.execute(
      new ReplacePermissions(
        by,
        jobId,
        grants.map(([userId, granted]) => ({ userId, permissions: granted })),
      ),
    );
  };
  const granted = async (jobId: Id) =>
    (await world.permissions.of(world.teamId, jobId)).map(({ userId, permissions }) => [userId, permissions]);

  it('are replaced by an admin, for users of the team, each once', async () => {
    const [jobId, ada, stranger] = [await aJob(), anId(), anId()];
    world.colleagues.users.add(ada);
    const admin = caller('admin');
    await expect(replace(admin, jobId, [[stranger, []]])).rejects.toMatchObject({ reason: 'unknown_reference' });
    await expect(
      replace(admin, jobId, [
        [ada, []],
        [ada, ['manage']],
      ]),
    ).rejects.toMatchObject({ kind: 'invalid' });
    await expect(replace(admin, anId(), [[ada, []]])).rejects.toMatchObject({ kind: 'not_found' });
    await replace(admin, jobId, [[ada, ['manage']]]);
    expect([await granted(jobId), actions()]).toEqual([[[ada, ['manage']]], ['job.create', 'permissions.replace']]);
  });

  it('end with the user', async () => {
    const [jobId, ada] = [await aJob(), anId()];
    world.colleagues.users.add(ada);
    await replace(caller('admin'), jobId, [[ada, ['manage']]]);
    await new WhenUserErased(world.permissions).handle({ teamId: world.teamId, userId: ada });
    expect(await granted(jobId)).toEqual([]);
  });

  it('are revoked from a deleted service account', async () => {
    const [jobId, account] = [await aJob(), anId()];
    world.colleagues.users.add(account);
    await replace(caller('admin'), jobId, [[account, ['send_checks']]]);
    await new WhenServiceAccountDeleted(world.permissions).handle({ teamId: world.teamId, accountId: account });
    expect(await granted(jobId)).toEqual([]);
  });
});
