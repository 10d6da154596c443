import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aColleague, aTeam, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aCandidate, aSentCheck, completes, connectedTeam, reaches } from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
});
afterAll(async () => {
  await database?.end();
  await app?.close();
  await sandbox?.stop();
});

interface Refusal {
  reason: string;
  message: string;
}
interface AdminNotice {
  kind: string;
  at: string;
  user: { id: string; name: string };
  by: { id: string; name: string } | null;
}
interface Proof {
  candidate_id: string;
  checks: { outcome: string }[];
  withheld: boolean;
}
interface Entry {
  action: string;
  entity_id: string;
  outcome: string;
  from: object;
  to: object;
  withheld: boolean;
  actor: { id: string } | null;
}

const noticesOf = async (person: Person): Promise<AdminNotice[]> =>
  (await person.get<{ notices: AdminNotice[] }>('/me')).body.notices;
const linked = async (admin: Person, candidateId: string): Promise<Person> => {
  const person = await aColleague(admin, 'admin');
  await admin.patch(`/users/${person.id}`, { linked_candidate_ids: [candidateId] });
  return person;
};

describe('A link between a user and a candidate', () => {
  it('cannot be changed by the linked person, who still cannot read about themself', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const themself = await linked(team.admin, check.candidateId);
    const otherId = await aCandidate(team.admin);
    for (const links of [[], [otherId], [check.candidateId, otherId]]) {
      const refused = await themself.patch<Refusal>(`/users/${themself.id}`, { linked_candidate_ids: links });
      expect([refused.status, refused.body.reason]).toEqual([403, 'own_link']);
      expect(refused.body.message).toContain('another admin');
    }
    expect((await themself.get(`/background_checks/${check.id}`)).status).toBe(404);
    const entries = await team.admin.get<Entry[]>(`/audit_log?action=user.update&entity_id=${themself.id}&per_page=3`);
    expect(entries.body.map(({ outcome }) => outcome)).toEqual(['refused', 'refused', 'refused']);
  });

  it('cannot be removed by changing the own address in order to sign in as a new user', async () => {
    const { admin } = await aTeam(app);
    const themself = await linked(admin, await aCandidate(admin));
    for (const change of [{ email: `${randomUUID()}@example.org` }, { external_id: 'another-person' }]) {
      const refused = await themself.patch<Refusal>(`/users/${themself.id}`, change);
      expect([change, refused.status, refused.body.reason]).toEqual([change, 403, 'own_link']);
      expect((await admin.patch(`/users/${themself.id}`, change)).status).toBe(200);
    }
    // A user who is no candidate has no link to remove.
    expect((await admin.patch(`/users/${admin.id}`, { email: `${randomUUID()}@example.org` })).status).toBe(200);
  });

  it('leaves all other own fields editable', async () => {
    const { admin } = await aTeam(app);
    const candidateId = await aCandidate(admin);
    const themself = await linked(admin, candidateId);
    const changed = await themself.patch(`/users/${themself.id}`, { name: 'Ada', linked_candidate_ids: [candidateId] });
    expect([changed.status, changed.body]).toMatchObject([200, { name: 'Ada' }]);
    expect((await admin.patch(`/users/${admin.id}`, { linked_candidate_ids: [candidateId] })).status).toBe(403);
  });
});

describe('The record of the candidate that a user is linked to', () => {
  it('can be anonymised by another admin: the link ends, and the proof does not reveal how their check ended', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    const themself = await linked(team.admin, check.candidateId);
    const refused = await themself.post<Refusal>(`/candidates/${check.candidateId}/anonymise`);
    expect([refused.status, refused.body.reason]).toEqual([403, 'own_link']);
    expect((await team.admin.post(`/candidates/${check.candidateId}/anonymise`)).status).toBe(204);
    const proofFor = async (person: Person) => (await person.get<Proof[]>('/erasures')).body[0];
    const proof = await eventually(
      'the check is counted',
      () => proofFor(team.admin),
      (found) => found?.checks.length === 1,
    );
    expect(proof).toMatchObject({ candidate_id: check.candidateId, checks: [{ outcome: 'complete' }], withheld: true });
    expect(await proofFor(themself)).toEqual(proof);
    await eventually(
      'the link ends',
      () => themself.get<{ linked_candidate_ids: string[] }>(`/users/${themself.id}`),
      ({ body }) => body.linked_candidate_ids.length === 0,
    );
    expect((await themself.get(`/background_checks/${check.id}`)).body).toMatchObject({
      result: null,
      results_url: null,
    });
  });

  it('stays hidden from them until nothing reveals how their check ended', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REJECT');
    await reaches(team, check.id, 'complete');
    const themself = await linked(team.admin, check.candidateId);
    // The check is locked, so it cannot be erased yet.
    await database.query('begin');
    await database.query('select 1 from background_checks.background_check where id = $1 for update', [check.id]);
    try {
      expect((await team.admin.post(`/candidates/${check.candidateId}/anonymise`)).status).toBe(204);
      for (const path of ['', '/history', '/results'])
        expect([path, (await themself.get(`/background_checks/${check.id}${path}`)).status]).toEqual([path, 404]);
      expect((await themself.get<object[]>('/background_checks')).body).toEqual([]);
    } finally {
      await database.query('rollback');
    }
    const seen = await eventually(
      'the link ends',
      () => themself.get(`/background_checks/${check.id}`),
      ({ status }) => status === 200,
    );
    expect(seen.body).toMatchObject({ result: null, results_url: null, sent_to: null });
  });
});

