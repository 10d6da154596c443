import { isDeepStrictEqual } from 'node:util';
import { type RunningApp, startApp } from '../support/app.js';
import { act, historyOf, shown, shows } from '../support/checks.js';
import { everyRow, rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { aColleague } from '../support/people.js';
import {
  anonymise,
  anIdentifiableCandidate,
  erasedCheck,
  isCase,
  isErased,
  proofsOf,
  sendTo,
  type IdentifiableCandidate,
} from '../support/privacy.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aJob, completes, connectedTeam, type ConnectedTeam, reaches, send } from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;

beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterEach(() => sandbox.control.clearFaults());
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

async function invited(): Promise<{ person: IdentifiableCandidate; id: string; caseId: string }> {
  const person = await anIdentifiableCandidate(team);
  const id = await sendTo(team, person, {}, { 'idempotency-key': `key of ${person.email}` });
  const { vendor } = await reaches(team, id, 'invited');
  const caseId = vendor.case_id ?? '';
  await isCase(team, person, caseId);
  return { person, id, caseId };
}

const reasonOf = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body['reason']];

describe('anonymising a candidate by hand', () => {
  it('leaves a candidate without identifying fields, and says so; a repetition changes nothing', async () => {
    const person = await anIdentifiableCandidate(team);
    const rows = await everyRow(app.databaseUrl);
    for (const trace of person.identifyingValues) expect(rows).toContain(trace);
    await anonymise(team, person);
    await isErased(app, person);
    const { body } = await team.admin.get(`/candidates/${person.candidateId}`);
    expect(body).toMatchObject({
      ...{ first_name: 'Anonymised', last_name: 'candidate', email_addresses: [], phone_numbers: [] },
      ...{ anonymised_at: expect.stringMatching(/Z$/) as string, application_ids: [person.applicationId] },
    });
    await anonymise(team, person);
    expect((await team.admin.get(`/candidates/${person.candidateId}`)).body).toEqual(body);
    expect(await proofsOf(team, person.candidateId)).toEqual([
      {
        candidate_id: person.candidateId,
        at: body['anonymised_at'],
        by: { id: team.admin.id, name: expect.any(String) as string },
        checks: [],
        withheld: false,
      },
    ]);
    const acts = `/audit_log?action=candidate.anonymise&entity_id=${person.candidateId}`;
    const audit = await team.admin.get<object[]>(acts);
    expect(audit.body).toHaveLength(1);
    expect(audit.body[0]).toMatchObject({
      action: 'candidate.anonymise',
      outcome: 'done',
      actor: { id: team.admin.id },
    });
  });

  it('cancels a check in progress at Certn, and keeps only fields that identify no person', async () => {
    const { person, id, caseId } = await invited();
    const before = (await shown(team, id)) as unknown as Record<string, unknown>;
    await anonymise(team, person);
    await isErased(app, person);
    expect((await sandbox.control.case(caseId)).overall_status).toBe('CANCELLED');
    const after = await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled');
    expect(after).toMatchObject(erasedCheck);
    for (const kept of ['package', 'requested_at', 'application_id', 'requested_by', 'created_at'])
      expect(after).toHaveProperty(kept, before[kept]);
    const lines = (await historyOf(team, id)).map(({ kind, to, by, source }) => [kind, to, by?.id ?? source]);
    expect(lines.slice(-2)).toEqual([
      ['cancel_requested', null, 'system'],
      ['status_changed', null, 'vendor'],
    ]);
    await eventually(
      'the proof says how it ended',
      () => proofsOf(team, person.candidateId),
      ([proof]) => proof?.checks[0]?.outcome === 'cancelled',
    );
  });

  it('counts the outcome of a complete check, and keeps it nowhere else', async () => {
    const { person, id, caseId } = await invited();
    await completes(team, caseId, 'REVIEW');
    await reaches(team, id, 'complete');
    expect((await team.admin.get(`/background_checks/${id}/results`)).status).toBe(200);
    await anonymise(team, person);
    await isErased(app, person);
    expect(await shown(team, id)).toMatchObject({ ...erasedCheck, status: 'complete' });
    expect((await historyOf(team, id)).flatMap(({ from, to }) => [from, to]).filter((word) => word !== null)).toEqual(
      [],
    );
    const rows = await eventually(
      'nothing of the check tells how it ended',
      () => rowsWith(app.databaseUrl, [id]),
      (found) => !found.some((row) => /review/i.test(row)),
    );
    expect(rows.length).toBeGreaterThan(3);
    expect(reasonOf(await team.admin.get(`/background_checks/${id}/results`))).toEqual([409, 'results_not_available']);
    const [proof] = await proofsOf(team, person.candidateId);
    expect(proof?.checks).toEqual([{ package: 'Basic', outcome: 'review', count: 1 }]);
    expect((await sandbox.control.case(caseId)).overall_status).toBe('COMPLETE');
  });

  it('ends the link of a user who is that candidate, and no user can be linked again', async () => {
    const person = await anIdentifiableCandidate(team);
    const other = await anIdentifiableCandidate(team);
    const linked = [person.candidateId, other.candidateId];
    const colleague = await aColleague(team.admin, 'standard', { linked_candidate_ids: linked });
    await anonymise(team, person);
    await eventually(
      'the link is ended',
      () => team.admin.get<{ linked_candidate_ids: string[] }>(`/users/${colleague.id}`),
      ({ body }) => isDeepStrictEqual(body.linked_candidate_ids, [other.candidateId]),
    );
    await eventually(
      'nothing names both of them',
      async () => (await rowsWith(app.databaseUrl, [person.candidateId])).filter((row) => row.includes(colleague.id)),
      (rows) => rows.length === 0,
    );
    const again = await team.admin.patch(`/users/${colleague.id}`, { linked_candidate_ids: linked });
    expect(reasonOf(again as { status: number; body: Record<string, unknown> })).toEqual([422, 'unknown_reference']);
  });

  it('drops what still waits to be sent', async () => {
    const own = await connectedTeam(app, sandbox);
    await sandbox.control.fault({ account: own.account.id, route: 'order-package', kind: 'status', status: 401 });
    const person = await anIdentifiableCandidate(own);
    const id = await sendTo(own, person);
    await shows(own, id, 'that it waits', ({ failure }) => failure?.reason === 'connection_action_required');
    await anonymise(own, person);
    await isErased(app, person);
    expect(await shown(own, id)).toMatchObject({ ...erasedCheck, status: 'cancelled', failure: null });
    await sandbox.control.clearFaults();
    expect((await own.admin.put('/integrations/certn', { api_key: own.account.api_key })).status).toBe(200);
    const next = await sendTo(own, await anIdentifiableCandidate(own));
    await reaches(own, next, 'invited');
    expect(await sandbox.control.ledger({ account: own.account.id })).toHaveLength(1);
  });

  it('erases an address that only one check was sent to, and the stored idempotent responses with it', async () => {
    const { person, id, caseId } = await invited();
    await sandbox.control.act(caseId, 'expire');
    await reaches(team, id, 'expired');
    const corrected = `corrected-${person.email}`;
    const again = await act(team.admin, id, 'resend', { email: corrected }, { 'idempotency-key': corrected });
    expect(again.status).toBe(201);
    await reaches(team, again.body.id, 'invited');
    person.identifyingValues.push(corrected);
    await anonymise(team, person);
    await isErased(app, person);
    expect(await shown(team, id)).toMatchObject({ ...erasedCheck, status: 'cancelled', replaced_by_id: again.body.id });
    await reaches(team, again.body.id, 'cancelled');
  });

  it('cannot be undone indirectly: later changes, additions, sends and imports are refused', async () => {
    const { person, id, caseId } = await invited();
    await sandbox.control.act(caseId, 'expire');
    await reaches(team, id, 'expired');
    const [, , externalId = ''] = person.identifyingValues;
    await anonymise(team, person);
    const { candidateId, applicationId } = person;
    const again = { type: 'candidate', external_id: externalId, first_name: 'Zebedee', last_name: 'Again' };
    const ndjson = { 'content-type': 'application/x-ndjson' };
    const refused = [
      await team.admin.patch(`/candidates/${candidateId}`, { last_name: 'Again' }),
      await team.admin.put(`/candidates/${candidateId}/legal_hold`, { held: true }),
      await team.admin.post('/applications', { candidate_id: candidateId, job_id: await aJob(team.admin) }),
      await send(team.admin, person),
      await act(team.admin, id, 'resend', { email: 'again@example.org' }),
    ];
    for (const answer of refused)
      expect(reasonOf(answer as { status: number; body: Record<string, unknown> })).toEqual([
        409,
        'candidate_anonymised',
      ]);
    const imported = await team.admin.post<string>('/imports', JSON.stringify(again), ndjson);
    expect(JSON.parse(imported.body)).toMatchObject({ status: 'failed' });
    await team.admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    const reopened = await team.admin.patch(`/applications/${applicationId}`, { status: 'active' });
    expect(reasonOf(reopened)).toEqual([409, 'candidate_anonymised']);
    const plan = await team.admin.get<{ items: { cannot_send_reason: string | null }[] }[]>(
      `/applications/${applicationId}/interview_plan`,
    );
    expect(plan.body.flatMap(({ items }) => items.map((item) => item.cannot_send_reason))).toContain(
      'candidate_anonymised',
    );
    await isErased(app, person);
  });

  it('is for admins only, and for candidates of their own team', async () => {
    const person = await anIdentifiableCandidate(team);
    const idle = (await team.admin.post<{ id: string }>('/candidates', { first_name: 'I', last_name: 'D' })).body.id;
    const standard = await aColleague(team.admin, 'standard');
    for (const id of [person.candidateId, idle]) {
      expect((await standard.post(`/candidates/${id}/anonymise`)).status).toBe(403);
      expect((await standard.put(`/candidates/${id}/legal_hold`, {})).status).toBe(403);
    }
    const { admin: stranger } = await connectedTeam(app, sandbox);
    for (const id of [person.candidateId, '0199aaaa-0000-7000-8000-000000000000', 'nonsense'])
      expect((await stranger.post(`/candidates/${id}/anonymise`)).status).toBe(404);
    expect((await team.admin.get(`/candidates/${person.candidateId}`)).body).toMatchObject({ anonymised_at: null });
  });

  it('is refused while the candidate is on legal hold, and possible after it is lifted', async () => {
    const person = await anIdentifiableCandidate(team);
    const path = `/candidates/${person.candidateId}`;
    expect((await team.admin.put(`${path}/legal_hold`, { held: 'yes' })).status).toBe(422);
    const held = await team.admin.put(`${path}/legal_hold`, { held: true });
    expect([held.status, held.body['legal_hold']]).toEqual([200, true]);
    expect(reasonOf(await team.admin.post(`${path}/anonymise`))).toEqual([409, 'legal_hold']);
    expect((await team.admin.get(path)).body).toMatchObject({ anonymised_at: null, legal_hold: true });
    expect((await team.admin.put(`${path}/legal_hold`, { held: false })).body['legal_hold']).toBe(false);
    await anonymise(team, person);
    const audit = await team.admin.get<{ action: string; outcome: string; to: object }[]>(
      `/audit_log?entity_id=${person.candidateId}`,
    );
    expect(audit.body.map(({ action, outcome, to }) => [action, outcome, to]).reverse()).toEqual([
      ['candidate.create', 'done', { has_invitation_address: true }],
      ['candidate.legal_hold', 'done', { held: true }],
      ['candidate.anonymise', 'refused', { reason: 'legal_hold' }],
      ['candidate.legal_hold', 'done', { held: false }],
      ['candidate.anonymise', 'done', {}],
    ]);
  });
});
