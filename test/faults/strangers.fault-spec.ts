import { randomUUID } from 'node:crypto';
import { UpdateListener } from '../support/update-listener.ts';
import { type Answer, ask, Caller } from './caller.ts';
import { checkInvariants } from './invariants.ts';
import { median, report } from './measures.ts';
import { type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

interface Api {
  paths: Record<string, Partial<Record<Method, { requestBody?: { content: object } }>>>;
}

interface Route {
  method: string;
  path: string;
  takesJson: boolean;
}

let harness: Harness;
let ours: HarnessTeam;
let theirs: HarnessTeam;
let routes: Route[];
/** The id of one entity of each kind that paths name. */
let entities: Map<string, string>;
let completed: { id: string; caseId: string };

beforeAll(async () => {
  harness = await startHarness();
  [ours, theirs] = [await harness.team(), await harness.team()];
  completed = await theirs.invited();
  await harness.certn.control.act(completed.caseId, 'set', { status: 'COMPLETE', score: 'REJECT' });
  await theirs.reaches(completed.id, 'complete');
  routes = await routesOfTheContract();
  entities = await entitiesOf(theirs, completed);
}, 120_000);
afterAll(() => harness?.close(), 60_000);
afterEach(async () => void (await checkInvariants(harness)), 60_000);

let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';

async function routesOfTheContract(): Promise<Route[]> {
  const { body } = await ask<Api>('GET', `${harness.front.url}/openapi.json`);
  const below = Object.entries(body.paths).filter(([path]) => path.startsWith('/ats/v0'));
  return below.flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { requestBody }]) => ({
      method: method.toUpperCase(),
      path: path.replace('/ats/v0', '').replace('{vendor}', 'certn'),
      takesJson: 'application/json' in (requestBody?.content ?? {}),
    })),
  );
}

async function entitiesOf(
  team: HarnessTeam,
  { id, caseId }: { id: string; caseId: string },
): Promise<Map<string, string>> {
  const check = await team.admin.must<{ application_id: string; candidate_id: string; job_id: string }>(
    'GET',
    `/background_checks/${id}`,
  );
  const stages = await team.admin.must<{ id: string }[]>('GET', `/jobs/${check.job_id}/stages`);
  const [inboundEvent] = await harness.rows<{ id: string }>(
    'select id from integrations.inbound_event where case_id = $1',
    [caseId],
  );
  const account = await team.admin.must<{ id: string }>('POST', '/service_accounts', aServiceAccount);
  const endpoint = await team.admin.must<{ id: string }>('POST', '/webhook_endpoints', anEndpoint);
  return new Map([
    ['users', team.admin.id],
    ['service_accounts', account.id],
    ['webhook_endpoints', endpoint.id],
    ['jobs', check.job_id],
    ['candidates', check.candidate_id],
    ['applications', check.application_id],
    ['job_stages', stages[0]?.id ?? ''],
    ['job_stage_items', team.itemId],
    ['background_checks', id],
    ['webhook_events', inboundEvent?.id ?? ''],
  ]);
}

const aServiceAccount = { name: 'A', access_level: 'limited', scopes: [] };

const anEndpoint = { url: 'http://127.0.0.1:9/ats', event_types: ['background_check.completed'] };

/** Another team's id for this path: the word before the parameter names the kind. Throws when there is no entity of the kind. */
function foreignId(path: string): string {
  const kind = /([a-z_]+)\/\{\w+\}/.exec(path)?.[1] ?? '';
  const id = entities.get(kind);
  if (!id) throw new Error(`The contract has ${path}, and this test has no ${kind} of another team.`);
  return id;
}

/** The parts of an answer that must be equal. */
const contentOf = ({ status, body }: Answer<unknown>): object => ({ status, body });

