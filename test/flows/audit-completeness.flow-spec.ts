import { connect } from 'node:net';
import { type RunningApp, startApp } from '../support/app.js';
import { auditedRoutes, personal, type AuditFixture } from '../support/audited-routes.js';
import { everyRoute } from '../support/described-routes.js';
import { eventually } from '../support/eventually.js';
import { unreadImport } from '../support/sent-lines.js';
import { BrowserWindow } from '../support/browser-window.js';
import { aTeam, call, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import {
  aCandidate,
  aJob,
  anApplication,
  aSentCheck,
  aStage,
  connectedTeam,
  readyToSend,
} from '../support/fixtures.js';

interface Entry {
  id: string;
  action: string;
  entity: string;
  entity_id: string;
  outcome: string;
  actor: { id: string } | null;
  from: Record<string, unknown>;
  to: Record<string, unknown>;
}

const changingRoutes = everyRoute().filter((route) => !route.startsWith('GET '));
const walked = Object.keys(auditedRoutes).filter((route) => 'ask' in (auditedRoutes[route] ?? {}));

let app: RunningApp;
let sandbox: Sandbox;
let scene: AuditFixture;
beforeAll(async () => {
  sandbox = await startSandbox();
  const reconciliationSettings = {
    ORDER_TIMEOUT_MS: '500',
    ORDER_OUTCOME_UNKNOWN_SECONDS: '1,2,3,4',
    ORDER_VISIBILITY_LAG_SECONDS: '1',
  };
  const env = {
    CERTN_BASE_URL: sandbox.url,
    ORDER_RESENDS: '0',
    ORDER_BREAKER_FAILURES: '0',
    ...reconciliationSettings,
  };
  app = await startApp({ env });
  const team = await connectedTeam(app, sandbox);
  // The sentinel case: the vendor's list must show it, otherwise the list proves nothing.
  await aSentCheck(team);
  scene = { team, admin: team.admin, ready: await readyToSend(team) };
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

async function log(admin: Person, query = ''): Promise<Entry[]> {
  const { body } = await admin.get<string>(`/audit_log${query}`, { accept: 'application/x-ndjson' });
  const lines = body.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as Entry).reverse();
}

describe('Every call that changes data', () => {
  it('is in the table of audited routes, and the table has no other route', () => {
    expect(Object.keys(auditedRoutes).toSorted()).toEqual(changingRoutes.toSorted());
  });

  it.each(walked)('%s writes its entries', async (route) => {
    const audited = auditedRoutes[route];
    if (!audited || !('ask' in audited)) throw new Error(`${route} is exempt.`);
    const { admin } = scene;
    const [method = ''] = route.split(' ');
    const { path, body, headers } = await audited.ask(scene);
    const before = new Set((await log(admin)).map(({ id }) => id));
    const all = { authorization: `Bearer ${admin.token}`, ...headers };
    const answer = await call(app.url, method, `/ats/v0${path}`, body, all);
    if (answer.status >= 300) throw new Error(`${answer.status}: ${JSON.stringify(answer.body)}`);
    const fresh = (await log(admin)).filter(({ id }) => !before.has(id));
    expect(fresh.map(({ action }) => action).toSorted()).toEqual(audited.leaves.toSorted());
    for (const entry of fresh) expect(entry).toMatchObject({ outcome: 'done', actor: { id: admin.id } });
  });

  it('writes its entries: signing in with a browser, and out', async () => {
    const { admin } = await aTeam(app);
    const browser = new BrowserWindow();
    expect((await browser.api(app.url, 'POST', '/dev/sessions', { user_id: admin.id })).status).toBeLessThan(300);
    expect((await browser.api(app.url, 'POST', '/auth/sign-out')).status).toBeLessThan(300);
    const entries = await log(admin, `?entity_id=${admin.id}`);
    expect(entries.map(({ action }) => action)).toEqual(['session.start', 'session.end']);
  });

  it('writes no name, address or number of a candidate to the log', async () => {
    const text = JSON.stringify(await log(scene.admin));
    for (const word of personal) expect(text.toLowerCase()).not.toContain(word.toLowerCase());
    expect(text).toContain('candidate.update');
  });
});

describe('An entry', () => {
  it('about a candidate names the changed fields, and whether invitations go to another address', async () => {
    const { admin } = scene;
    const id = await aCandidate(admin);
    await admin.patch(`/candidates/${id}`, { phone_numbers: [{ value: '+49 555 0199' }] });
    await admin.patch(`/candidates/${id}`, { first_name: 'Ottoline', email_addresses: [] });
    await admin.patch(`/candidates/${id}`, { first_name: 'Ottoline' });
    expect(await log(admin, `?entity_id=${id}`)).toMatchObject([
      { action: 'candidate.create', to: { has_invitation_address: true } },
      { action: 'candidate.update', to: { fields: ['phone_numbers'], invitation_address_changed: false } },
      {
        action: 'candidate.update',
        to: { fields: ['first_name', 'email_addresses'], invitation_address_changed: true },
      },
    ]);
  });

  it('about a job names who made it confidential, and who made it open again', async () => {
    const { admin } = scene;
    const id = await aJob(admin);
    await admin.patch(`/jobs/${id}`, { confidential: true });
    await admin.patch(`/jobs/${id}`, { confidential: false, name: 'Another' });
    expect(await log(admin, `?entity_id=${id}`)).toMatchObject([
      { action: 'job.create', to: { confidential: false } },
      { action: 'job.update', from: { confidential: false }, to: { fields: ['confidential'], confidential: true } },
      { from: { confidential: true }, to: { fields: ['name', 'confidential'], confidential: false } },
    ]);
  });

  it('about an application names who rejected, hired, reopened and moved it', async () => {
    const { admin } = scene;
    const jobId = await aJob(admin);
    const [, stageId] = [await aStage(admin, jobId, 'Call'), await aStage(admin, jobId, 'Onsite')];
    const applicationId = await anApplication(admin, await aCandidate(admin), jobId);
    for (const status of ['rejected', 'hired', 'active']) {
      await admin.patch(`/applications/${applicationId}`, { status });
    }
    await admin.patch(`/applications/${applicationId}`, { stage_id: stageId });
    const entries = (await log(admin, `?entity_id=${applicationId}`)).slice(2);
    expect(entries).toMatchObject([
      { action: 'application.update', from: { status: 'active' }, to: { status: 'rejected' } },
      { action: 'application.update', from: { status: 'rejected' }, to: { status: 'hired' } },
      { action: 'application.update', from: { status: 'hired' }, to: { status: 'active' } },
      { action: 'application.move', from: { stage_id: expect.any(String) }, to: { stage_id: stageId } },
    ]);
  });

  it('about a new team says that an operator made it at a terminal', async () => {
    const { teamId, admin } = await aTeam(app);
    expect(await log(admin)).toMatchObject([
      { action: 'team.create', entity_id: teamId, actor: null, to: { command: 'team:create', admin_id: admin.id } },
    ]);
  });
});

describe('An import', () => {
  const line = (n: number, more = {}): string =>
    JSON.stringify({ type: 'candidate', external_id: `row-${n}`, first_name: 'Ottoline', last_name: `Q${n}`, ...more });
  const ndjson = { 'content-type': 'application/x-ndjson' };

  it('writes its counts, and an entry for each record that it made or changed', async () => {
    const { admin } = await aTeam(app);
    const addressed = { email_addresses: [{ value: 'ottoline@example.org' }] };
    await admin.post('/imports', [line(1, addressed), line(2)].join('\n'), ndjson);
    const moved = line(1, { email_addresses: [{ value: 'quill@example.org' }] });
    await admin.post('/imports', [moved, line(2), line(3), '{'].join('\n'), ndjson);
    const entries = await log(admin, '?entity=import');
    expect(entries.map(({ action }) => action)).toEqual([
      'import.start',
      'import.finish',
      'import.start',
      'import.finish',
    ]);
    expect(entries[1]).toMatchObject({ entity_id: entries[0]?.entity_id, to: { created: 2, ended: 'complete' } });
    expect(entries[3]?.to).toEqual({ created: 1, updated: 1, unchanged: 1, failed: 1, ended: 'complete' });
    const changed = await log(admin, '?action=candidate.update');
    expect(changed).toMatchObject([{ to: { fields: ['email_addresses'], invitation_address_changed: true } }]);
    expect(await log(admin, '?action=candidate.create')).toHaveLength(3);
  });

  it('that is aborted says so, with the counts until then', async () => {
    const { admin } = await aTeam(app);
    const { hostname, port } = new URL(app.url);
    const socket = connect(Number(port), hostname);
    const head = ['POST /ats/v0/imports HTTP/1.1', `host: ${hostname}`, `authorization: Bearer ${admin.token}`];
    const body = `${line(1)}\n${line(2)}\n`;
    socket.write([...head, 'content-type: application/x-ndjson', 'content-length: 100000', '', body].join('\r\n'));
    await eventually(
      'two lines were imported',
      () => log(admin, '?action=candidate.create'),
      (created) => created.length === 2,
    );
    expect(await log(admin, '?action=import.finish')).toEqual([]);
    socket.destroy();
    const [finish] = await eventually(
      'the import has its second entry',
      () => log(admin, '?action=import.finish'),
      (found) => found.length === 1,
    );
    expect(finish?.to).toEqual({ created: 2, updated: 0, unchanged: 0, failed: 0, ended: 'broken_off' });
  });

  it('has its second entry even if its response is not read and the client then hangs up', async () => {
    const { admin } = await aTeam(app);
    const socket = unreadImport(
      admin,
      `${JSON.stringify({ type: 'offer', external_id: 'x'.repeat(60) })}\n`,
      40_000_000,
    );
    let [sent, still] = [0, 0];
    await eventually(
      'it stops writing',
      async () => {
        const now = socket.bytesWritten - socket.writableLength;
        still = now > 0 && now === sent ? still + 1 : 0;
        sent = now;
        return still;
      },
      (times) => times > 20,
      30_000,
    );
    socket.destroy();
    const [finish] = await eventually(
      'the import has its second entry',
      () => log(admin, '?action=import.finish'),
      (found) => found.length === 1,
    );
    expect(finish?.to).toMatchObject({ created: 0, ended: 'broken_off' });
  });
});
