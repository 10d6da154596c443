import type { RunningApp } from '../support/app.js';
import { act, shows } from '../support/checks.js';
import { certn } from '../support/connection.js';
import { rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  sends,
  failLists,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import { aTeam } from '../support/people.js';
import {
  anonymise,
  anIdentifiableCandidate,
  isCase,
  isErased,
  sendTo,
  type IdentifiableCandidate,
} from '../support/privacy.js';
import { progressOf, taskIsDue, switchWebhook, withDatabase } from '../support/scheduled-tasks.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { connect, type ConnectedTeam, reaches } from '../support/fixtures.js';

/** Certn still reports a case after it was erased here. */
describe('a case whose candidate was anonymised', () => {
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

  async function anErasedCase(): Promise<{ person: IdentifiableCandidate; id: string; caseId: string }> {
    const person = await anIdentifiableCandidate(team);
    const id = await sendTo(team, person);
    const { vendor } = await reaches(team, id, 'sent');
    const caseId = vendor.case_id ?? '';
    await isCase(team, person, caseId);
    await anonymise(team, person);
    await isErased(app, person);
    return { person, id, caseId };
  }

  /** While the outcome of an order is unknown, unmatched cases are kept: one of them may belong to the order. */
  async function anOutcomeIsUnknown(): Promise<void> {
    await failLists(team, 'status', { status: 503, times: null });
    await failOrders(team, 'status');
    const { id } = await sends(team);
    await reaches(team, id, 'confirming');
  }

  const delivered = async (caseId: string): Promise<(number | null)[]> =>
    (await sandbox.control.deliveries({ account: team.account.id }))
      .filter((delivery) => delivery.case === caseId)
      .map(({ status }) => status);

  it('is still announced: the webhook is answered 200 and creates nothing, even while the outcome of an order is unknown', async () => {
    const { person, caseId } = await anErasedCase();
    await anOutcomeIsUnknown();
    const before = (await delivered(caseId)).length;
    await sandbox.control.act(caseId, 'set', { status: 'IN_PROGRESS' });
    const statuses = await eventually(
      'Certn announces it',
      () => delivered(caseId),
      ({ length }) => length > before,
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    expect(await rowsWith(app.databaseUrl, person.identifyingValues)).toEqual([]);
  });

  it('is still in the events feed, and nothing of it is read from there', async () => {
    await switchWebhook(team, false);
    const { person, caseId } = await anErasedCase();
    await anOutcomeIsUnknown();
    await sandbox.control.act(caseId, 'set', { status: 'IN_PROGRESS' });
    await taskIsDue(app, team.teamId, 'feed');
    const events = await sandbox.control.events({ account: team.account.id });
    const last = events.findLast((event) => event.case === caseId)?.id;
    await eventually(
      'the feed was read',
      () => progressOf(app, team.teamId, 'feed'),
      ({ after, caughtUp }) => caughtUp === true && after === events.at(-1)?.id,
    );
    expect(last).toBeDefined();
    expect(await rowsWith(app.databaseUrl, person.identifyingValues)).toEqual([]);
  });

  it('is no discrepancy, neither for its team nor for another team on the same account', async () => {
    const { admin: other, teamId: otherId } = await aTeam(app);
    await connect(other, team.account);
    const { person } = await anErasedCase();
    const portal = await sandbox.control.createPortalCase({
      account: team.account.id,
      email_address: 'portal@example.org',
    });
    // Certn's list may lag. Only cases older than the visibility lag are reconciled.
    await eventually(
      'both are old enough',
      async () => Date.now(),
      (now) => now > Date.parse(portal.created) + 2_500,
    );
    for (const [teamId, admin] of [
      [team.teamId, team.admin],
      [otherId, other],
    ] as const) {
      await eventually(
        'the daily reconciliation is done',
        async () => {
          await taskIsDue(app, teamId, 'comparison');
          return (await admin.get<{ case_id: string }[]>(`${certn}/discrepancies`)).body.map(({ case_id }) => case_id);
        },
        (found) => found.includes(portal.id),
        20_000,
      );
    }
    expect(await rowsWith(app.databaseUrl, person.identifyingValues)).toEqual([]);
  });

  it('is not adopted by another order to the same address', async () => {
    const { person, caseId } = await anErasedCase();
    const again = await anIdentifiableCandidate(team);
    await team.admin.patch(`/candidates/${again.candidateId}`, {
      email_addresses: [{ value: person.email, is_primary: true }],
    });
    // Within the time window of the order whose outcome is unknown now.
    await failOrders(team, 'status');
    const id = await sendTo(team, again);
    const check = await shows(team, id, 'a case', ({ vendor: { case_id } }) => case_id !== null, 25_000);
    expect(check.vendor.case_id).not.toBe(caseId);
  }, 60_000);

  it('cannot be named by an admin for another order to the same address', async () => {
    const { person, caseId } = await anErasedCase();
    const again = await anIdentifiableCandidate(team);
    await team.admin.patch(`/candidates/${again.candidateId}`, {
      email_addresses: [{ value: person.email, is_primary: true }],
    });
    await failOrders(team, 'status', { times: 2 });
    const id = await sendTo(team, again);
    await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);
    const named = await act(team.admin, id, 'decide', { case_id: caseId });
    expect([named.status, named.body.reason]).toEqual([422, 'unknown_reference']);
  }, 60_000);

  it('also loses what another transaction writes while it is erased', async () => {
    const { person, id, caseId } = await anErasedCase();
    const late = `insert into integrations.inbound_event (team_id, id, connection_id, order_id, case_id, event_type)
                  select team_id, id, connection_id, id, $2, 'late' from integrations.order where id = $1`;
    await withDatabase(app, (db) => db.query(late, [id, caseId]));
    expect(await rowsWith(app.databaseUrl, person.identifyingValues)).toHaveLength(1);
    await isErased(app, person);
  });

  it('is cancelled when Certn answers again, and erased only then; everything else is erased before', async () => {
    await sandbox.control.fault({ account: team.account.id, route: 'cancel', kind: 'reset-before', times: null });
    const person = await anIdentifiableCandidate(team);
    const id = await sendTo(team, person);
    const {
      vendor: { case_id: caseId },
    } = await reaches(team, id, 'sent');
    await anonymise(team, person);
    await isErased(app, person);
    expect(await rowsWith(app.databaseUrl, [caseId ?? ''])).not.toEqual([]);
    expect((await sandbox.control.case(caseId ?? '')).overall_status).not.toBe('CANCELLED');
    await sandbox.control.clearFaults();
    await isErased(app, { ...person, identifyingValues: [caseId ?? ''] });
    expect((await sandbox.control.case(caseId ?? '')).overall_status).toBe('CANCELLED');
    await reaches(team, id, 'cancelled');
  }, 60_000);

  it('is erased even if Certn refuses to cancel it, or does not answer for a month', async () => {
    const scenarios = [
      { kind: 'status', status: 400 },
      { kind: 'reset-before', late: true },
    ];
    for (const { late, ...fault } of scenarios) {
      const own = await aTeamWithoutInvitations(app, sandbox);
      await sandbox.control.fault({ account: own.account.id, route: 'cancel', times: null, ...fault });
      const person = await anIdentifiableCandidate(own);
      const {
        vendor: { case_id: caseId },
      } = await reaches(own, await sendTo(own, person), 'sent');
      await isCase(own, person, caseId ?? '');
      await anonymise(own, person);
      if (late) {
        const wanted = `update integrations.order set erase_wanted_at = erase_wanted_at - interval '31 days'
                        where team_id = $1 and erase_wanted_at is not null`;
        await eventually(
          'a month passes',
          () => withDatabase(app, (db) => db.query(wanted, [own.teamId])),
          ({ rowCount }) => rowCount === 1,
        );
      }
      await isErased(app, person);
    }
  }, 60_000);
});