describe('All admins are notified', () => {
  it('when links change, with the user and the person who changed them', async () => {
    const { admin } = await aTeam(app);
    const [auditor, standard] = [await aColleague(admin, 'admin'), await aColleague(admin, 'standard')];
    const candidateId = await aCandidate(admin);
    await admin.patch(`/users/${auditor.id}`, { linked_candidate_ids: [candidateId] });
    await admin.patch(`/users/${auditor.id}`, { linked_candidate_ids: [candidateId], name: 'Renamed' });
    await admin.patch(`/users/${auditor.id}`, { linked_candidate_ids: [] });
    await aColleague(admin, 'limited', { linked_candidate_ids: [candidateId] });
    const changed = (await noticesOf(auditor)).filter(({ kind }) => kind === 'links_changed');
    expect(changed).toHaveLength(3);
    expect(changed[2]).toEqual({
      kind: 'links_changed',
      at: expect.stringMatching(/Z$/) as string,
      user: { id: auditor.id, name: 'Renamed' },
      by: { id: admin.id, name: expect.any(String) as string },
      webhook_endpoint: null,
    });
    expect(await noticesOf(admin)).toEqual(await noticesOf(auditor));
    expect(await noticesOf(standard)).toEqual([]);
    const entries = await admin.get<Entry[]>(`/audit_log?action=user.link&entity_id=${auditor.id}`);
    expect(entries.body).toMatchObject([
      { from: { linked_candidates: 1 }, to: { linked_candidates: 0 } },
      { from: { linked_candidates: 0 }, to: { linked_candidates: 1 } },
    ]);
  });

  it('when a user becomes an admin, because this may be a second account of a linked person', async () => {
    const { admin } = await aTeam(app);
    const created = await aColleague(admin, 'admin');
    const promoted = await aColleague(admin, 'limited');
    await admin.patch(`/users/${promoted.id}`, { access_level: 'admin' });
    await admin.patch(`/users/${created.id}`, { disabled: true });
    await admin.patch(`/users/${created.id}`, { disabled: false });
    await admin.patch(`/users/${created.id}`, { name: 'Only renamed' });
    const notices = (await noticesOf(promoted)).map(({ kind, user }) => [kind, user.id]);
    expect(notices).toEqual([created.id, promoted.id, created.id].map((id) => ['admin_added', id]));
  });

  it('for 30 days, about their own team only', async () => {
    const { admin, teamId } = await aTeam(app);
    await aColleague((await aTeam(app)).admin, 'admin');
    for (const days of [29, 31]) {
      await database.query(
        `insert into platform.audit_entry (team_id, id, at, actor_id, action, entity, entity_id, outcome, before, after)
         values ($1, gen_random_uuid(), now() - make_interval(days => $2), $3, 'user.link', 'user', $4, 'done', '{}', '{}')`,
        [teamId, days, admin.id, admin.id],
      );
    }
    expect(await noticesOf(admin)).toHaveLength(1);
  });
});

describe('The audit log of a user who is a candidate', () => {
  it('shows every entry about their own check without its contents', async () => {
    const team = await connectedTeam(app, sandbox);
    const check = await aSentCheck(team);
    const auditor = await aColleague(team.admin, 'admin');
    const path = `/audit_log?entity_id=${check.id}`;
    const [before] = (await auditor.get<Entry[]>(path)).body;
    expect(before).toMatchObject({ action: 'background_check.send', withheld: false });
    expect(before?.to).not.toEqual({});
    await team.admin.patch(`/users/${auditor.id}`, { linked_candidate_ids: [check.candidateId] });
    const hidden = { ...before, from: {}, to: {}, withheld: true };
    const after = await auditor.get<Entry[]>(path);
    expect([after.body, after.headers.get('x-total-count')]).toEqual([[hidden], '1']);
    const exported = await auditor.get<string>(path, { accept: 'application/x-ndjson' });
    expect(JSON.parse(exported.body)).toEqual(hidden);
    expect((await team.admin.get<Entry[]>(path)).body).toEqual([before]);
  });
});
