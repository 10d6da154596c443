import { sql } from 'kysely';
import { UnitOfWork } from '#kernel/ports';
import { Database } from '#platform/database/database';
import { createApp } from '../../../app.js';
import { cancellingContract } from '../../../../test/contracts/background-checks/cancelling.contract.js';
import { aCheck, aSnapshot, now } from '../../../../test/contracts/background-checks/check-fixtures.js';
import { checksContract, type HistoryLine } from '../../../../test/contracts/background-checks/checks.contract.js';
import { idempotencyRecordsContract } from '../../../../test/contracts/background-checks/idempotency-records.contract.js';
import { resultRetentionContract } from '../../../../test/contracts/background-checks/result-retention.contract.js';
import {
  answersContract,
  applicationsContract,
  erasureProofsContract,
  plannedChecksContract,
  screeningAccountsContract,
} from '../../../../test/contracts/background-checks/neighbours.contract.js';
import type { ErasedCount } from '../../../../test/fakes/background-checks/fake-neighbours.js';
import type { HeldCandidate } from '../../../../test/fakes/background-checks/fake-result-retention.js';
import type { Id } from '#kernel/id';
import { anId } from '../../../../test/fakes/platform.js';
import { environmentOfOwner } from '../../../../test/support/environment.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import {
  Answers,
  Applications,
  Cancelling,
  Checks,
  ErasureProofs,
  IdempotencyRecords,
  PlannedChecks,
  ScreeningAccounts,
} from '../domain/ports.js';
import { ResultRetention } from '../domain/result-retention.js';

type App = Awaited<ReturnType<typeof createApp>>;

let database: TestDatabase;
let app: App;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  Object.assign(process.env, environmentOfOwner(database.url, { ROLE: 'api' }));
  app = await (await createApp()).init();
  db = app.get(Database);
});
afterAll(async () => {
  await app?.close();
  await database?.drop();
});

checksContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  checks: app.get(Checks),
  history: ({ id }) =>
    db.rows(sql<HistoryLine>`
      select kind, "from", "to", by_user_id as by, source, emptied_at is not null as emptied
      from background_checks.history_entry where check_id = ${id} order by revision`),
}));

cancellingContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  checks: app.get(Checks),
  cancelling: app.get(Cancelling),
}));

idempotencyRecordsContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  records: app.get(IdempotencyRecords),
  pass: async (teamId, hours) => {
    await db.affected(sql`
      update background_checks.idempotency_record set created_at = created_at - ${hours} * interval '1 hour'
      where team_id = ${teamId}`);
  },
}));

resultRetentionContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  checks: app.get(Checks),
  retention: app.get(ResultRetention),
  aCandidate: async (teamId, candidate) => {
    const candidateId = anId();
    await aCandidate(teamId, candidateId, { ...candidate, email: null });
    return { candidateId };
  },
}));

applicationsContract('in hiring', () => ({
  applications: app.get(Applications),
  anApplication: async (teamId, { status, email, anonymised }) => {
    const ids = { id: anId(), jobId: anId(), candidateId: anId() };
    await db.affected(sql`
      insert into hiring.job (team_id, id, name, status, confidential, search_text, created_at, updated_at)
      values (${teamId}, ${ids.jobId}, 'Engineer', 'open', false, '', now(), now())`);
    await aCandidate(teamId, ids.candidateId, { anonymised, email });
    await db.affected(sql`
      insert into hiring.application (team_id, id, candidate_id, job_id, status, created_at, updated_at)
      values (${teamId}, ${ids.id}, ${ids.candidateId}, ${ids.jobId}, ${status}, now(), now())`);
    return ids;
  },
}));

