import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import pg from 'pg';
import { run } from '../../src/commands/erasures.js';
import { type RunningApp, startApp } from '../support/app.js';
import { shown } from '../support/checks.js';
import { environment } from '../support/environment.js';
import { rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import { startProcess } from '../support/own-processes.js';
import { aColleague, type Person, signIn } from '../support/people.js';
import {
  anonymise,
  anIdentifiableCandidate,
  checkEndedAgo,
  isCase,
  isErased,
  proofsOf,
  sendTo,
} from '../support/privacy.js';
import { resultRunIsDue, resultRuleSince, type IdentifiableCandidate } from '../support/privacy.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';
import { waitingStatements } from '../support/waiting-statements.js';

interface Scenario {
  team: ConnectedTeam;
  /** Anonymised after the backup, with a check at Certn. */
  ada: IdentifiableCandidate;
  adasCheck: string;
  /** In progress when the backup was made; complete and removed since. */
  grace: IdentifiableCandidate;
  gracesCheck: string;
  gracesCase: string;
  /** Complete when the backup was made; removed since. */
  alan: IdentifiableCandidate;
  alansCheck: string;
  alansCase: string;
  user: Person;
  userValues: string[];
  /** Created and anonymised after the backup. */
  late: IdentifiableCandidate;
}

let sandbox: Sandbox;
let live: TestDatabase;
let backup: string;
let app: RunningApp;
let ledger: string[];
let scenario: Scenario;

const starting = (databaseUrl: string): Promise<RunningApp> =>
  startApp({ env: { CERTN_BASE_URL: sandbox.url }, databaseUrl });

const erasures = (
  args: string[],
  databaseUrl: string,
  input: string[] = [],
  write: (line: string) => void = () => undefined,
) =>
  run(args, {
    env: { ...environment(databaseUrl), CERTN_BASE_URL: sandbox.url },
    input: Readable.from(input.map((line) => `${line}\n`)),
    write,
  });

async function exporting(databaseUrl: string): Promise<string[]> {
  const lines: string[] = [];
  const { done, text } = await erasures(['export'], databaseUrl, [], (one) => lines.push(one));
  expect([done, text]).toEqual([true, `Exported ${lines.length} lines.`]);
  return lines;
}

/** A copy of the database as it is now. No client may be connected to it. */
async function aBackupOf(url: string): Promise<string> {
  const admin = new pg.Client({ connectionString: process.env['TEST_ADMIN_URL'] });
  await admin.connect();
  const name = new URL(url).pathname.slice(1);
  await eventually(
    'the copy is made',
    () =>
      admin.query(`create database ${name}_backup template ${name}`).then(
        () => true,
        (error: Error) => error.message,
      ),
    (made) => made === true,
    20_000,
  );
  await admin.end();
  const copy = new URL(url);
  copy.pathname = `/${name}_backup`;
  return copy.href;
}

async function dropped(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: process.env['TEST_ADMIN_URL'] });
  await admin.connect();
  await admin.query(`drop database if exists ${new URL(url).pathname.slice(1)} with (force)`);
  await admin.end();
}

async function underWay(team: ConnectedTeam): Promise<{ person: IdentifiableCandidate; id: string; caseId: string }> {
  const person = await anIdentifiableCandidate(team);
  const id = await sendTo(team, person);
  const { vendor } = await reaches(team, id, 'invited');
  return { person, id, caseId: vendor.case_id ?? '' };
}

async function completed(team: ConnectedTeam, check: { id: string; caseId: string }): Promise<void> {
  await completes(team, check.caseId, 'REVIEW');
  await eventually(
    'it has a result',
    () => shown(team, check.id),
    ({ result }) => result !== null,
  );
}