describe('another team’s ids [F1]', () => {
  it('get on every route of the contract the same 404 as ids that do not exist [F1]', async () => {
    const bearing = routes.filter(({ path }) => /\{\w+\}/.test(path));
    expect(bearing.length).toBeGreaterThan(20);
    const [foreign, unknown]: [number[], number[]] = [[], []];
    for (const { method, path } of bearing) {
      const answerTo = async (id: string, times?: number[]): Promise<object> => {
        const begun = performance.now();
        const body = method === 'GET' || method === 'DELETE' ? undefined : {};
        const answer = await ours.admin.at(nextUrl()).call<unknown>(method, path.replaceAll(/\{\w+\}/g, id), body);
        times?.push(performance.now() - begun);
        return contentOf(answer);
      };
      const nonexistent = await answerTo(randomUUID(), unknown);
      expect([method, path, nonexistent]).toMatchObject([method, path, { status: 404, body: { reason: 'not_found' } }]);
      expect([method, path, await answerTo(foreignId(path), foreign)]).toEqual([method, path, nonexistent]);
      for (const id of ['nonsense', '0', encodeURIComponent("' or 1=1 --"), '%00', 'a'.repeat(200)]) {
        expect([method, path, id, await answerTo(id)]).toEqual([method, path, id, nonexistent]);
      }
    }
    report('F1, median ms', { routes: bearing.length, foreign: median(foreign), unknown: median(unknown) });
    expect(median(foreign)).toBeLessThan(2 * median(unknown) + 5);
  }, 60_000);

  it('get the same 422 in bodies, and an empty list in filters [F1]', async () => {
    const [mine, jobs] = await Promise.all([ours.applicant(), ours.admin.must<{ id: string }[]>('GET', '/jobs')]);
    const of = (kind: string): string => entities.get(kind) ?? '';
    const details = { name: 'Colleague', email: `f1-${randomUUID()}@canary.example`, access_level: 'standard' };
    const colleague = await ours.admin.must<{ id: string }>('POST', '/users', details);
    const bodies: [string, string, (id: string) => object, string][] = [
      ['POST', '/applications', (id) => ({ candidate_id: id, job_id: jobs[0]?.id }), 'candidates'],
      ['PATCH', `/applications/${mine.applicationId}`, (id) => ({ stage_id: id }), 'job_stages'],
      [
        'POST',
        `/applications/${mine.applicationId}/background_checks`,
        (id) => ({ job_stage_item_id: id }),
        'job_stage_items',
      ],
      [
        'PUT',
        `/jobs/${jobs[0]?.id}/permissions`,
        (id) => [{ user_id: id, permissions: ['manage'] }] as object,
        'users',
      ],
      ['PATCH', `/users/${colleague.id}`, (id) => ({ linked_candidate_ids: [id] }), 'candidates'],
    ];
    for (const [method, path, body, kind] of bodies) {
      const [nonexistent, foreign] = [
        await ours.admin.call<unknown>(method, path, body(randomUUID())),
        await ours.admin.call<unknown>(method, path, body(of(kind))),
      ];
      expect([path, contentOf(nonexistent)]).toMatchObject([
        path,
        { status: 422, body: { reason: 'unknown_reference' } },
      ]);
      expect([path, contentOf(foreign)]).toEqual([path, contentOf(nonexistent)]);
    }
    const filters = [
      ...['job', 'application', 'candidate'].map((one) => `/background_checks?${one}_id=${of(`${one}s`)}`),
      ...['job', 'candidate'].map((one) => `/applications?${one}_id=${of(`${one}s`)}`),
      `/applications?stage_id=${of('job_stages')}`,
      `/candidates?job_id=${of('jobs')}`,
      `/audit_log?entity_id=${completed.id}&action=background_check.send`,
    ];
    for (const path of filters) expect([path, (await ours.admin.get(path)).body]).toEqual([path, []]);
    // The audit log has only this team's own attempts.
    const tried = await ours.admin.get<{ action: string }[]>(`/audit_log?entity_id=${completed.id}`);
    expect([...new Set(tried.body.map(({ action }) => action))]).toEqual(['access.attempt']);
  });
});

describe('a user who may see the status and not the result [F2]', () => {
  it('cannot learn the result from any answer, list, filter, history, live update or error [F2]', async () => {
    const invited = await theirs.invited();
    const user = { name: 'Standard', email: `f2-${randomUUID()}@canary.example`, access_level: 'standard' };
    const { id } = await theirs.admin.must<{ id: string }>('POST', '/users', user);
    const [first, second] = harness.replicas.map(({ url }) => url);
    const person = await Caller.signIn(first ?? '', id);
    const listener = await UpdateListener.at(second ?? '', { authorization: `Bearer ${person.token}` });
    await harness.certn.control.act(invited.caseId, 'set', { status: 'COMPLETE', score: 'REJECT' });
    const updates = await listener.hears(invited.id, 'complete');
    listener.close();

    const path = `/background_checks/${invited.id}`;
    const check = await person.get(path);
    expect(check.body).toMatchObject({ status: 'complete', result: null, vendor: { status: 'COMPLETE', score: null } });
    const results = await person.get(`${path}/results`);
    expect(results.status).toBe(403);
    harness.noteError(results);
    for (const result of ['reject', 'clear', 'review']) {
      expect((await person.get(`/background_checks?result=${result}`)).body).toEqual([]);
    }
    const { application_id } = check.body as { application_id: string };
    const answers = await Promise.all([
      person.get(`${path}/history`),
      person.get('/background_checks'),
      person.get(`/background_checks?application_id=${application_id}`),
      person.get(`/applications/${application_id}/interview_plan`),
      person.post(`${path}/refresh`),
      person.get('/audit_log'),
    ]);
    expect(answers[1]?.body).toContainEqual(expect.objectContaining({ id: invited.id }));
    const everything = JSON.stringify([check.body, results.body, updates, answers.map(({ body }) => body)]);
    expect(everything).not.toMatch(/reject/i);
    // The same routes show the result to users with the permission.
    expect(JSON.stringify((await theirs.admin.get(`${path}/history`)).body)).toMatch(/reject/);
  }, 60_000);
});

