import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Answer, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aCandidate, aSentCheck, type ConnectedTeam, connectedTeam, readyToSend, send } from '../support/fixtures.js';

interface Line {
  line: number;
  status: string;
  id: string | null;
  errors: unknown;
  warnings: { json: Record<string, string[]> } | null;
}

const unusable = [
  'x@@y',
  'x@y',
  'x',
  '@y.org',
  'x@',
  'x y@z.org',
  'x@y..org',
  '.x@y.org',
  'x@-y.org',
  'x@127.0.0.1',
  'x@y.1',
];
const usable = ['ada@example.org', 'ADA+one@Example.org', "o'hara@mail.example.co.uk", 'ada@ex\u00e4mple.org'];
const sentence = 'Enter a valid email address';

let app: RunningApp;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('an undeliverable address', () => {
  let admin: Person;
  beforeAll(async () => ({ admin } = await aTeam(app)));

  it.each(unusable)('%j is refused with the name of its field where a user types it', async (value) => {
    const ada = { first_name: 'Ada', last_name: 'Example' };
    const email_addresses = [{ value: 'ada@example.org' }, { value }];
    expectRefusal(await admin.post('/candidates', { ...ada, email_addresses }), 'email_addresses.1.value');
    const id = await aCandidate(admin);
    expectRefusal(await admin.patch(`/candidates/${id}`, { email_addresses }), 'email_addresses.1.value');
    const user = { name: 'Ada', access_level: 'standard', email: value };
    expectRefusal(await admin.post('/users', user), 'email');
  });

  it.each(usable)('%j is accepted', async (value) => {
    const id = await aCandidate(admin, value);
    expect((await admin.get(`/candidates/${id}`)).body).toMatchObject({ email_addresses: [{ value }] });
  });

  it('is imported with a warning, so that the history that comes with it is kept', async () => {
    const line = { type: 'candidate', first_name: 'Ada', last_name: 'Example' };
    const addresses = [{ value: 'ada@example.org' }, { value: 'x@@y' }];
    const results = await imported(admin, [
      { ...line, external_id: 'w-1', email_addresses: addresses },
      { ...line, external_id: 'w-1', email_addresses: addresses },
      { ...line, external_id: 'w-2', email_addresses: addresses.slice(0, 1) },
      { ...line, external_id: 'w-3' },
    ]);
    const warnings = {
      json: { 'email_addresses.1.value': ['No check can be sent to this address: it is not a valid email address.'] },
    };
    expect(results.map(({ status, errors, ...line }) => [status, errors, line.warnings])).toEqual([
      ['created', null, warnings],
      ['unchanged', null, warnings],
      ['created', null, null],
      ['created', null, null],
    ]);
    expect((await admin.get(`/candidates/${results[0]?.id}`)).body).toMatchObject({
      email_addresses: [{ value: 'ada@example.org' }, { value: 'x@@y' }],
    });
  });
});

describe('a check to an undeliverable address', () => {
  let team: ConnectedTeam;
  let checkId: string;
  beforeAll(async () => {
    team = await connectedTeam(app, sandbox);
    ({ id: checkId } = await aSentCheck(team));
  });

  it('is refused before an order is placed', async () => {
    const line = { type: 'candidate', external_id: 'bad', first_name: 'Ada', last_name: 'Example' };
    const [candidate] = await imported(team.admin, [{ ...line, email_addresses: [{ value: 'x@127.0.0.1' }] }]);
    const ready = await readyToSend(team, { candidateId: candidate?.id ?? '' });
    expect(await send(team.admin, ready)).toMatchObject({ status: 422, body: { reason: 'candidate_email_missing' } });
    expect(await team.sandbox.control.ledger({ email: 'x@127.0.0.1' })).toEqual([]);
  });

  it.each(unusable)('%j is refused as a correction, with the name of its field', async (email) => {
    expectRefusal(await team.admin.post(`/background_checks/${checkId}/resend`, { email }), 'email');
    expect(await team.sandbox.control.ledger({ email })).toEqual([]);
  });
});

function expectRefusal(answer: Answer<unknown>, field: string): void {
  expect(answer).toMatchObject({
    status: 422,
    body: { reason: 'invalid_request', errors: { json: { [field]: [sentence] } } },
  });
}

async function imported(admin: Person, lines: object[]): Promise<Line[]> {
  const body = lines.map((line) => JSON.stringify(line)).join('\n');
  const answer = await admin.post<string>('/imports', body, { 'content-type': 'application/x-ndjson' });
  return answer.body
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
}
