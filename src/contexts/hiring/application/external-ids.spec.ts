import { Caller } from '#kernel/caller';
import type { Id } from '#kernel/id';
import { HiringWorld } from '../../../../test/fakes/hiring/world.js';
import { anId } from '../../../../test/fakes/platform.js';
import { CreateApplication, IdentifyApplication } from '../contract.js';
import { ChangeCandidate, ChangeCandidateHandler } from './change-candidate.js';
import { ChangeJob, ChangeJobHandler } from './change-job.js';
import { CreateApplicationHandler } from './create-application.js';
import { CreateCandidate, CreateCandidateHandler } from './create-candidate.js';
import { CreateJob, CreateJobHandler } from './create-job.js';
import { ErasePerson } from './erase-person.js';
import { IdentifyApplicationHandler } from './identify-application.js';
import { newCandidate, newJob } from './imported-fields.js';
import { RecordAudit } from './record-audit.js';

let world: HiringWorld;
let audit: RecordAudit;
beforeEach(() => {
  world = new HiringWorld();
  audit = new RecordAudit(world.audit);
});

/** A standard user who does not see these jobs. */
const caller = (...unseen: Id[]): Caller =>
  new Caller(world.teamId, { id: anId(), name: 'Ada' }, 'standard', { kind: 'all_but', jobIds: unseen }, new Map(), []);

async function aJob(externalId: string | null = null, by = caller()): Promise<Id> {
  const id = anId();
  const handler = new CreateJobHandler(world.unitOfWork, world.jobs, world.permissions, world.clock, audit);
  await handler.execute(new CreateJob(by, id, newJob({ name: 'Engineer', externalId })));
  return id;
}

async function aCandidate(externalId: string | null = null, by = caller()): Promise<Id> {
  const id = anId();
  const handler = new CreateCandidateHandler(world.unitOfWork, world.candidates, world.clock, audit);
  await handler.execute(new CreateCandidate(by, id, newCandidate({ firstName: 'Ada', lastName: 'L', externalId })));
  return id;
}

async function anApplication(given: { externalId?: string; by?: Caller; candidateId?: Id; jobId?: Id }): Promise<Id> {
  const id = anId();
  const { unitOfWork, jobs, candidates, applications, clock } = world;
  const handler = new CreateApplicationHandler(unitOfWork, jobs, candidates, applications, clock, audit);
  const { candidateId = await aCandidate(), jobId = await aJob(), externalId = null, by = caller() } = given;
  await handler.execute(new CreateApplication(by, id, candidateId, jobId, 'active', externalId));
  return id;
}

const changeJob = (id: Id, externalId: string | null, by = caller()) =>
  new ChangeJobHandler(world.unitOfWork, world.jobs, world.clock, audit).execute(new ChangeJob(by, id, { externalId }));
const changeCandidate = (id: Id, externalId: string | null, by = caller()) =>
  new ChangeCandidateHandler(world.unitOfWork, world.candidates, world.clock, audit).execute(
    new ChangeCandidate(by, id, { externalId }),
  );
const identify = (id: Id, externalId: string | null, by = caller()) =>
  new IdentifyApplicationHandler(world.unitOfWork, world.applications, world.candidates, world.clock, audit).execute(
    new IdentifyApplication(by, id, externalId),
  );

async function anonymise(candidateId: Id): Promise<void> {
  const { candidates, applications, erasures, colleagues, outbox, clock } = world;
  const erase = new ErasePerson(candidates, applications, erasures, colleagues, world.audit, outbox, clock);
  await world.unitOfWork.run(async () => {
    const candidate = await candidates.find(world.teamId, candidateId);
    if (candidate) await erase.of(candidate, caller());
  });
}

const taken = (holder: Record<string, Id[]>) => ({
  reason: 'already_taken',
  errors: { json: { external_id: [expect.any(String)], ...holder } },
});

