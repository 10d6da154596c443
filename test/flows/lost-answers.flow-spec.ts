import type { RunningApp } from '../support/app.js';
import { shows } from '../support/checks.js';
import {
  aPatientTeam,
  attemptsOf,
  ledgerOf,
  sends,
  spoilOrders,
  startImpatientApp,
  tellAll,
} from '../support/lost-answers.js';
import { type Sandbox, startSandbox } from '../support/sandbox.js';
import type { SandboxFault } from '../support/sandbox-control.js';
import type { Check, ConnectedTeam } from '../support/fixtures.js';

interface Story {
  what: string;
  fault: SandboxFault;
}

interface Ending {
  check: Check;
  /** The cases that Certn really opened. */
  ledger: string[];
  attempts: number;
}

const taken: Story[] = [
  { what: 'E2: taken, then silence past our time limit', fault: { kind: 'commit-then-hang', ms: 3000 } },
  { what: 'E3: silence, then taken after we gave up', fault: { kind: 'hang-then-commit', ms: 1500 } },
  ...[500, 502, 503, 504].map((status) => ({
    what: `E4: taken, and ${status} said`,
    fault: { kind: 'status-after-commit', status },
  })),
  { what: 'E5: taken, and the connection cut', fault: { kind: 'reset-after-commit' } },
  { what: 'E5: taken, and cut after the headers', fault: { kind: 'reset-after-headers' } },
  { what: 'E5: taken, and half an answer', fault: { kind: 'truncated-json' } },
  { what: 'E5: taken, and 200 with a page of HTML', fault: { kind: 'html-200' } },
  { what: 'E5: taken, and 201 without an id', fault: { kind: 'no-id-201' } },
  { what: 'E5: taken, and 201 with a number as id', fault: { kind: 'wrong-type-id' } },
  { what: 'E5: taken, and an answer slower than our time limit', fault: { kind: 'slow-body', ms: 3000 } },
];

const notTaken: Story[] = [
  ...[500, 502, 503, 504].map((status) => ({
    what: `E4: ${status} said, and not taken`,
    fault: { kind: 'status', status },
  })),
  { what: 'E4: silence, then 504, and not taken', fault: { kind: 'hang-before-commit', ms: 1500 } },
  { what: 'E5: cut before it was taken', fault: { kind: 'reset-before' } },
  { what: 'E8: 429 in words that are not Certn’s own', fault: { kind: 'throttle-foreign', retry_after: 1 } },
];

describe('R-75: an order whose answer was lost', () => {
  let app: RunningApp;
  let sandbox: Sandbox;
  let endingOf: (story: Story) => Promise<Ending>;

  beforeAll(async () => {
    sandbox = await startSandbox();
    app = await startImpatientApp(sandbox);
    endingOf = await tellAll([...taken, ...notTaken], begin, goOn);
  }, 90_000);
  afterAll(async () => {
    await app?.close();
    await sandbox?.stop();
  });

  async function begin({ fault: { kind, ...more } }: Story): Promise<{ team: ConnectedTeam; id: string }> {
    const team = await aPatientTeam(app, sandbox);
    await spoilOrders(team, kind, more);
    return { team, id: (await sends(team)).id };
  }

  async function goOn({ team, id }: { team: ConnectedTeam; id: string }): Promise<Ending> {
    const doubted = await shows(team, id, 'the doubt', ({ status }) => status !== 'requested', 20_000);
    expect(doubted.status).toBe('confirming');
    const check = await shows(team, id, 'its case', ({ certn }) => certn.case_id !== null, 40_000);
    const ledger = (await ledgerOf(team)).map((line) => line.case);
    return { check, ledger, attempts: (await attemptsOf(team)).length };
  }

  it.each(taken.map((story) => [story.what, story] as const))(
    '%s: its case is found, one paid order',
    async (_what, story) => {
      const { check, ledger, attempts } = await endingOf(story);
      expect({ status: check.status, ledger, attempts }).toEqual({
        status: 'sent',
        ledger: [check.certn.case_id],
        attempts: 1,
      });
    },
    60_000,
  );

  it.each(notTaken.map((story) => [story.what, story] as const))(
    '%s: proved absent and sent once more, one paid order',
    async (_what, story) => {
      const { check, ledger, attempts } = await endingOf(story);
      expect({ status: check.status, ledger, attempts }).toEqual({
        status: 'sent',
        ledger: [check.certn.case_id],
        attempts: 2,
      });
    },
    60_000,
  );

  it('E4: lost and absent a second time, a person is asked: it is never sent by itself a third time', async () => {
    const team = await aPatientTeam(app, sandbox);
    await spoilOrders(team, 'status', { status: 503, times: 2 });
    const { id } = await sends(team);
    const asked = await shows(team, id, 'a question', ({ status }) => status === 'needs_decision', 25_000);
    expect(asked).toMatchObject({ failure: { reason: 'needs_decision', candidates: [] } });
    expect([await ledgerOf(team), (await attemptsOf(team)).length]).toEqual([[], 2]);
  });
});