beforeAll(async () => {
  sandbox = await startSandbox();
  live = await createTestDatabase();
  app = await starting(live.url);
  const team = await connectedTeam(app, sandbox);
  const [ada, grace, alan] = [await underWay(team), await underWay(team), await underWay(team)];
  await isCase(team, ada.person, ada.caseId);
  await completed(team, alan);
  const userValues = ['Quilla Restored', 'quilla.restored@canary.example', 'sub-quilla-restored'];
  const [name, email, external_id] = userValues;
  const user = await aColleague(team.admin, 'standard', { name, email, external_id });
  await app.close();
  backup = await aBackupOf(live.url);

  app = await starting(live.url);
  const admin = await signIn(app.url, team.admin.id);
  const again = { ...team, admin };
  await sandbox.control.registerWebhook(team.account.id, `${app.url}/certn/certnWebhookHandler`);
  await completed(again, grace);
  await admin.put('/result_retention_rule', { months: 6 });
  await resultRuleSince(app, team.teamId, '8 days');
  for (const { id } of [grace, alan]) await checkEndedAgo(app, id, '7 months');
  await resultRunIsDue(app, team.teamId);
  for (const { id } of [grace, alan]) {
    await eventually(
      'the result is removed',
      () => shown(again, id),
      (check) => check.result_removed_at !== null,
      20_000,
    );
  }
  const late = await anIdentifiableCandidate(again);
  for (const person of [ada.person, late]) await anonymise(again, person);
  await isErased(app, ada.person);
  expect((await admin.post(`/users/${user.id}/erase`)).status).toBe(204);
  await app.close();
  scenario = {
    ...{ team, ada: ada.person, adasCheck: ada.id, user, userValues: userValues, late },
    ...{ grace: grace.person, gracesCheck: grace.id, gracesCase: grace.caseId },
    ...{ alan: alan.person, alansCheck: alan.id, alansCase: alan.caseId },
  };
}, 180_000);
afterAll(async () => {
  await app?.close().catch(() => undefined);
  await sandbox?.stop();
  if (backup) await dropped(backup);
  await live?.drop();
});

describe('the ledger of erasures', () => {
  it('holds ids and fingerprints, and no identifying values', async () => {
    ledger = await exporting(live.url);
    const kinds = ledger.map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(new Set(kinds)).toEqual(new Set(['fingerprint_key', 'user', 'external_id', 'candidate', 'result', 'case']));
    const text = ledger.join('\n');
    for (const value of [
      ...scenario.ada.identifyingValues,
      ...scenario.late.identifyingValues,
      ...scenario.userValues,
      scenario.gracesCase,
    ])
      expect(text).not.toContain(value);
  });

  it('is refused as a whole when a line is invalid, and the error names the line', async () => {
    const { done, text } = await erasures(['replay'], backup, [...ledger, '{"kind": 1}']);
    expect([done, text]).toEqual([
      false,
      `Line ${ledger.length + 1} is no line of a ledger: was the file made by "npm run erasures -- export"?`,
    ]);
    expect(await rowsWith(backup, scenario.userValues)).not.toEqual([]);
  });

  it('reports the lines that fail, and replays the others', async () => {
    const strange = [
      `{"kind":"user","team_id":"${scenario.team.teamId}","id":"nonsense","at":"2026-10-01"}`,
      '{"kind":"tree"}',
    ];
    const { done, text } = await erasures(['replay'], backup, strange);
    expect(done).toBe(false);
    expect(text).toBe(
      'Replayed 2 lines: 0 erased again, 0 done before, 0 only remembered; 2 failed: line 1 ("id" is no id), line 2 (this release knows no "tree").',
    );
  });

  it('erases everyone again when it is replayed on a backup: nothing is left once the service has run', async () => {
    expect(await rowsWith(backup, [...scenario.ada.identifyingValues, ...scenario.userValues])).not.toEqual([]);
    const { done, text } = await erasures(['replay'], backup, ledger);
    expect(text).toMatch(
      /^Replayed \d+ lines: 4 erased again, \d+ done before, \d+ only remembered\. The service finishes/,
    );
    expect(done).toBe(true);
    app = await starting(backup);
    const admin = await signIn(app.url, scenario.team.admin.id);
    const team = { ...scenario.team, admin };
    await sandbox.control.registerWebhook(team.account.id, `${app.url}/certn/certnWebhookHandler`);
    await isErased(app, scenario.ada);
    await isErased(app, { ...scenario.ada, identifyingValues: scenario.userValues });
    const [alan, grace] = [await shown(team, scenario.alansCheck), await shown(team, scenario.gracesCheck)];
    expect(alan).toMatchObject({ status: 'complete', result: null, result_removed_at: expect.any(String) as string });
    expect(grace).toMatchObject({ result: null, result_removed_at: expect.any(String) as string });
    // It was in progress in the backup and is complete at Certn. When it is read again, it ends without a result.
    await admin.post(`/background_checks/${scenario.gracesCheck}/refresh`);
    await eventually(
      'it has ended',
      () => shown(team, scenario.gracesCheck),
      ({ status }) => status === 'complete',
      20_000,
    );
    await isErased(app, { ...scenario.grace, identifyingValues: [scenario.gracesCase, scenario.alansCase] });
    expect(await shown(team, scenario.gracesCheck)).toMatchObject({ result: null, results_url: null });
    expect(await proofsOf(team, scenario.ada.candidateId)).toMatchObject([{ by: { id: admin.id } }]);
    expect((await admin.get(`/users/${scenario.user.id}`)).body).toMatchObject({ name: 'Former user' });
  }, 90_000);

  it('applies to the next import: a candidate created and anonymised after the backup does not come back', async () => {
    const admin = await signIn(app.url, scenario.team.admin.id);
    const externalId = scenario.late.identifyingValues[2];
    const line = { type: 'candidate', external_id: externalId, first_name: 'Late', last_name: 'Comer' };
    const answer = await admin.post<string>('/imports', JSON.stringify(line), {
      'content-type': 'application/x-ndjson',
    });
    expect(JSON.parse(answer.body)).toMatchObject({ status: 'failed' });
  });

  it('changes nothing when it is replayed again', async () => {
    await app.close();
    const { done, text } = await erasures(['replay'], backup, ledger);
    expect([done, text]).toEqual([
      true,
      expect.stringMatching(/^Replayed \d+ lines: 0 erased again, \d+ done before, \d+ only remembered\./) as string,
    ]);
  });
});