describe('The id of a job in another system', () => {
  it('belongs to one job, which the refusal names', async () => {
    const [first, second] = [await aJob('J-1'), await aJob()];
    await expect(aJob('J-1')).rejects.toEqual(expect.objectContaining(taken({ job_id: [first] })));
    await expect(changeJob(second, 'J-1')).rejects.toMatchObject(taken({ job_id: [first] }));
    await changeJob(first, 'J-1');
    await changeJob(first, null);
    await changeJob(second, 'J-1');
    expect((await world.jobs.find(world.teamId, second))?.externalId).toBe('J-1');
    expect(world.audit.entries.filter(({ action }) => action === 'job.update').map(({ to }) => to?.['fields'])).toEqual(
      [['external_id'], ['external_id']],
    );
  });

  it('is not named to those who do not see that job', async () => {
    const first = await aJob('J-1');
    await expect(aJob('J-1', caller(first))).rejects.toEqual(expect.objectContaining(taken({})));
  });

  it('goes to one of two who ask at the same moment', async () => {
    const outcomes = await Promise.allSettled([aJob('J-1'), aJob('J-1')]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });
});

describe('The id of a candidate in another system', () => {
  it('belongs to one candidate, whom the refusal names', async () => {
    const [first, second] = [await aCandidate('C-1'), await aCandidate()];
    await expect(aCandidate('C-1')).rejects.toMatchObject(taken({ candidate_id: [first] }));
    await expect(changeCandidate(second, 'C-1')).rejects.toMatchObject(taken({ candidate_id: [first] }));
    await changeCandidate(first, 'C-1');
    await changeCandidate(first, 'C-9');
    await changeCandidate(second, 'C-1');
    expect((await world.candidates.find(world.teamId, second))?.externalId).toBe('C-1');
  });

  it('is not named to those who do not see that candidate', async () => {
    const [candidateId, jobId] = [await aCandidate('C-1'), await aJob()];
    await anApplication({ candidateId, jobId });
    await expect(aCandidate('C-1', caller(jobId))).rejects.toEqual(expect.objectContaining(taken({})));
  });

  it('never identifies anybody again after its candidate was anonymised', async () => {
    const [first, second] = [await aCandidate('C-1'), await aCandidate()];
    await anonymise(first);
    const refused = { reason: 'candidate_anonymised' };
    await expect(aCandidate('C-1')).rejects.toMatchObject(refused);
    await expect(changeCandidate(second, 'C-1')).rejects.toMatchObject(refused);
    await expect(changeCandidate(first, 'C-2')).rejects.toMatchObject(refused);
  });
});

describe('The id of an application in another system', () => {
  it('belongs to one application, which the refusal names to those who see it', async () => {
    const jobId = await aJob();
    const [first, second] = [await anApplication({ jobId, externalId: 'A-1' }), await anApplication({})];
    const named = taken({ application_id: [first] });
    await expect(anApplication({ externalId: 'A-1' })).rejects.toMatchObject(named);
    await expect(identify(second, 'A-1')).rejects.toMatchObject(named);
    await expect(identify(second, 'A-1', caller(jobId))).rejects.toEqual(expect.objectContaining(taken({})));
    await identify(first, null);
    await identify(second, 'A-1');
    await identify(second, 'A-1');
    expect((await world.applications.find(world.teamId, second))?.externalId).toBe('A-1');
    const changes = world.audit.entries.filter(({ action }) => action === 'application.update');
    expect(changes.map(({ to }) => to)).toEqual([{ fields: ['external_id'] }, { fields: ['external_id'] }]);
  });

  it('never comes back after its candidate was anonymised', async () => {
    const candidateId = await aCandidate();
    const [first, second] = [await anApplication({ candidateId, externalId: 'A-1' }), await anApplication({})];
    await anonymise(candidateId);
    for (const refused of [identify(second, 'A-1'), identify(first, 'A-2'), anApplication({ externalId: 'A-1' })])
      await expect(refused).rejects.toMatchObject({ reason: 'candidate_anonymised' });
    await expect(identify(anId(), 'A-3')).rejects.toMatchObject({ kind: 'not_found' });
  });
});
