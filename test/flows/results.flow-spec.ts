import { type RunningApp, startApp } from '../support/app.js';
import { shown, type ShownCheck } from '../support/checks.js';
import { aColleague, type Person } from '../support/people.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, completes, connectedTeam, type ConnectedTeam, reaches } from '../support/fixtures.js';

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

interface Refusal {
  reason: string;
  message: string;
}

describe('opening results', () => {
  it('says that Certn failed to create the report, and shows it once Certn can [R-82]', async () => {
    const { team, id, path } = await aCompleteCheck({ report_outcome: 'FAILED' });
    const failed = await team.admin.get<Refusal>(path);
    expect([failed.status, failed.body.reason]).toEqual([502, 'report_failed']);
    expect(failed.headers.get('content-type')).toContain('application/json');
    expect(failed.body.message).toBeTruthy();
    expect(await openings(team, id)).toEqual([]);
    expect((await shown(team, id)).status).toBe('complete');
    await sandbox.control.patchAccount(team.account.id, { settings: { report_outcome: 'COMPLETE' } });
    const opened = await team.admin.get<string>(path);
    expect([opened.status, opened.headers.get('content-type')]).toEqual([200, 'application/pdf']);
    expect(await openings(team, id)).toEqual(['done']);
  });

  it.each(['generate-report', 'report-file'])(
    'names the usual cause instead of the key when Certn refuses the account the report (%s)',
    async (route) => {
      const { team, path } = await aCompleteCheck({});
      await sandbox.control.fault({ account: team.account.id, route, kind: 'status', status: 403 });
      const refused = await team.admin.get<Refusal>(path);
      expect([refused.status, refused.body.reason]).toEqual([502, 'report_not_permitted']);
      expect(refused.body.message).toContain('Its email address is probably not verified yet');
      const { body } = await team.admin.get<{ state: string }>('/integrations/certn');
      expect(body).toMatchObject({
        state: 'enabled',
        health: { last_error: { reason: 'not_permitted', message: refused.body.message } },
      });
      expect((await team.admin.get(path)).status).toBe(200);
    },
  );

  it('still blames the key when Certn refuses it everywhere', async () => {
    const { team, path } = await aCompleteCheck({});
    await sandbox.control.fault({ account: team.account.id, kind: 'status', status: 403, times: null });
    expect((await team.admin.get<Refusal>(path)).body.reason).toBe('vendor_error');
    const { body } = await team.admin.get<{ state: string }>('/integrations/certn');
    expect(body.state).toBe('action_required');
    await sandbox.control.clearFaults();
  });

  it('HEAD says what would be opened: no call to Certn, and no reading in the audit log', async () => {
    const { team, id, path } = await aCompleteCheck({});
    const head = ({ token }: Person) =>
      fetch(`${app.url}/ats/v0${path}`, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
    const calls = async () => (await sandbox.control.requests({ account: team.account.id })).map(({ path: at }) => at);
    await sandbox.control.clearRequests();
    const { status, headers } = await head(team.admin);
    expect([status, headers.get('content-type'), headers.get('etag')]).toEqual([200, 'application/pdf', null]);
    expect((await calls()).filter((at) => at.includes('report'))).toEqual([]);
    expect(await openings(team, id)).toEqual([]);
    const opened = await team.admin.get(path, { 'if-none-match': '*' });
    expect([opened.status, opened.headers.get('etag')]).toEqual([200, null]);
    expect(headers.get('content-disposition')).toBe(opened.headers.get('content-disposition'));
    expect((await calls()).some((at) => at.includes('report'))).toBe(true);
    expect((await head(await aColleague(team.admin, 'standard'))).status).toBe(403);
    expect(await openings(team, id)).toEqual(['refused', 'done']);
  });

  it('requires the right to see results; a denial is in the audit log [R-07, F2]', async () => {
    const { team, id, path } = await aCompleteCheck({});
    const colleague = await aColleague(team.admin, 'standard');
    const refused = await colleague.get<Refusal>(path);
    expect([refused.status, refused.body.reason]).toEqual([403, 'not_allowed']);
    const seen = (await colleague.get<ShownCheck>(`/background_checks/${id}`)).body;
    expect(seen.available_actions).toEqual(['refresh']);
    expect(await openings(team, id)).toEqual(['refused']);
  });
});

async function openings(team: ConnectedTeam, id: string): Promise<string[]> {
  const path = `/audit_log?entity_id=${id}&action=background_check.open_results`;
  return (await team.admin.get<{ outcome: string }[]>(path)).body.map(({ outcome }) => outcome);
}

async function aCompleteCheck(
  settings: Record<string, unknown>,
): Promise<{ team: ConnectedTeam; id: string; path: string }> {
  const team = await connectedTeam(app, sandbox, settings);
  const { id, caseId } = await aSentCheck(team);
  await completes(team, caseId);
  await reaches(team, id, 'complete');
  return { team, id, path: `/background_checks/${id}/results` };
}
