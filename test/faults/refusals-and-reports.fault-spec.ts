import { httpAnswer, type RawServer, rawServer } from '../support/raw-server.ts';
import { checkInvariants } from './invariants.ts';
import { type Harness, startHarness } from './harness.ts';
import { canaryDomain, canaryName, type HarnessTeam } from './harness-team.ts';

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  harness = await startHarness();
  team = await harness.team();
}, 120_000);
// Once after all tests: the evidence only grows.
afterAll(async () => void (await checkInvariants(harness)), 60_000);
afterAll(() => harness?.close(), 60_000);

describe('an order that Certn refuses [E6]', () => {
  const validationError = (attr: string, detail: string): object => ({
    type: 'validation_error',
    errors: [{ code: 'invalid', attr, detail }],
  });

  it.each<[number, object, string]>([
    [400, validationError('package', 'This package has been archived.'), 'This package has been archived.'],
    [422, validationError('email_address', `${canaryName}@${canaryDomain} cannot be reached.`), 'cannot be reached.'],
    [409, { detail: 'There is one already.' }, 'There is one already.'],
    [404, { message: 'No such <b>package</b>.\u001b[31m' }, 'No such package'],
    [400, {}, 'Certn refused the request.'],
  ])(
    'with %s ends at once, with its reason and without personal data, and is not retried [E6]',
    async (status, body, reason) => {
      const posts = (await team.orderPosts()).length;
      await team.fault('status', { status, body, times: 1 });
      const applicant = await team.applicant();
      const { failure } = await team.reaches(await team.sendSurely(applicant), 'not_sent');
      expect(failure?.reason).toBe('refused_by_vendor');
      expect(failure?.message).toContain(reason);
      expect(failure?.message).not.toMatch(new RegExp(`${canaryName}|${canaryDomain}|[<\\u001b]`));
      await checkInvariants(harness);
      expect((await team.orderPosts()).length).toBe(posts + 1);
      expect(await harness.certn.control.ledger({ email: applicant.email })).toEqual([]);
      // The slot is free again: the next check for the candidate is accepted.
      expect(await team.reaches(await team.sendSurely(applicant), 'invited')).toMatchObject({ failure: null });
    },
    60_000,
  );
});

describe('a report with an internal address [E17]', () => {
  let trap: RawServer;
  let checkId: string;

  beforeAll(async () => {
    trap = await rawServer((socket) => void socket.write(httpAnswer(200, '%PDF-1.7 something of ours')));
    const check = await team.invited();
    await harness.certn.control.act(check.caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    await team.reaches(check.id, 'complete');
    checkId = check.id;
  }, 60_000);
  afterAll(() => trap?.stop());

  let turn = 0;
  async function open(url: string): Promise<{ status: number; body: unknown; ms: number }> {
    await harness.certn.control.patchAccount(team.account.id, { settings: { report_url_override: url } });
    const replica = harness.replicas[(turn += 1) % harness.replicas.length];
    const begun = performance.now();
    const answer = await team.admin.at(replica?.url ?? '').get(`/background_checks/${checkId}/results`);
    return { status: answer.status, body: answer.body, ms: performance.now() - begun };
  }

  it('at the configured host is fetched, although the host is private [E17]', async () => {
    for (const [nth, replica] of harness.replicas.entries()) {
      turn = nth - 1;
      // The host serves a page: the service fetches it and detects that it is not a PDF.
      const body = { message: 'What Certn sent as the report is not a PDF.' };
      expect(await open(`${replica.toCertn.url}/`)).toMatchObject({ status: 502, body });
    }
  });

  it.each([
    'http://127.0.0.1:PORT/r.pdf',
    'https://127.0.0.1:PORT/r.pdf',
    'http://localhost:PORT/r.pdf',
    'https://localhost:PORT/r.pdf',
    'https://2130706433:PORT/r.pdf',
    'https://0x7f000001:PORT/r.pdf',
    'https://127.1:PORT/r.pdf',
    'https://0:PORT/r.pdf',
    'https://[::1]:PORT/r.pdf',
    'https://[::ffff:127.0.0.1]:PORT/r.pdf',
    'https://[0:0:0:0:0:ffff:7f00:1]:PORT/r.pdf',
    // secretlint-disable-next-line -- an address that must be refused
    'https://someone:secret@127.0.0.1:PORT/r.pdf',
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/latest/meta-data/',
    'https://10.0.0.8/r.pdf',
    'https://172.16.0.1/r.pdf',
    'https://192.168.0.1/r.pdf',
    'https://100.100.100.200/r.pdf',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
    'data:application/pdf,%25PDF',
    '/r.pdf',
  ])('is refused before any connection: %s [E17]', async (address) => {
    const before = trap.connections;
    const answer = await open(address.replace('PORT', new URL(trap.url).port));
    expect(answer.status).toBe(502);
    // The answer may name the host, for the operator, but no other part of the URL.
    expect(JSON.stringify(answer.body)).not.toMatch(/r\.pdf|passwd|meta-data|secret/);
    expect(answer.body).not.toMatchObject({ message: 'What Certn sent as the report is not a PDF.' });
    expect(answer.ms).toBeLessThan(5_000);
    expect(trap.connections).toBe(before);
  });

  it('is refused at another port of the configured host, such as the database’s [E17]', async () => {
    const url = new URL(harness.replicas[0]?.toCertn.url ?? '');
    url.port = String(harness.postgres.port);
    expect(await open(`${url.href}r.pdf`)).toMatchObject({ status: 502 });
  });

  it('is not fetched when Certn redirects to another host: the API key is not sent there [E17]', async () => {
    const redirected = await harness.team();
    const check = await redirected.invited();
    await harness.certn.control.act(check.caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    await redirected.reaches(check.id, 'complete');
    const before = trap.connections;
    await redirected.fault('redirect', { location: `${trap.url}/steal`, times: 1 }, 'report-file');
    const answer = await redirected.admin.get(`/background_checks/${check.id}/results`);
    expect(answer.status).toBe(502);
    expect(trap.connections).toBe(before);
  }, 60_000);
});