describe('the command', () => {
  const program = join(import.meta.dirname, '..', '..', 'dist', 'commands', 'erasures.js');
  const command = (args: string[], env: Record<string, string> = {}) =>
    spawnSync(process.execPath, [program, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      input: '',
      encoding: 'utf8',
    });

  it.each([
    [[], /^Usage: npm run erasures/],
    [['import'], /^Usage: npm run erasures/],
    [['export', 'file'], /^Usage: npm run erasures/],
    [['export'], /^DATABASE_URL is missing/],
  ])('exits with 1 and one line for incomplete arguments: %j', (args, line) => {
    const { status, stdout, stderr } = command(args);
    expect([status, stdout, stderr.trim().split('\n').length]).toEqual([1, '', 1]);
    expect(stderr).toMatch(line);
  });

  it('does not exit with 0 when a signal ends it half way', async () => {
    const owner = new pg.Client({ connectionString: live.url });
    const observer = new pg.Client({ connectionString: live.url });
    await Promise.all([owner.connect(), observer.connect()]);
    try {
      await owner.query('begin; lock table hiring.erasure in access exclusive mode');
      const child = startProcess(process.execPath, [program, 'export'], {
        env: { PATH: process.env['PATH'] ?? '', ...environment(live.url) },
        stdio: 'ignore',
      });
      const ended = once(child, 'exit');
      await eventually(
        'the export reads erasures',
        () => waitingStatements(observer, 'hiring.erasure'),
        (n) => n > 0,
      );
      child.kill('SIGTERM');
      expect(await ended).toEqual([null, 'SIGTERM']);
    } finally {
      await Promise.all([owner.end(), observer.end()]);
    }
  });

  it('exits with 0 when it is done, with the ledger on its output and one summary line', () => {
    const { status, stdout, stderr } = command(['export'], environment(live.url));
    expect([status, stderr]).toEqual([0, `Exported ${ledger.length} lines.\n`]);
    expect(stdout.trim().split('\n')).toEqual(ledger);
    const replay = command(['replay'], environment(backup));
    expect([replay.status, replay.stdout, replay.stderr.trim().split('\n').length]).toEqual([0, '', 1]);
  });
});
