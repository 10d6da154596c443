import { type RunningApp, startApp } from '../support/app.js';
import { shown, shows } from '../support/checks.js';
import { everyRow } from '../support/every-row.js';
import { aColleague } from '../support/people.js';
import { anonymise, aTraceable, forgotten, isCase, isForgotten, sendTo, type Traceable } from '../support/privacy.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { completes, connectedTeam, type ConnectedTeam, reaches, send } from '../support/situations.js';

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

async function invited(): Promise<{ person: Traceable; id: string; caseId: string }> {
  const person = await aTraceable(team);
  const id = await sendTo(team, person, {}, { 'idempotency-key': `key of ${person.email}` });
  const { certn } = await reaches(team, id, 'invited');
  const caseId = certn.case_id ?? '';
  await isCase(team, person, caseId);
  return { person, id, caseId };
}

describe('anonymising a candidate by hand', () => {
  it('leaves a candidate without a person, and says so', async () => {
    const person = await aTraceable(team);
    const rows = await everyRow(app.databaseUrl);
    for (const trace of person.traces) expect(rows).toContain(trace);
    await anonymise(team, person);
    await isForgotten(app, person);
    const { body } = await team.admin.get(`/candidates/${person.candidateId}`);
    expect(body).toMatchObject({
      ...{ first_name: 'Anonymised', last_name: 'candidate', email_addresses: [], phone_numbers: [] },
      ...{ anonymised_at: expect.stringMatching(/Z$/) as string, application_ids: [person.applicationId] },
    });
  });

  it('cancels a check under way at Certn, and keeps of it what tells of nobody', async () => {
    const { person, id, caseId } = await invited();
    const before = await shown(team, id);
    await anonymise(team, person);
    await isForgotten(app, person);
    expect((await sandbox.control.case(caseId)).overall_status).toBe('CANCELLED');
    const after = await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled');
    expect(after).toMatchObject({ ...forgotten, package: before.package, available_actions: [] });
    expect(after).toHaveProperty('requested_at', (before as unknown as { requested_at: string }).requested_at);
  });
});
