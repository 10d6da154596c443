import type { Id } from '#kernel/id';
import { type EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { Outbox } from '#kernel/ports';
import type { DomainEvent } from '#kernel/events';
import { PostgresAudit } from '#platform/audit/postgres-audit';
import { Database } from '#platform/database/database';
import { ormOptions } from '#platform/database/orm-options';
import { PostgresUnitOfWork } from '#platform/database/unit-of-work';
import { SystemClock, TimeOrderedIds } from '#platform/system';
import { PlainFingerprints } from '../../../../../test/support/plain-fingerprints.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { ErasedIds } from './erased-ids.js';
import { PostgresApplications, PostgresCandidates, PostgresJobs } from './records.js';
import {
  ApplicationClosed,
  FindApplication,
  ImportApplication,
  ImportCandidate,
  type Imported,
  ImportJob,
} from '../../contract.js';
import { schemas } from '../../../../schemas.js';
import { FindApplicationHandler } from '../../views/find-application.js';
import { ImportApplicationHandler } from '../../application/import-application.js';
import { ImportCandidateHandler } from '../../application/import-candidate.js';
import { RecordAudit } from '../../application/record-audit.js';
import { ImportJobHandler } from '../../application/import-job.js';
import { ValidatedFields } from '../http/record-fields.js';

type Fields = Record<string, unknown>;

let testDatabase: TestDatabase;
let orm: { em: EntityManager; close(): Promise<void> };
let ours: ReturnType<typeof importer>;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  orm = await MikroORM.init(ormOptions(testDatabase.url, schemas));
});
afterAll(async () => {
  await orm?.close();
  await testDatabase?.drop();
});
beforeEach(() => {
  ours = importer(new TimeOrderedIds().next());
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
    const theirs = importer(new TimeOrderedIds().next());
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
    const facts = await ours.find(id);
    expect(facts).toMatchObject({ id, jobId, status: 'hired', candidateEmail: 'ada@example.org' });
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
    expect(ours.published).toEqual([new ApplicationClosed(ours.teamId, id)]);
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

class Published extends Outbox {
  readonly events: DomainEvent[] = [];
  async publish(events: DomainEvent[]): Promise<void> {
    this.events.push(...events);
  }
}

/** The import of one team. */
function importer(teamId: string) {
  const database = new Database(orm.em);
  const unitOfWork = new PostgresUnitOfWork(orm.em);
  const erasedIds = new ErasedIds(database, new PlainFingerprints());
  const [jobs, candidates] = [new PostgresJobs(orm.em, database), new PostgresCandidates(orm.em, database, erasedIds)];
  const applications = new PostgresApplications(orm.em, database, erasedIds);
  const [outbox, ids, clock] = [new Published(), new TimeOrderedIds(), new SystemClock()];
  const audit = new RecordAudit(new PostgresAudit(database));
  const actor = { teamId, user: null, ip: null };
  const fields = new ValidatedFields();
  const jobImport = new ImportJobHandler(fields, unitOfWork, jobs, ids, clock, audit);
  const candidateImport = new ImportCandidateHandler(fields, unitOfWork, candidates, ids, clock, audit);
  const applicationImport = new ImportApplicationHandler(
    fields,
    unitOfWork,
    jobs,
    candidates,
    applications,
    outbox,
    ids,
    clock,
    audit,
  );
  const finder = new FindApplicationHandler(database);
  return {
    teamId,
    published: outbox.events,
    job: (id: string, fields: Fields): Promise<Imported> => jobImport.execute(new ImportJob(actor, id, fields)),
    candidate: (id: string, fields: Fields): Promise<Imported> =>
      candidateImport.execute(new ImportCandidate(actor, id, fields)),
    application: (id: string, fields: Fields): Promise<Imported> =>
      applicationImport.execute(new ImportApplication(actor, id, fields)),
    find: (id: Id) => finder.execute(new FindApplication(teamId, id)),
  };
}
