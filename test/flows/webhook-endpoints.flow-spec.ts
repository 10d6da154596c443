import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { aSentCheck, completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';
import { aColleague, aTeam } from '../support/people.js';
import { anonymise, anIdentifiableCandidate, sendTo } from '../support/privacy.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { withDatabase } from '../support/scheduled-tasks.js';
import { anEndpoint, type Attempt, attemptsOf, readEndpoint, testedOnce } from '../support/webhook-endpoints.js';
import { type Received, receiverNetwork, verified, WebhookReceiver } from '../support/webhook-receiver.js';

let app: RunningApp;
let sandbox: Sandbox;
let receiver: WebhookReceiver;
let team: ConnectedTeam;
let paths = 0;

beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, ...receiverNetwork } });
  team = await connectedTeam(app, sandbox);
  receiver = await new WebhookReceiver().start();
});
afterEach(() => {
  receiver.answer = (response) => void response.writeHead(204).end();
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
  await receiver?.stop();
});

/** A path of the receiver that no other test uses. */
const aPath = (): string => `/events-${(paths += 1)}`;
const about = (id: string) => (received: Received[]) => received.filter(({ event }) => event.data.id === id);
const typesOf = (received: Received[]): string[] => received.map(({ event }) => event.type);
const gets = (path: string, type: string, id: string, withinMs?: number): Promise<Received[]> =>
  receiver.gets(`${type} of ${id}`, path, (all) => typesOf(about(id)(all)).includes(type), withinMs);

/** Makes every event that waits due now. */
const retryNow = (endpointId: string): Promise<unknown> =>
  withDatabase(app, (db) =>
    db.query('update webhook_endpoints.stream set due_at = now() where endpoint_id = $1', [endpointId]),
  );