plannedChecksContract('in interview planning', () => ({
  plannedChecks: app.get(PlannedChecks),
  anItem: async (teamId, { packageId, deleted }) => {
    const [id, jobId, stageId] = [anId(), anId(), anId()];
    await db.affected(sql`
      insert into interview_planning.plan (team_id, job_id, created_at, updated_at)
      values (${teamId}, ${jobId}, now(), now())`);
    await db.affected(sql`
      insert into interview_planning.stage (team_id, id, job_id, name, priority, created_at, updated_at)
      values (${teamId}, ${stageId}, ${jobId}, 'Screening', 1, now(), now())`);
    await db.affected(sql`
      insert into interview_planning.item (team_id, id, stage_id, type, name, package_id, package_name, created_at,
        updated_at, deleted_at)
      values (${teamId}, ${id}, ${stageId}, ${packageId === null ? 'interview' : 'certn_background_check'}, 'Item',
        ${packageId}, ${packageId}, now(), now(), ${deleted ? new Date() : null})`);
    return { id, jobId, vendor: 'certn' };
  },
}));

screeningAccountsContract('in integrations', () => ({
  accounts: app.get(ScreeningAccounts),
  anAccount: async (teamId, state, packages) => {
    const connectionId = anId();
    const attention = state === 'action_required' ? JSON.stringify({ reason: 'key_refused', since: new Date() }) : null;
    await db.affected(sql`
      insert into integrations.connection (team_id, id, region, environment, current, api_key, webhook_secret,
        account_key, disabled_at, attention, packages_fetched_at, created_at, updated_at)
      values (${teamId}, ${connectionId}, 'ca', 'production', true, '{}', '{}', ${`host#${connectionId}`},
        ${state === 'disabled' ? new Date() : null}, ${attention}::jsonb, now(), now(), now())`);
    for (const [position, { id, name, active }] of packages.entries())
      await db.affected(sql`
        insert into integrations.package (team_id, connection_id, id, name, active, position)
        values (${teamId}, ${connectionId}, ${id}, ${name}, ${active}, ${position})`);
  },
}));

erasureProofsContract('in hiring', () => ({
  unitOfWork: app.get(UnitOfWork),
  proofs: app.get(ErasureProofs),
  anErasure: async (teamId) => {
    const candidateId = anId();
    await aCandidate(teamId, candidateId, { anonymised: true, email: null });
    await db.affected(sql`
      insert into hiring.erasure (team_id, candidate_id, at) values (${teamId}, ${candidateId}, now())`);
    return candidateId;
  },
  counted: async (teamId, candidateId) => {
    const proof = await db.first(sql<{ checks: ErasedCount[] }>`
      select checks from hiring.erasure where team_id = ${teamId} and candidate_id = ${candidateId}`);
    return proof?.checks ?? [];
  },
}));

answersContract('in Postgres', () => ({
  unitOfWork: app.get(UnitOfWork),
  checks: app.get(Checks),
  answers: app.get(Answers),
}));

async function aCandidate(
  teamId: string,
  id: Id,
  given: Partial<HeldCandidate> & { email: string | null },
): Promise<void> {
  const { legalHold = false, legalHoldEndedAt = null, anonymised = false, email } = given;
  await db.affected(sql`
    insert into hiring.candidate (team_id, id, first_name, last_name, email_addresses, phone_numbers, email, search_text,
      anonymised_at, legal_hold, legal_hold_ended_at, created_at, updated_at)
    values (${teamId}, ${id}, 'Ada', 'Lovelace', '[]', '[]', ${email}, '', ${anonymised ? new Date() : null}, ${legalHold},
      ${legalHoldEndedAt}, now(), now())`);
}

describe('checks in Postgres', () => {
  const transactionOf = async (id: string): Promise<bigint> => {
    const row = await db.first<{ xid: string }>(sql`
      select changed_xid::text as xid from background_checks.background_check where id = ${id}`);
    return BigInt(row?.xid ?? 0);
  };

  it('carry the transaction of every save', async () => {
    const [unitOfWork, checks] = [app.get(UnitOfWork), app.get(Checks)];
    const check = aCheck();
    await unitOfWork.run(() => checks.add(check));
    const first = await transactionOf(check.id);
    await unitOfWork.run(async () => {
      const loaded = await checks.get(check.teamId, check.id);
      loaded.recordCase(aSnapshot(1), now);
      await checks.save(loaded);
    });
    expect(await transactionOf(check.id)).toBeGreaterThan(first);
  });
});
