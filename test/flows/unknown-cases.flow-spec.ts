import { createHmac, randomUUID } from 'node:crypto';
import pg from 'pg';
import { shows } from '../support/checks.js';
import {
  aTeamWithoutInvitations,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Answer, call } from '../support/people.js';
import type { RunningApp } from '../support/app.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { aSentCheck, connectedTeam, reaches } from '../support/fixtures.js';

const endpoint = '/certn/certnWebhookHandler';
const most = 40;

describe('a flood of webhooks about unknown cases [G9]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let database: pg.Client;
  beforeAll(async () => {
    sandbox = await startSandbox();
    const limits = { FAILED_WEBHOOKS_PER_MINUTE: String(most), TRUST_PROXY_HOPS: '1' };
    app = await startAppWithShortTimeouts(sandbox, { ORDER_OUTCOME_UNKNOWN_SECONDS: '600', ...limits });
    database = new pg.Client({ connectionString: app.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await app?.close();
    await sandbox?.stop();
  });

  function webhookEvent(caseId: string, from: string, secret?: string): Promise<Answer> {
    const body = JSON.stringify({ id: randomUUID(), event_type: 'X', object_id: caseId, object_type: 'CASE' });
    const signature = createHmac('sha256', secret ?? 'nobody’s')
      .update(body)
      .digest('hex');
    return call(app.url, 'POST', endpoint, body, { 'x-signature': signature, 'x-forwarded-for': from });
  }
  const flood = (count: number, from: string, caseId?: string): Promise<Answer[]> =>
    Promise.all(Array.from({ length: count }, () => webhookEvent(caseId ?? randomUUID(), from)));
  const statuses = (answers: Answer[]): number[] => [...new Set(answers.map(({ status }) => status))].sort();

  it('is told to retry later after a limit per address; a valid one from elsewhere is accepted', async () => {
    const team = await connectedTeam(app, sandbox);
    const { caseId } = await aSentCheck(team);
    expect(statuses(await flood(most, '198.51.100.1', caseId))).toEqual([401]);
    const refused = await webhookEvent(caseId, '198.51.100.1');
    expect(refused).toMatchObject({ status: 503, body: { code: 503, reason: 'temporarily_unavailable' } });
    expect(refused.headers.get('retry-after')).toBe('5');
    expect((await webhookEvent(caseId, '198.51.100.2', team.account.webhook_secret)).status).toBe(200);
  });

  it('does not block valid webhooks', async () => {
    const team = await connectedTeam(app, sandbox);
    const { caseId } = await aSentCheck(team);
    const good = (): Promise<Answer> => webhookEvent(caseId, '198.51.100.3', team.account.webhook_secret);
    expect((await good()).status).toBe(200);
    expect(statuses(await flood(2 * most, '198.51.100.3', caseId))).toEqual([401]);
    expect((await good()).status).toBe(200);
  });

  it('loses no authentic one for an order with an unknown outcome: it is stored, or told to retry [B8]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status-after-commit');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    const caseId = (await ledgerOf(team))[0]?.case ?? '';
    const flooding = Array.from({ length: 15 }, (_, nth) => flood(30, `203.0.113.${nth}`));
    let authentic: Answer | undefined;
    while (authentic === undefined || authentic.status === 503) {
      authentic = await webhookEvent(caseId, '198.51.100.9', team.account.webhook_secret);
    }
    expect(authentic.status).toBe(200);
    expect(statuses((await Promise.all(flooding)).flat()).filter((status) => status !== 503)).toEqual([200]);
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null);
    expect(check.vendor.case_id).toBe(caseId);
    const found = await database.query('select found_by from integrations.order where id = $1', [id]);
    expect(found.rows).toEqual([{ found_by: 'notice' }]);
    const stored = await database.query('select 1 from integrations.unmatched_case');
    expect(stored.rowCount).toBe(0);
  });
});
