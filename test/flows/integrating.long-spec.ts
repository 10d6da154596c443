import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AtsClient } from '../../packages/client/src/index.js';
import { judgeOrders } from '../../packages/testkit/src/index.js';
import { createTeam } from '../../src/commands/team-create.js';
import { freePort } from '../../scripts/free-port.js';
import { buildClientIfNeeded, checkout, dataFolder } from '../../scripts/local-run.js';
import { type RunningApp, startApp } from '../support/app.js';
import { aCertnItem, aJob, anAccount, aStage, connect } from '../support/fixtures.js';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.js';
import { runToEnd } from '../support/run-to-end.js';
import { type Person, signIn } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';

const receivers = '## Events come to you';

/** All snippets of one language, in their order: one program. The receivers of webhooks at the end are programs of their own. */
function programIn(document: string, language: string, part: 'all' | 'calls' | 'receiver' = 'all'): string {
  const whole = readFileSync(join(checkout, document), 'utf8');
  const [calls = '', receiver = ''] = whole.split(receivers);
  const text = { all: whole, calls, receiver }[part];
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(([, code]) => code).join('\n');
}

async function aKey(admin: Person): Promise<string> {
  const scopes = ['jobs:read', 'candidates:read', 'candidates:write', 'applications:write'];
  const all = [...scopes, 'background_checks:read', 'background_checks:send'];
  const made = await admin.post<{ id: string }>('/service_accounts', { name: 'x', access_level: 'admin', scopes: all });
  const issued = await admin.post<{ key: string }>(`/service_accounts/${made.body.id}/keys`, { expires_in_days: 1 });
  return issued.body.key;
}

