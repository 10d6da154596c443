import type { Match } from './fault-proxy.ts';
import { checkInvariants } from './invariants.ts';
import { answerToCommitOf, orderAnswer, orderRequest, statement } from './moments.ts';
import { patience, type Held, type Harness, startHarness } from './harness.ts';
import type { RestoreMode } from './harness-postgres.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';

interface Moment {
  name: string;
  at: 'certn' | 'database';
  moment: Match;
}

/** The moment of an order at which the backup is made. Later changes are lost with the server, but not at Certn. */
const moments: Moment[] = [
  { name: 'only requested', at: 'database', moment: statement(/insert into integrations\.order/i) },
  { name: 'about to be claimed', at: 'database', moment: statement(/sending_since = now\(\)/) },
  { name: 'claimed', at: 'database', moment: answerToCommitOf(/sending_since = now\(\)/) },
  { name: 'on the wire', at: 'certn', moment: orderRequest },
  { name: 'answered', at: 'certn', moment: orderAnswer },
];

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  // Long enough for one order to stay on the wire while the others reach their moments.
  harness = await startHarness({
    env: { ORDER_TIMEOUT_MS: '12000', ORDER_VISIBILITY_LAG_SECONDS: '1', ORDER_OUTCOME_UNKNOWN_SECONDS: '4,6,8' },
  });
  team = await harness.team();
}, patience);
afterAll(() => harness.close(), patience);

/** Brings an order to its moment. Its request is answered before that moment or together with it. */
async function bring({ at, moment }: Moment): Promise<{ id: string; applicant: Applicant; held: Held }> {
  const applicant = await team.applicant();
  const caught = at === 'certn' ? harness.holdAtCertn(moment) : harness.holdAtDatabase(moment);
  const id = await team.sendSurely(applicant);
  return { id, applicant, held: await caught };
}

async function withUnknownOutcome(): Promise<{ id: string; applicant: Applicant }> {
  const applicant = await team.applicant();
  await team.fault('reset-after-commit');
  const id = await team.sendSurely(applicant);
  await team.reaches(id, 'confirming');
  return { id, applicant };
}

const ordersTo = async ({ email }: Applicant): Promise<number> =>
  (await harness.certn.control.ledger()).filter((line) => line.email === email).length;

describe.each<{ how: RestoreMode; title: string }>([
  { how: 'recovered', title: 'a backup is restored' },
  { how: 'promoted', title: 'a standby that has received nothing since the backup is promoted' },
])('$title', ({ how }) => {
  it(
    'at any moment of an order: Certn has one order for each check, and each check finds its own',
    async () => {
      const ordered = await team.invited();
      const brought = [];
      for (const moment of moments) brought.push(await bring(moment));
      const all = [ordered, await withUnknownOutcome(), ...brought];
      await harness.postgres.backup();
      for (const { held } of brought) held.release();
      for (const { id } of all) await team.reaches(id, 'invited');
      for (const { applicant } of all) expect(await ordersTo(applicant)).toBe(1);

      await harness.postgres.restoreBackup(how);
      const [{ open = -1 } = {}] = await harness.until(
        'the restored database answers',
        () =>
          harness.rows<{ open: number }>(
            `select count(*)::int as open from background_checks.background_check where status <> 'invited'`,
          ),
        ([row]) => row !== undefined,
      );
      // The backup does not contain the sendings.
      expect(open).toBeGreaterThanOrEqual(moments.length);
      for (const { id } of all) await team.reaches(id, 'invited', 90_000);
      for (const { applicant } of all) expect(await ordersTo(applicant)).toBe(1);
      await checkInvariants(harness);
    },
    patience,
  );
});

it(
  'an order made after the backup is lost: its case is a discrepancy, and no other check takes it',
  async () => {
    const waiting = await bring({
      name: 'about to be claimed',
      at: 'database',
      moment: statement(/sending_since = now\(\)/),
    });
    await harness.postgres.backup();
    waiting.held.release();
    await team.reaches(waiting.id, 'invited');
    const lost = await team.invited();
    await harness.postgres.restoreBackup('recovered');

    const { vendor } = await team.reaches(waiting.id, 'invited', 90_000);
    expect(vendor.case_id).not.toBe(lost.caseId);
    await harness.until(
      'the daily reconciliation reports the case',
      async () => {
        await harness.rows(`update integrations.scheduled_task set due_at = now() where kind = 'comparison'`);
        return team.admin.must<{ kind: string; case_id: string }[]>('GET', '/integrations/certn/discrepancies');
      },
      (found) => found.some(({ kind, case_id: id }) => kind === 'case_without_order' && id === lost.caseId),
    );
    for (const { applicant } of [waiting, lost]) expect(await ordersTo(applicant)).toBe(1);
  },
  patience,
);
