import type { RunningApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import {
  aTeamWithoutInvitations,
  attemptsOf,
  ledgerOf,
  sends,
  failOrders,
  startAppWithShortTimeouts,
  runAll,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import type { SandboxFault } from '../support/sandbox.js';
import type { Check, ConnectedTeam } from '../support/fixtures.js';

interface Scenario {
  what: string;
  fault: SandboxFault;
}

interface Outcome {
  check: Check;
  /** The cases that Certn really opened. */
  ledger: string[];
  attempts: number;
}

const taken: Scenario[] = [
  { what: 'executed, no response within our timeout [E2]', fault: { kind: 'commit-then-hang', ms: 3000 } },
  { what: 'executed after our timeout [E3]', fault: { kind: 'hang-then-commit', ms: 1500 } },
  ...[500, 502, 503, 504].map((status) => ({
    what: `executed, response ${status} [E4]`,
    fault: { kind: 'status-after-commit', status },
  })),
  { what: 'executed, connection cut [E5]', fault: { kind: 'reset-after-commit' } },
  { what: 'executed, connection cut after the headers [E5]', fault: { kind: 'reset-after-headers' } },
  { what: 'executed, truncated response [E5]', fault: { kind: 'truncated-json' } },
  { what: 'executed, response 200 with an HTML page [E5]', fault: { kind: 'html-200' } },
  { what: 'executed, response 201 without an id [E5]', fault: { kind: 'no-id-201' } },
  { what: 'executed, response 201 with a number as id [E5]', fault: { kind: 'wrong-type-id' } },
  { what: 'executed, response slower than our timeout [E5]', fault: { kind: 'slow-body', ms: 3000 } },
];

const notTaken: Scenario[] = [
  ...[500, 502, 503, 504].map((status) => ({
    what: `not executed, response ${status} [E4]`,
    fault: { kind: 'status', status },
  })),
  { what: 'not executed, response 504 after our timeout [E4]', fault: { kind: 'hang-before-commit', ms: 1500 } },
  { what: 'not executed, connection cut [E5]', fault: { kind: 'reset-before' } },
  { what: 'not executed, a 429 that is not from Certn [E8]', fault: { kind: 'throttle-foreign', retry_after: 1 } },
];

describe('an order whose response was lost [R-75]', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let outcomeOf: (scenario: Scenario) => Promise<Outcome>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startAppWithShortTimeouts(sandbox);
    outcomeOf = await runAll([...taken, ...notTaken], begin, goOn);
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  async function begin({ fault: { kind, ...more } }: Scenario): Promise<{ team: ConnectedTeam; id: string }> {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, kind, more);
    return { team, id: (await sends(team)).id };
  }

  async function goOn({ team, id }: { team: ConnectedTeam; id: string }): Promise<Outcome> {
    const confirming = await shows(team, id, 'the unknown outcome', ({ status }) => status !== 'requested', 20_000);
    expect(confirming.status).toBe('confirming');
    const check = await shows(team, id, 'its case', ({ vendor }) => vendor.case_id !== null, 40_000);
    const ledger = (await ledgerOf(team)).map((line) => line.case);
    return { check, ledger, attempts: (await attemptsOf(team)).length };
  }

  it.each(taken.map((scenario) => [scenario.what, scenario] as const))(
    'finds its case and stays one paid order: %s',
    async (_what, scenario) => {
      const { check, ledger, attempts } = await outcomeOf(scenario);
      expect({ status: check.status, ledger, attempts }).toEqual({
        status: 'sent',
        ledger: [check.vendor.case_id],
        attempts: 1,
      });
    },
    60_000,
  );

  it.each(notTaken.map((scenario) => [scenario.what, scenario] as const))(
    'is proved absent, sent once more, and stays one paid order: %s',
    async (_what, scenario) => {
      const { check, ledger, attempts } = await outcomeOf(scenario);
      expect({ status: check.status, ledger, attempts }).toEqual({
        status: 'sent',
        ledger: [check.vendor.case_id],
        attempts: 2,
      });
    },
    60_000,
  );

  it('needs a decision when it is absent a second time: it is never resent automatically a third time [E4]', async () => {
    const team = await aTeamWithoutInvitations(app, sandbox);
    await failOrders(team, 'status', { status: 503, times: 2 });
    const { id } = await sends(team);
    const asked = await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);
    expect(asked).toMatchObject({ failure: { reason: 'needs_decision', candidates: [] } });
    expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 2]);
  });
});