describe('The snippets of the documents, run as they are,', () => {
  let sandbox: Sandbox;
  let app: RunningApp;
  let key: string;
  let admin: Person;
  /** An address where nothing listens. */
  let nobody: string;
  let folder: string;

  beforeAll(async () => {
    buildClientIfNeeded();
    mkdirSync(dataFolder, { recursive: true });
    folder = mkdtempSync(join(dataFolder, 'snippets-'));
    sandbox = await startSandbox();
    app = await startApp({ env: { CERTN_BASE_URL: sandbox.url, OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8' } });
    const { user_id } = await createTeam(app.databaseUrl, { name: 'Harbour', adminEmail: 'ada.moreno@example.org' });
    nobody = `http://127.0.0.1:${await freePort()}/`;
    admin = await signIn(app.url, user_id);
    const account = await anAccount(sandbox);
    await connect(admin, account);
    await sandbox.control.registerWebhook(account.id, `${app.url}/certn/certnWebhookHandler`);
    const stage = await aStage(admin, await aJob(admin, { name: 'Warehouse Lead' }), 'Background check');
    await aCertnItem(admin, stage, account.packages[0]?.id ?? '');
    key = await aKey(admin);
  }, 60_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  async function run(command: string, args: string[], file: string, code: string): Promise<string[]> {
    const path = join(folder, file);
    writeFileSync(path, code);
    const env = { ...process.env, NODE_OPTIONS: '', ATS_URL: app.url, ATS_API_KEY: key, ATS_RECEIVER: nobody };
    return (await runToEnd(command, [...args, path], { env, cwd: folder })).trim().split('\n');
  }

  it.each([
    ['bash', 'bash', ['-euo', 'pipefail'], 'integrating.sh', 'all'],
    ['ts', process.execPath, [], 'integrating.ts', 'calls'],
    ['python', 'python3', [], 'integrating.py', 'calls'],
  ] as const)(
    'lead from the key to the first event in %s',
    async (language, command, args, file, part) => {
      const said = await run(command, [...args], file, programIn('docs/integrating.md', language, part));
      expect(said[0]).toBe('Harbour');
      expect(said.slice(1)).toEqual(expect.arrayContaining(['invited', 'check_in_progress']));
    },
    60_000,
  );

  it.each([
    ['ts', process.execPath, 'receiver.ts'],
    ['python', 'python3', 'receiver.py'],
  ])(
    'receive events in %s, and refuse what another sends',
    async (language, command, file) => {
      const port = String(await freePort());
      const url = `http://127.0.0.1:${port}/ats`;
      const { body } = await admin.post<{ id: string; secret: string }>('/webhook_endpoints', {
        url,
        event_types: ['background_check.status_changed'],
      });
      const path = join(folder, file);
      writeFileSync(path, programIn('docs/integrating.md', language, 'receiver'));
      const env = { ...process.env, NODE_OPTIONS: '', PORT: port, ATS_WEBHOOK_SECRET: body.secret };
      const receiver = startProcess(command, [path], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      receiver.stdout?.on('data', (chunk: Buffer) => (said += chunk.toString()));
      await eventually('the receiver listens', async () => said.includes('listening'), Boolean);
      const forged = { 'webhook-id': 'x', 'webhook-timestamp': '1', 'webhook-signature': 'v1,AAAA' };
      expect((await fetch(url, { method: 'POST', headers: forged, body: '{"type":"forged"}' })).status).toBe(401);
      const sent = await admin.post<{ event_id: string }>(`/webhook_endpoints/${body.id}/test`);
      expect(sent.status).toBeLessThan(300);
      await eventually(
        'the event comes',
        async () => said.split('\n')[1] ?? '',
        (line) => line.startsWith('test '),
      );
      expect(said).not.toContain('forged');
    },
    60_000,
  );

  it('of the client’s README do what they say', async () => {
    const said = await run(process.execPath, [], 'readme.ts', programIn('packages/client/README.md', 'ts'));
    expect(said).toContain('Warehouse Lead');
    expect(said.at(-1)).toBe('The event was verified.');
  }, 60_000);

  it('have no type error', async () => {
    const files = ['integrating.ts', 'receiver.ts', 'readme.ts'].map((name) => join(folder, name));
    const options =
      '--ignoreConfig --noEmit --strict --skipLibCheck --module nodenext --target es2023 --types node'.split(' ');
    await runToEnd(process.execPath, [join(checkout, 'node_modules/typescript/bin/tsc'), ...options, ...files], {
      cwd: folder,
    });
  }, 60_000);

  it('promise what the client keeps: lost answers make nothing twice, and lists come whole', async () => {
    const lost = new Set<string>();
    /** The service does the work of each POST, and the first answer to it is lost. */
    const losing = async (request: Request, init?: RequestInit): Promise<Response> => {
      const answer = await fetch(request, init);
      if (request.method !== 'POST' || lost.has(request.url)) return answer;
      lost.add(request.url);
      throw new TypeError('The answer was lost.');
    };
    const ats = new AtsClient({ baseUrl: app.url, apiKey: key, fetch: losing, retries: { pauseMs: 10 } });
    const [job] = await ats.jobs.list({ search: 'Warehouse' }).toArray();
    const email_addresses = [{ value: 'once@example.org', is_primary: true }];
    const candidate = await ats.candidates.create({ first_name: 'Once', last_name: 'Only', email_addresses });
    const application = await ats.applications.create({ candidate_id: candidate.id, job_id: job?.id ?? '' });
    const items = (await ats.stages.list(job?.id ?? '')).flatMap((stage) => stage.items);
    const check = await ats.backgroundChecks.send(application.id, { job_stage_item_id: items[0]?.id ?? '' });
    for await (const update of ats.updates({ signal: AbortSignal.timeout(20_000) })) {
      if ((await ats.backgroundChecks.get(check.id)).status === 'invited') break;
      expect(update.cursor).not.toBeNull();
    }
    expect(lost.size).toBe(3);
    expect(judgeOrders(await sandbox.control.ledger({ email: 'once@example.org' }), ['once@example.org'])).toEqual([]);
    const names = await ats.candidates.list({ per_page: 1 }).toArray();
    expect(names.map(({ last_name }) => last_name).sort()).toEqual(['Curl', 'Only', 'Python', 'Read', 'Script']);
  }, 60_000);
});