describe('fields that no caller may set [F3]', () => {
  const never = ['status_label', 'id', 'team_id', 'teamId', 'tenantId', 'vendorCaseId', 'price', 'result'];
  const more = [
    'created_at',
    'deleted_at',
    'version',
    'revision',
    'vendor',
    'sent_to',
    'requested_by',
    '__proto__',
    'constructor',
  ];

  it('are answered 422 by name on every route with a body, and change nothing [F3]', async () => {
    const [mine, jobs] = await Promise.all([theirs.applicant(), theirs.admin.must<{ id: string }[]>('GET', '/jobs')]);
    const bodies: Record<string, object> = {
      'POST /users': { name: 'A', email: `f3-${randomUUID()}@canary.example`, access_level: 'admin' },
      'PATCH /users/{id}': { name: 'A' },
      'POST /service_accounts': aServiceAccount,
      'PATCH /service_accounts/{id}': { name: 'A' },
      'POST /service_accounts/{id}/keys': { expires_in_days: 1 },
      'POST /webhook_endpoints': anEndpoint,
      'PATCH /webhook_endpoints/{id}': { description: 'A' },
      'POST /webhook_endpoints/{id}/replay': { event_id: randomUUID() },
      'POST /jobs': { name: 'A' },
      'PATCH /jobs/{id}': { name: 'A' },
      'POST /candidates': { first_name: 'A', last_name: 'B' },
      'PATCH /candidates/{id}': { first_name: 'A' },
      'PUT /candidates/{id}/legal_hold': { held: true },
      'PUT /retention_rule': { months: 1 },
      'PUT /result_retention_rule': { months: 1 },
      'POST /jobs/{id}/stages': { name: 'A' },
      'PATCH /job_stages/{id}': { name: 'A' },
      'POST /job_stages/{id}/items': { type: 'interview', name: 'A' },
      'PATCH /job_stage_items/{id}': { package_id: theirs.account.packages[1]?.id },
      'POST /applications': { candidate_id: entities.get('candidates'), job_id: jobs[0]?.id },
      'PATCH /applications/{id}': { status: 'rejected' },
      'PUT /applications/{id}/tasks/{job_stage_item_id}': { done: true },
      'POST /applications/{id}/background_checks': { job_stage_item_id: theirs.itemId },
      'POST /background_checks/{id}/resend': {},
      'POST /background_checks/{id}/decide': { send_again: true },
      'PUT /integrations/certn': {},
    };
    const before = await everythingOf(theirs);
    // Permissions are a list: another test covers their entries.
    const taking = routes.filter(({ path, takesJson }) => takesJson && !path.endsWith('/permissions'));
    for (const { method, path } of taking) {
      const body = bodies[`${method} ${path}`];
      if (!body) throw new Error(`The contract has ${method} ${path}, and this test has no body for it.`);
      const id = path.startsWith('/applications/') ? mine.applicationId : path.includes('{') ? foreignId(path) : '';
      for (const field of [...never, ...more]) {
        // As text: an object would not keep names such as `__proto__`.
        const text = JSON.stringify({ ...body, last: 0 }).replace('"last":0', `"${field}":{"a":1}`);
        const json = { 'content-type': 'application/json' };
        const answer = await theirs.admin.call(
          method,
          path.replace(/\{\w+\}/, id).replace(/\{\w+\}/, theirs.itemId),
          text,
          json,
        );
        // The parser itself refuses `__proto__`.
        const refused = answer.status === 400 && field === '__proto__' ? 400 : 422;
        expect([method, path, field, answer.status]).toEqual([method, path, field, refused]);
        const named = { errors: { json: { [field]: expect.anything() as unknown } } };
        if (refused === 422) expect([path, answer.body]).toMatchObject([path, named]);
      }
    }
    expect(taking.length).toBeGreaterThan(12);
    expect(await everythingOf(theirs)).toEqual(before);
  }, 60_000);
});

/** All rows of the team in the tables that these routes could change. */
async function everythingOf({ teamId }: HarnessTeam): Promise<unknown> {
  const tables = ['hiring.job', 'hiring.candidate', 'hiring.application', 'hiring.retention_rule'];
  const more = [
    'background_checks.background_check',
    'access.user_account',
    'interview_planning.stage',
    'interview_planning.item',
    'integrations.connection',
  ];
  const all = [...tables, ...more].map((table) =>
    harness.rows<{ row: string }>(`select t::text as row from ${table} t where team_id = $1 order by 1`, [teamId]),
  );
  return Promise.all(all);
}
