import type { RunningApp } from '../support/app.js';
import { act, shown, shows } from '../support/checks.js';
import { rowsWith } from '../support/every-row.js';
import { eventually } from '../support/eventually.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  casesOf,
  ledgerOf,
  failLists,
  failOrders,
  startAppWithShortTimeouts,
} from '../support/lost-answers.js';
import {
  anonymise,
  anIdentifiableCandidate,
  erasedCheck,
  isCase,
  isErased,
  proofsOf,
  sendTo,
  type IdentifiableCandidate,
} from '../support/privacy.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import { type ConnectedTeam, reaches } from '../support/fixtures.js';

/** While it is unknown whether Certn has the order, the address is needed to find out. It serves no other purpose. */
describe('anonymising a candidate whose order is being sent, or has an unknown outcome', () => {
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

  async function orderWithUnknownOutcome(kind: string): Promise<{ person: IdentifiableCandidate; id: string }> {
    const person = await anIdentifiableCandidate(team);
    await failOrders(team, kind);
    const id = await sendTo(team, person);
    await reaches(team, id, 'confirming');
    return { person, id };
  }

  const outcomeOf = async ({ candidateId }: IdentifiableCandidate): Promise<string | undefined> =>
    (await proofsOf(team, candidateId))[0]?.checks[0]?.outcome;

  it('erases all but the address at once; when the case is found, it is cancelled at Certn and erased', async () => {
    const { person, id } = await orderWithUnknownOutcome('status-after-commit');
    await failLists(team, 'status', { status: 503, times: 4 });
    await anonymise(team, person);
    const { email, identifyingValues } = person;
    await isErased(app, { ...person, identifyingValues: identifyingValues.filter((value) => value !== email) });
    const rows = await rowsWith(app.databaseUrl, [email]);
    expect(rows.map((row) => row.split(' ', 1)[0])).toEqual(['integrations."order"']);
    const [taken] = await ledgerOf(team);
    await isCase(team, person, taken?.case ?? '');
    await isErased(app, person, 60_000);
    expect((await casesOf(team)).map(({ overall_status }) => overall_status)).toEqual(['CANCELLED']);
    const check = await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled');
    expect(check).toMatchObject(erasedCheck);
    await eventually(
      'the proof knows',
      () => outcomeOf(person),
      (outcome) => outcome === 'cancelled',
    );
  }, 90_000);

  it('erases an order that is proved absent at Certn, and does not send it again', async () => {
    const { person, id } = await orderWithUnknownOutcome('status');
    await anonymise(team, person);
    await isErased(app, person, 60_000);
    expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 1]);
    expect(await shown(team, id)).toMatchObject({ ...erasedCheck, status: 'cancelled' });
  }, 90_000);

  it('asks for no decision when several cases match, and erases all of them', async () => {
    const person = await anIdentifiableCandidate(team);
    await failLists(team, 'status', { status: 503, times: null });
    await failOrders(team, 'status-after-commit');
    const id = await sendTo(team, person);
    await reaches(team, id, 'confirming');
    await sandbox.control.createPortalCase({ account: team.account.id, email_address: person.email });
    await sandbox.control.clearFaults();
    await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);
    for (const found of await casesOf(team)) await isCase(team, person, found.id);
    await anonymise(team, person);
    await isErased(app, person, 60_000);
    const check = await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled');
    expect(check).toMatchObject(erasedCheck);
    expect((await act(team.admin, id, 'decide', { send_again: true })).body.reason).toBe('nothing_to_decide');
  }, 90_000);

  it('leaves no active case at Certn and nothing here, at any moment of the sending', async () => {
    await sandbox.control.patchAccount(team.account.id, { settings: { latency_ms: 150 } });
    const attempts = [0, 40, 120, 200, 300, 450].map(async (ms) => {
      const person = await anIdentifiableCandidate(team);
      const id = await sendTo(team, person);
      const until = Date.now() + ms;
      await eventually(
        'the moment comes',
        async () => Date.now(),
        (now) => now >= until,
      );
      await anonymise(team, person);
      await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled', 30_000);
      for (const found of await sandbox.control.cases({ email: person.email })) {
        expect(found.overall_status).toBe('CANCELLED');
        await isCase(team, person, found.id);
      }
      await isErased(app, person, 30_000);
    });
    await Promise.all(attempts);
  }, 90_000);

  it('leaves nothing when it runs at the same moment as the send, whichever is first', async () => {
    const attempts = [1, 2, 3, 4, 5, 6].map(async () => {
      const person = await anIdentifiableCandidate(team);
      const sending = sendTo(team, person).catch(() => null);
      await anonymise(team, person);
      const id = await sending;
      if (id !== null) await shows(team, id, 'that it is cancelled', ({ status }) => status === 'cancelled', 30_000);
      for (const found of await sandbox.control.cases({ email: person.email }))
        expect(found.overall_status).toBe('CANCELLED');
      await isErased(app, person, 30_000);
    });
    await Promise.all(attempts);
  }, 90_000);
});
