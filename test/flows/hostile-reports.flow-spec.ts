import type { ServerResponse } from 'node:http';
import { parse } from 'content-disposition';
import { PDFDocument } from 'pdf-lib';
import pg from 'pg';
import { type RunningApp, startApp } from '../support/app.js';
import { eventually } from '../support/eventually.js';
import { type CertnProxy, startCertnProxy } from '../support/certn-proxy.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

interface Refusal {
  reason: string;
  message: string;
}

const mebibyte = 1024 * 1024;

let app: RunningApp;
let sandbox: Sandbox;
let front: CertnProxy;
let team: ConnectedTeam;
let checkId: string;
let database: pg.Client;
beforeAll(async () => {
  sandbox = await startSandbox();
  front = await startCertnProxy(() => sandbox.url);
  app = await startApp({ env: { CERTN_BASE_URL: front.url } });
  team = await connectedTeam(app, sandbox, { report_ms: 0, report_url_override: `${front.url}/files/report.pdf` });
  const { id, caseId } = await aSentCheck(team);
  await completes(team, caseId);
  await reaches(team, id, 'complete');
  checkId = id;
  database = new pg.Client({ connectionString: app.databaseUrl });
  await database.connect();
}, 60_000);
afterAll(async () => {
  await database?.end();
  await app?.close();
  await front?.stop();
  await sandbox?.stop();
});

const path = (): string => `/background_checks/${checkId}/results`;
const open = (person: Person = team.admin, signal?: AbortSignal): Promise<Response> =>
  fetch(`${app.url}/ats/v0${path()}`, { headers: { authorization: `Bearer ${person.token}` }, signal });
const located = (url: string) =>
  sandbox.control.patchAccount(team.account.id, { settings: { report_url_override: url } });
const pdf = async (): Promise<Buffer> => Buffer.from(await (await PDFDocument.create()).save());

describe('A response that is no report [E13, R-82]', () => {
  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['a page', (r) => r.writeHead(200, { 'content-type': 'text/html' }).end('<html>sign in</html>'), /not a PDF/],
    [
      'a page that says it is a PDF',
      (r) => r.writeHead(200, { 'content-type': 'application/pdf' }).end('<html>'),
      /not a PDF/,
    ],
    ['nothing', (r) => r.writeHead(200).end(), /not a PDF/],
    ['the beginning of a PDF, and no more', (r) => r.writeHead(200).end('%PDF'), /not a PDF/],
    ['a PDF further down', (r) => r.writeHead(200).end('\n%PDF-1.7'), /not a PDF/],
    [
      '60 MiB, as it announces',
      (r) => r.writeHead(200, { 'content-length': 60 * mebibyte }).write('%PDF-1.7'),
      /larger than 50 MiB/,
    ],
  ])('is refused with a message before any byte is passed on: %s', async (_what, answer, sentence) => {
    front.answer = answer;
    const refused = await team.admin.get<Refusal>(path());
    expect([refused.status, refused.body.reason]).toEqual([502, 'report_unusable']);
    expect(refused.body.message).toMatch(sentence);
    expect(refused.headers.get('content-type')).toContain('application/json');
  });

  it.each(['https://files.example.org/r.pdf', 'https://certn.co.example.org/r.pdf', 'https://notcertn.co/r.pdf'])(
    'is not fetched from hosts that are not Certn’s: %s',
    async (url) => {
      await located(url);
      const refused = await team.admin.get<Refusal>(path());
      expect([refused.status, refused.body.reason]).toEqual([502, 'report_unusable']);
      expect(refused.body.message).toMatch(`${new URL(url).host}, which is not in CERTN_REPORT_HOSTS`);
      await located(`${front.url}/files/report.pdf`);
    },
  );

  it('is aborted beyond 50 MiB when it did not declare its size', async () => {
    front.answer = (response) => {
      response.writeHead(200).write('%PDF-1.7');
      const piece = Buffer.alloc(mebibyte);
      const more = (): void => {
        while (!response.destroyed && response.write(piece));
        response.once('drain', more);
      };
      more();
    };
    const answer = await open();
    expect(answer.status).toBe(200);
    let received = 0;
    const reading = (async () => {
      for await (const piece of answer.body ?? []) received += (piece as Uint8Array).length;
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBeLessThanOrEqual(50 * mebibyte);
  });
});

describe('A valid report', () => {
  it.each([
    ['ABC-123', 'background-check-ABC-123.pdf'],
    ['王小明 Łódź', 'background-check-王小明-Łódź.pdf'],
    ['x\r\nSet-Cookie: a=b', 'background-check-x-Set-Cookie-a=b.pdf'],
    ['"; filename=evil.exe', 'background-check-;-filename=evil.exe.pdf'],
    ['../../etc/passwd', 'background-check-etc-passwd.pdf'],
    ['\u202efdp.exe', 'background-check-fdp.exe.pdf'],
  ])('has a safe file name, whatever the short id of the case: %j', async (shortId, name) => {
    const whole = await pdf();
    front.answer = (response) => response.writeHead(200, { 'content-length': whole.length }).end(whole);
    await database.query('update background_checks.background_check set short_id = $1', [shortId]);
    const answer = await open();
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(whole)).toBe(true);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const { type, parameters } = parse(answer.headers.get('content-disposition') ?? '');
    expect([type, parameters.filename]).toEqual(['inline', name]);
  });

  it('can be opened four times at once by a team, and again once one is closed', async () => {
    front.answer = (response) => void response.writeHead(200).write('%PDF-1.7 and nothing else');
    const leaving = new AbortController();
    const opened = await Promise.all(Array.from({ length: 4 }, () => open(team.admin, leaving.signal)));
    expect(opened.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const refused = await team.admin.get<Refusal>(path());
    expect([refused.status, refused.body.reason]).toEqual([429, 'too_many_reports']);
    expect(refused.headers.get('retry-after')).toBe('5');
    leaving.abort();
    front.answer = (response) => response.writeHead(200).end('%PDF-1.7');
    await eventually(
      'a place is free again',
      () => team.admin.get(path()),
      ({ status }) => status === 200,
    );
  });

  /** Reads a report that never ends, then makes a change. */
  async function isAbortedBy(happens: () => Promise<unknown>, reader?: Person): Promise<void> {
    front.answer = (response) => {
      response.writeHead(200).write('%PDF-1.7');
      const timer = setInterval(() => response.write(' '), 50);
      response.once('close', () => clearInterval(timer));
    };
    const answer = await open(reader);
    expect(answer.status).toBe(200);
    const reading = answer.arrayBuffer();
    reading.catch(() => undefined);
    await happens();
    await expect(reading).rejects.toThrow();
  }

  it('is aborted for a user who loses the right during the download', async () => {
    const person = await aColleague(team.admin, 'admin');
    await isAbortedBy(() => team.admin.patch(`/users/${person.id}`, { access_level: 'standard' }), person);
  });

  it('is aborted when its result is removed during the download', async () => {
    const removedAt = (when: string) =>
      database.query(`update background_checks.background_check set result_removed_at = ${when}`);
    await isAbortedBy(() => removedAt('now()'));
    await removedAt('null');
  });

  // Runs last, because it erases the check.
  it('is aborted when its candidate is erased during the download', async () => {
    const { body } = await team.admin.get<{ candidate_id: string }>(`/background_checks/${checkId}`);
    await isAbortedBy(() => team.admin.post(`/candidates/${body.candidate_id}/anonymise`));
  });
});
