import { type RunningApp, startApp } from '../support/app.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aCandidate, aSentCheck, type ConnectedTeam, connectedTeam, readyToSend, send } from '../support/fixtures.js';

let app: RunningApp;
let sandbox: Sandbox;
let team: ConnectedTeam;
beforeAll(async () => {
  sandbox = await startSandbox();
  app = await startApp({ env: { CERTN_BASE_URL: sandbox.url } });
  team = await connectedTeam(app, sandbox);
});
afterAll(async () => {
  await app?.close();
  await sandbox?.stop();
});

describe('searching checks by the address that they were sent to', () => {
  it('finds every spelling, whichever candidate has it, with the package and the time', async () => {
    const first = await aSentCheck(team, { email: 'Ada@Exämple.org' });
    const ready = await readyToSend(team, { candidateId: await aCandidate(team.admin, 'ada@xn--exmple-cua.org') });
    const second = await send(team.admin, ready, { package_id: team.packages[1]?.id });
    expect(second.status).toBe(201);
    for (const address of ['ada@exämple.org', ' ADA@xn--exmple-cua.org']) {
      expect(await found(team.admin, { sent_to: address })).toEqual([second.body.id, first.id]);
    }
    const filter = { sent_to: 'ada@exämple.org', package_id: team.packageId };
    expect(await found(team.admin, filter)).toEqual([first.id]);
    expect(await found(team.admin, { ...filter, created_after: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await found(team.admin, { sent_to: 'ida@exämple.org' })).toEqual([]);
  });

  it('finds only checks that the caller may see', async () => {
    const { id, jobId } = await aSentCheck(team, { email: 'seen@example.org' });
    const colleague = await aColleague(team.admin, 'restricted');
    const other = await connectedTeam(app, sandbox);
    expect(await found(colleague, { sent_to: 'seen@example.org' })).toEqual([]);
    expect(await found(other.admin, { sent_to: 'seen@example.org' })).toEqual([]);
    await team.admin.put(`/jobs/${jobId}/permissions`, [{ user_id: colleague.id, permissions: [] }]);
    expect(await found(colleague, { sent_to: 'seen@example.org' })).toEqual([id]);
  });
});

async function found(person: Person, filter: Record<string, string>): Promise<string[]> {
  const query = new URLSearchParams(filter).toString();
  return (await person.get<{ id: string }[]>(`/background_checks?${query}`)).body.map(({ id }) => id);
}
