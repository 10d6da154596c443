import type { RunningApp } from '../support/app.js';
import { act, shown, type ShownCheck, shows } from '../support/checks.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  sends,
  failLists,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connect, type ConnectedTeam, readyToSend, reaches, send } from '../support/fixtures.js';

/** What people do to an order while it is unknown whether Certn has it. */
describe('an order with an unknown outcome [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let team: ConnectedTeam;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox);
  });
  beforeEach(async () => {
    team = await aTeamWithoutInvitations(app, sandbox);
  });
  afterEach(() => sandbox.control.clearFaults());
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  async function orderWithUnknownOutcome(kind: string): Promise<string> {
    await failOrders(team, kind);
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
    return id;
  }

  const isAsked = (id: string): Promise<ShownCheck> =>
    shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);

  describe('that is cancelled meanwhile [B12]', () => {
    it('ends cancelled and is never sent again when Certn does not take it', async () => {
      await failOrders(team, 'hang-before-commit', { ms: 450, status: 429 });
      const { id } = await sends(team);
      await eventually(
        'it is being sent',
        () => attemptsOf(team),
        ({ length }) => length === 1,
      );
      expect((await act(team.admin, id, 'cancel')).status).toBe(200);
      await reaches(team, id, 'cancelled');
      expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 1]);
    });
  });

  describe('whose integration is switched off meanwhile', () => {
    it('is found when Certn has it', async () => {
      const id = await orderWithUnknownOutcome('status-after-commit');
      expect((await team.admin.delete('/integrations/certn')).status).toBe(204);
      const check = await reaches(team, id, 'sent', 20_000);
      expect((await ledgerOf(team)).map((line) => line.case)).toEqual([check.vendor.case_id]);
    });

    it('is never sent again when Certn does not have it, even after switching on again', async () => {
      const id = await orderWithUnknownOutcome('status');
      expect((await team.admin.delete('/integrations/certn')).status).toBe(204);
      await connect(team.admin, team.account);
      const check = await reaches(team, id, 'not_sent', 25_000);
      expect(check).toMatchObject({ failure: { reason: 'integration_disabled' } });
      expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 1]);
    });
  });

  describe('that several cases match [E10]', () => {
    /** A user of the customer ordered in the portal at the same moment. */
    async function twoFit(): Promise<{ check: ShownCheck; ours: string; theirs: string }> {
      await failLists(team, 'status', { status: 503, times: null });
      const id = await orderWithUnknownOutcome('status-after-commit');
      const { sent_to } = await shown(team, id);
      const portal = await sandbox.control.createPortalCase({ account: team.account.id, email_address: sent_to });
      await sandbox.control.clearFaults();
      const check = await isAsked(id);
      return { check, ours: (await ledgerOf(team))[0]?.case ?? '', theirs: portal.id };
    }

    it('is sent again when a person rules out both cases, and neither is matched to the new order', async () => {
      const { check, ours, theirs } = await twoFit();
      await failOrders(team, 'status-after-commit');
      await eventually(
        'Certn cannot be taking the first order any more',
        () => act(team.admin, check.id, 'decide', { send_again: true }),
        ({ status }) => status === 200,
      );
      const found = await reaches(team, check.id, 'sent', 25_000);
      expect([ours, theirs]).not.toContain(found.vendor.case_id);
      expect((await ledgerOf(team)).map((line) => line.case)).toContain(found.vendor.case_id);
    });

    it('is never matched to the case of another order', async () => {
      const first = await sends(team);
      const known = await reaches(team, first.id, 'sent');
      const { sent_to } = await shown(team, first.id);
      await failOrders(team, 'status');
      const ready = await readyToSend(team, { email: sent_to });
      const { id } = (await send(team.admin, ready)).body;
      const check = await shows(team, id, 'a case', ({ vendor }) => vendor.case_id !== null, 25_000);
      expect(check.vendor.case_id).not.toBe(known.vendor.case_id);
      expect((await ledgerOf(team)).map((line) => line.case)).toEqual([known.vendor.case_id, check.vendor.case_id]);
    });
  });

  describe('and a decision', () => {
    it('to send again, which is refused while Certn is switched off, and ends a cancelled order unsent', async () => {
      await failOrders(team, 'status', { times: 2 });
      const { id } = await sends(team);
      await isAsked(id);
      expect((await team.admin.delete('/integrations/certn')).status).toBe(204);
      const refused = await act(team.admin, id, 'decide', { send_again: true });
      expect([refused.status, refused.body.reason]).toEqual([409, 'integration_not_enabled']);
      expect((await act(team.admin, id, 'cancel')).status).toBe(200);
      expect((await act(team.admin, id, 'decide', { send_again: true })).status).toBe(200);
      await reaches(team, id, 'cancelled');
      expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 2]);
    });
  });
});