describe('Events of a check', () => {
  it('arrive signed and in order, without its result and the name of its candidate', async () => {
    const path = aPath();
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}`);
    const check = await aSentCheck(team);
    await completes(team, check.caseId, 'REVIEW');
    const received = about(check.id)(await gets(path, 'background_check.completed', check.id));
    const events = received.map((one) => verified(one, endpoint.secret));
    expect(events[0]?.type).toBe('background_check.requested');
    expect(typesOf(received).filter((type) => type === 'background_check.completed')).toHaveLength(1);
    const revisions = events.map(({ data }) => data.revision ?? 0);
    expect(revisions).toEqual([...revisions].sort((one, other) => one - other));
    const { jobId, candidateId, applicationId, itemId } = check;
    expect(events.at(-1)).toEqual({
      type: 'background_check.completed',
      timestamp: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      data: {
        ...{ id: check.id, revision: expect.any(Number) as number, job_id: jobId, candidate_id: candidateId },
        ...{ application_id: applicationId, job_stage_item_id: itemId, vendor: 'certn', environment: 'production' },
        package: { id: team.packageId, name: 'Basic' },
        ...{ status: 'complete', failure_reason: null, needs_attention: false },
        ...{ status_changed_at: expect.any(String) as string, requested_at: expect.any(String) as string },
      },
    });
    const attempts = await eventually(
      'every attempt is in the log',
      () => attemptsOf(team.admin, endpoint),
      (all) => all.every(({ status }) => status === 'succeeded'),
    );
    expect(attempts[0]).toMatchObject({ http_status: 204, error: null, next_try_at: null });
    expect(attempts[0]?.duration_ms).toBeGreaterThanOrEqual(0);
    expect(new Set(attempts.map((one) => one.event_id)).size).toBe(attempts.length);
  });

  it('have the result and the names where the endpoint was given them; a replay has nothing that was erased since', async () => {
    const path = aPath();
    const more = { include_results: true, include_names: true };
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}`, more);
    const person = await anIdentifiableCandidate(team);
    const id = await sendTo(team, person);
    const { vendor } = await reaches(team, id, 'invited');
    await completes(team, vendor.case_id ?? '', 'REVIEW');
    const completed = (await gets(path, 'background_check.completed', id)).at(-1);
    const [first, last] = person.identifyingValues;
    expect(completed?.event.data).toMatchObject({
      result: 'review',
      candidate: { first_name: first, last_name: last },
    });
    await anonymise(team, person);
    await gets(path, 'candidate.anonymised', person.candidateId);
    const eventId = completed?.headers['webhook-id'];
    const before = receiver.at(path).length;
    const replayed = await team.admin.post(`/webhook_endpoints/${endpoint.id}/replay`, { event_id: eventId });
    expect([replayed.status, replayed.body]).toEqual([202, { events: 1 }]);
    const all = await receiver.gets('the replay', path, (received) =>
      received.slice(before).some(({ headers }) => headers['webhook-id'] === eventId),
    );
    const again = all.slice(before).find(({ headers }) => headers['webhook-id'] === eventId);
    expect(again?.event.data).toMatchObject({ id, status: 'complete', result: null, candidate: null });
    for (const value of person.identifyingValues) expect(again?.body).not.toContain(value);
  });

  it('wait while the endpoint fails, newer ones overtake older ones of their type, and all are sent when it is back', async () => {
    const path = aPath();
    receiver.answer = (response, { path: at }) => void response.writeHead(at === path ? 500 : 204).end('secret words');
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}`);
    const check = await aSentCheck(team);
    await receiver.gets('a first attempt', path, (all) => about(check.id)(all).length > 0);
    const failed = await eventually(
      'the attempt failed',
      async () => (await attemptsOf(team.admin, endpoint)).find(({ status }) => status === 'failed'),
      (attempt) => attempt !== undefined,
    );
    expect(failed).toMatchObject({ http_status: 500, error: 'The endpoint answered 500.' });
    expect(Date.parse(failed?.next_try_at ?? '') - Date.now()).toBeLessThan(5_600);
    expect((await readEndpoint(team.admin, endpoint)).failing_since).not.toBeNull();
    await completes(team, check.caseId);
    await reaches(team, check.id, 'complete');
    await eventually(
      'what happened last is waiting',
      () => waitingOf(endpoint.id),
      (types) => types.includes('background_check.completed'),
    );
    // Everything before `requested` succeeded would be out of order.
    expect(new Set(typesOf(about(check.id)(receiver.at(path))))).toEqual(new Set(['background_check.requested']));
    receiver.answer = (response) => void response.writeHead(200).end();
    await retryNow(endpoint.id);
    const types = typesOf(about(check.id)(await gets(path, 'background_check.completed', check.id)));
    expect(types.slice(-3)).toEqual([
      'background_check.requested',
      'background_check.status_changed',
      'background_check.completed',
    ]);
    await eventually(
      'the endpoint is not failing',
      () => readEndpoint(team.admin, endpoint),
      ({ failing_since: since }) => since === null,
    );
  });

  const waitingOf = (endpointId: string): Promise<string[]> =>
    withDatabase(app, async (db) => {
      const sql = `select type from webhook_endpoints.delivery where endpoint_id = $1 and state = 'waiting'`;
      return (await db.query<{ type: string }>(sql, [endpointId])).rows.map(({ type }) => type);
    });
});

describe('An endpoint', () => {
  it('is an admin’s: its secret is shown once, rotates with a day’s overlap, and is in no other answer and no audit entry', async () => {
    const path = aPath();
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}?token=key-in-the-address`);
    const url = `/webhook_endpoints/${endpoint.id}`;
    const rotated = await team.admin.post<{ secret: string; previous_secret_until: string }>(`${url}/rotate_secret`);
    const secrets = [endpoint.secret, rotated.body.secret];
    expect(new Set(secrets).size).toBe(2);
    expect(Math.round((Date.parse(rotated.body.previous_secret_until) - Date.now()) / 3_600_000)).toBe(24);
    expect(await testedOnce(team.admin, endpoint)).toMatchObject({ type: 'test', status: 'succeeded' });
    const [received] = receiver.received.filter((one) => one.path.startsWith(`${path}?`));
    if (!received) throw new Error('nothing came');
    for (const secret of secrets) expect(verified(received, secret).type).toBe('test');
    expect(() => verified(received, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')).toThrow(/signature/i);
    await withDatabase(app, (db) =>
      db.query(`update webhook_endpoints.endpoint set previous_until = now() where id = $1`, [endpoint.id]),
    );
    await testedOnce(team.admin, endpoint);
    const later = receiver.received.findLast((one) => one.path.startsWith(`${path}?`));
    if (!later) throw new Error('nothing came');
    expect(verified(later, rotated.body.secret).type).toBe('test');
    expect(() => verified(later, endpoint.secret)).toThrow(/signature/i);
    await team.admin.patch(url, { description: 'Ours', event_types: ['background_check.completed'], disabled: true });
    const others = await Promise.all(
      [url, '/webhook_endpoints', '/audit_log?per_page=500'].map((at) => team.admin.get(at)),
    );
    const shown = JSON.stringify(others.map(({ body }) => body));
    for (const secret of secrets) expect(shown).not.toContain(secret.slice('whsec_'.length));
    const entries = JSON.stringify(others[2]?.body);
    expect(entries).toContain('webhook_endpoint.rotate_secret');
    expect(entries).not.toContain('key-in-the-address');
    const standard = await aColleague(team.admin, 'standard');
    expect((await standard.get('/webhook_endpoints')).status).toBe(403);
    const { admin: stranger } = await aTeam(app);
    const strangers = await Promise.all([
      ...[stranger.get(url), stranger.patch(url, { disabled: false }), stranger.delete(url)],
      ...['rotate_secret', 'test', 'replay'].map((act) => stranger.post(`${url}/${act}`, {})),
    ]);
    expect(strangers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 404]);
  });

  it('that is switched off or deleted gets nothing; what happened meanwhile is replayed from a time', async () => {
    const path = aPath();
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}`);
    const url = `/webhook_endpoints/${endpoint.id}`;
    await team.admin.patch(url, { disabled: true });
    const since = new Date(Date.now() - 1_000).toISOString();
    for (const act of ['test', 'replay'])
      expect((await team.admin.post(`${url}/${act}`, act === 'replay' ? { since } : undefined)).body).toMatchObject({
        reason: 'endpoint_disabled',
      });
    const check = await aSentCheck(team);
    expect(receiver.at(path)).toEqual([]);
    await team.admin.patch(url, { disabled: false });
    const eventsOfCheck = (): Promise<string[]> =>
      withDatabase(app, async (db) => {
        const sql = 'select type from webhook_endpoints.event where subject = $1';
        return (await db.query<{ type: string }>(sql, [check.id])).rows.map(({ type }) => type);
      });
    await eventually('what happened is kept', eventsOfCheck, (types) =>
      types.includes('background_check.status_changed'),
    );
    expect((await team.admin.post(`${url}/replay`, { since })).status).toBe(202);
    const received = await gets(path, 'background_check.status_changed', check.id);
    expect(typesOf(about(check.id)(received))).toContain('background_check.requested');
    const faults = await Promise.all(
      [{}, { since, event_id: check.id }, { since: 'yesterday' }, { event_id: check.id }].map((body) =>
        team.admin.post(`${url}/replay`, body),
      ),
    );
    expect(faults.map(({ status, body }) => [status, body['reason']])).toEqual([
      ...[1, 2, 3].map(() => [422, 'invalid_request']),
      [422, 'unknown_reference'],
    ]);
    expect((await team.admin.delete(url)).status).toBe(204);
    expect((await team.admin.get(url)).status).toBe(404);
    const before = receiver.at(path).length;
    const other = await aSentCheck(team);
    expect(receiver.at(path)).toHaveLength(before);
    expect(about(other.id)(receiver.at(path))).toEqual([]);
  });

  it('that answers 410 is switched off: admins are told, and so are the other endpoints', async () => {
    const [path, otherPath] = [aPath(), aPath()];
    await anEndpoint(team.admin, `${receiver.url}${otherPath}`);
    const endpoint = await anEndpoint(team.admin, `${receiver.url}${path}`);
    receiver.answer = (response, { path: at }) => void response.writeHead(at === path ? 410 : 204).end();
    expect(await testedOnce(team.admin, endpoint)).toMatchObject({ status: 'failed', http_status: 410 });
    expect(await readEndpoint(team.admin, endpoint)).toMatchObject({ disabled: true, disabled_reason: 'gone' });
    const told = about(endpoint.id)(await gets(otherPath, 'webhook_endpoint.disabled', endpoint.id));
    expect(told[0]?.event.data).toMatchObject({ id: endpoint.id, reason: 'gone' });
    const { notices } = (await team.admin.get<{ notices: { kind: string; webhook_endpoint?: object }[] }>('/me')).body;
    expect(notices[0]).toMatchObject({
      kind: 'webhook_endpoint_disabled',
      user: { id: team.admin.id },
      webhook_endpoint: { id: endpoint.id, host: new URL(receiver.url).host, reason: 'gone' },
    });
  });
});

describe('Changes of an integration', () => {
  it('are sent once, with its state', async () => {
    const path = aPath();
    const other = await connectedTeam(app, sandbox);
    await anEndpoint(other.admin, `${receiver.url}${path}`);
    await other.admin.delete('/integrations/certn');
    const [received] = await gets(path, 'integration.state_changed', 'certn');
    expect(received?.event.data).toEqual({ id: 'certn', name: 'Certn', state: 'disabled', environment: 'production' });
    const log: Attempt[] = await attemptsOf(other.admin, { id: (await firstEndpoint(other)).id });
    expect(log.filter(({ type }) => type === 'integration.state_changed')).toHaveLength(1);
  });

  const firstEndpoint = async ({ admin }: ConnectedTeam): Promise<{ id: string }> => {
    const [endpoint] = (await admin.get<{ id: string }[]>('/webhook_endpoints')).body;
    if (!endpoint) throw new Error('There is no endpoint.');
    return endpoint;
  };
});
