import { HiringWorld } from '../../../../test/fakes/hiring/world.js';
import { ApplicationClosed, ImportApplication, ImportCandidate, type Imported, ImportJob } from '../contract.js';
import { ValidatedFields } from '../adapters/http/record-fields.js';
import { ImportApplicationHandler } from './import-application.js';
import { ImportCandidateHandler } from './import-candidate.js';
import { ImportJobHandler } from './import-job.js';
import { RecordAudit } from './record-audit.js';

type Fields = Record<string, unknown>;

let ours: ReturnType<typeof importer>;
beforeEach(() => {
  ours = importer();
});

describe('An imported record', () => {
  it('is created once, then unchanged, then updated', async () => {
    const first = await ours.job('J1', { name: 'Engineer' });
    expect(first).toEqual({ id: expect.any(String) as string, status: 'created' });
    expect(await ours.job('J1', { name: 'Engineer' })).toEqual({ id: first.id, status: 'unchanged' });
    expect(await ours.job('J1', { name: 'Engineer', status: 'closed' })).toEqual({ id: first.id, status: 'updated' });
    expect(await ours.job('J1', { name: 'Engineer' })).toEqual({ id: first.id, status: 'unchanged' });
  });

  it('is separate in another team', async () => {
    const theirs = importer();
    const [here, there] = [await ours.job('J1', { name: 'A' }), await theirs.job('J1', { name: 'A' })];
    expect([here.status, there.status]).toEqual(['created', 'created']);
    expect(here.id).not.toBe(there.id);
  });

  it('is created once when two imports contain it at the same moment', async () => {
    const both = await Promise.all([ours.candidate('C1', ada()), ours.candidate('C1', ada())]);
    expect(both.map((result) => result.status).sort()).toEqual(['created', 'unchanged']);
    expect(both[0].id).toBe(both[1].id);
  });

  it.each([
    ['job', { name: 'A', stages: [] }, 'stages'],
    ['job', {}, 'name'],
    ['candidate', { ...ada(), email: 'a@b.org' }, 'email'],
    ['candidate', { ...ada(), email_addresses: [{ address: 'a@b.org' }] }, 'email_addresses.0.address'],
    ['application', { candidate: 'C1', job: 'J1', status: 'dropped' }, 'status'],
    ['application', { candidate: 'C1' }, 'job'],
  ] as const)('a %s of %j is refused naming %s', async (kind, fields, field) => {
    await expect(ours[kind]('X1', fields)).rejects.toMatchObject({
      kind: 'invalid',
      errors: { json: { [field]: expect.any(Array) as string[] } },
    });
  });
});

describe('An imported application', () => {
  beforeEach(async () => {
    await ours.job('J1', { name: 'Engineer' });
    await ours.candidate('C1', ada());
  });

  it('finds its job and candidate by their external ids', async () => {
    const { id, jobId } = await ours.application('A1', { candidate: 'C1', job: 'J1', status: 'hired' });
    const found = await ours.world.applications.find(ours.world.teamId, id);
    expect(found).toMatchObject({ jobId, status: 'hired', externalId: 'A1' });
    const candidate = found && (await ours.world.candidates.find(ours.world.teamId, found.candidateId));
    expect(candidate?.email).toBe('ada@example.org');
  });

  it('refuses a job or candidate that was never imported', async () => {
    for (const [field, line] of [
      ['candidate', { candidate: 'C9', job: 'J1' }],
      ['job', { candidate: 'C1', job: 'J9' }],
    ] as const) {
      const refusal = { reason: 'unknown_reference', errors: { json: { [field]: [expect.any(String)] } } };
      await expect(ours.application('A1', line)).rejects.toMatchObject(refusal);
    }
  });

  it('keeps its status when a line does not state one, and publishes an event when it closes', async () => {
    const line = { candidate: 'C1', job: 'J1' };
    const { id } = await ours.application('A1', { ...line, status: 'active' });
    expect(await ours.application('A1', { ...line, status: 'rejected' })).toMatchObject({ id, status: 'updated' });
    expect(await ours.application('A1', line)).toMatchObject({ id, status: 'unchanged' });
    expect(ours.world.outbox.events).toEqual([new ApplicationClosed(ours.world.teamId, id)]);
  });

  it('stays with its candidate and its job', async () => {
    await ours.job('J2', { name: 'Other' });
    await ours.application('A1', { candidate: 'C1', job: 'J1' });
    await expect(ours.application('A1', { candidate: 'C1', job: 'J2' })).rejects.toMatchObject({
      reason: 'cannot_change',
      errors: { json: { job: [expect.any(String)] } },
    });
  });
});

function ada(): Fields {
  return {
    first_name: 'Ada',
    last_name: 'Lovelace',
    email_addresses: [{ value: 'ada@example.org', is_primary: true }],
  };
}

/** The import of one team. */
function importer() {
  const world = new HiringWorld();
  const { unitOfWork, jobs, candidates, applications, outbox, ids, clock, teamId } = world;
  const audit = new RecordAudit(world.audit);
  const actor = { teamId, user: null, ip: null };
  const lines = new ValidatedFields();
  const jobImport = new ImportJobHandler(lines, unitOfWork, jobs, ids, clock, audit);
  const candidateImport = new ImportCandidateHandler(lines, unitOfWork, candidates, ids, clock, audit);
  const applicationImport = new ImportApplicationHandler(
    ...([lines, unitOfWork, jobs, candidates, applications, outbox, ids, clock, audit] as const),
  );
  return {
    world,
    job: (id: string, fields: Fields): Promise<Imported> => jobImport.execute(new ImportJob(actor, id, fields)),
    candidate: (id: string, fields: Fields): Promise<Imported> =>
      candidateImport.execute(new ImportCandidate(actor, id, fields)),
    application: (id: string, fields: Fields): Promise<Imported> =>
      applicationImport.execute(new ImportApplication(actor, id, fields)),
  };
}
