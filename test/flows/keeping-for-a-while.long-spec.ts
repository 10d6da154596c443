import { createHash } from 'node:crypto';
import { type RunningApp, startApp } from '../support/app.js';
import { rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { anIdentifiableCandidate, isCase, sendTo, type IdentifiableCandidate } from '../support/privacy.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;

beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
});
beforeEach(async () => {
  team = await connectedTeam(app, sandbox);
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

const rows = (query: string, values: unknown[] = []): Promise<number> =>
  withDatabase(app, async (db) => (await db.query(query, values)).rowCount ?? 0);

const isGone = (what: string, query: string, values: unknown[] = []): Promise<unknown> =>
  eventually(
    `${what} is gone`,
    () => rows(query, values),
    (left) => left === 0,
    25_000,
  );

async function aSend(): Promise<{ person: IdentifiableCandidate; id: string }> {
  const person = await anIdentifiableCandidate(team);
  const id = await sendTo(team, person, {}, { 'idempotency-key': `key of ${person.email}` });
  return { person, id };
}

describe('expiring data is deleted without any request', () => {
  it('a stored idempotent response, with its address, after a day; one of today stays', async () => {
    const [old, young] = [await aSend(), await aSend()];
    const remembered = 'select 1 from background_checks.idempotency_record where check_id = $1';
    await rows(
      `update background_checks.idempotency_record set created_at = created_at - interval '25 hours' where check_id = $1`,
      [old.id],
    );
    await isGone('the answer', remembered, [old.id]);
    expect(await rows(remembered, [young.id])).toBe(1);
    const withAddress = await rowsWith(app.databaseUrl, [old.person.email]);
    expect(withAddress.filter((row) => row.includes('idempotency_record'))).toEqual([]);
  }, 60_000);

  it('the previous webhook secret after a day, the id of a report after an hour, an unmatched case after a week', async () => {
    await team.admin.put('/integrations/certn', { webhook_secret_key: 'the second one' });
    const { id } = await aSend();
    await reaches(team, id, 'sent');
    const values = [team.teamId];
    await rows(
      `update integrations.connection set previous_accepted_until = now() - interval '1 minute' where team_id = $1`,
      values,
    );
    await rows(
      `insert into integrations.report (team_id, order_id, report_id, requested_at)
       select team_id, id, 'report-1', now() - interval '2 hours' from integrations.order where team_id = $1`,
      values,
    );
    await rows(
      `insert into integrations.unmatched_case (team_id, connection_id, case_id, received_at)
       select team_id, id, 'unmatched-case', now() - interval '8 days' from integrations.connection where team_id = $1`,
      values,
    );
    await isGone('the report', 'select 1 from integrations.report where team_id = $1', values);
    await isGone('the case', 'select 1 from integrations.unmatched_case where team_id = $1', values);
    await isGone(
      'the secret',
      'select 1 from integrations.connection where team_id = $1 and previous_webhook_secret is not null',
      values,
    );
    expect((await team.admin.put('/integrations/certn', { webhook_secret_key: 'the third one' })).status).toBe(200);
  }, 60_000);
});

describe('fingerprints', () => {
  it('are useless without the key: the database holds no plain hash of an erased id', async () => {
    const { person, id } = await aSend();
    const { vendor } = await reaches(team, id, 'invited');
    await isCase(team, person, vendor.case_id ?? '');
    await team.admin.post(`/candidates/${person.candidateId}/anonymise`);
    await isGone('the case', 'select 1 from integrations.order where id = $1 and erased_at is null', [id]);
    const known = [person.identifyingValues[2] ?? '', vendor.case_id ?? ''];
    const guesses = known.flatMap((value) => [
      ...['sha256', 'sha512', 'sha1', 'md5'].map((hash) => createHash(hash).update(value).digest('hex')),
    ]);
    expect(await rowsWith(app.databaseUrl, guesses)).toEqual([]);
    expect(await rows('select 1 from hiring.erased_external_id where record_id = $1', [person.candidateId])).toBe(1);
    expect(await rows('select 1 from integrations.erased_case where order_id = $1', [id])).toBe(1);
  }, 60_000);

  it('of an earlier release, which are plain hashes, still match and are converted to keyed ones', async () => {
    const externalId = `old-${Date.now()}`;
    const plain = createHash('sha256').update(externalId).digest('hex');
    const line = { type: 'candidate', external_id: externalId, first_name: 'Ada', last_name: 'Again' };
    const importing = async (): Promise<unknown> =>
      JSON.parse(
        (await team.admin.post<string>('/imports', JSON.stringify(line), { 'content-type': 'application/x-ndjson' }))
          .body,
      );
    await rows(
      `insert into hiring.erased_external_id (team_id, kind, fingerprint, record_id)
       values ($1, 'candidate', $2, gen_random_uuid())`,
      [team.teamId, plain],
    );
    expect(await importing()).toMatchObject({ status: 'failed' });
    await isGone('the plain hash', 'select 1 from hiring.erased_external_id where fingerprint = $1', [plain]);
    expect(await rows('select 1 from hiring.erased_external_id where team_id = $1', [team.teamId])).toBe(1);
    expect(await importing()).toMatchObject({ status: 'failed' });
  }, 60_000);
});
