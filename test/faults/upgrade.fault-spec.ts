import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../scripts/local-run.ts';
import { differences, KeptCopy, type Read, theLists } from '../support/kept-copy.js';
import { untilServed } from './caller.ts';
import { ledgerOf } from './evidence.ts';
import { checkInvariants } from './invariants.ts';
import type { Release, Replica } from './replica.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { previousRelease } from './support/previous-release.ts';

/** How long each pair of releases runs side by side before the next change. */
const sideBySideMs = 4_000;

describe('the last release and this one on one database', () => {
  let harness: Harness;
  let team: HarnessTeam;
  let last: Release;

  beforeAll(async () => {
    last = { folder: previousRelease().folder, asOwner: true };
    harness = await startHarness({ release: last, teams: 1 });
    team = await harness.team();
  }, 2 * patience);
  afterAll(() => harness?.close(), patience);

  const queues = (): Promise<{ name: string; policy: string }[]> =>
    harness.rows(`select name, policy from queue.queue where name <> 'dead-letters' order by name`);

  /** Sends checks and moves their cases until `stop`. `failures`: errors on the way. */
  function load(): { sent: string[]; failures: string[]; stop(): Promise<void> } {
    let going = true;
    const state = { sent: [] as string[], failures: [] as string[], stop: () => ((going = false), all) };
    const steadily = async (everyMs: number, work: () => Promise<unknown>): Promise<void> => {
      while (going) {
        await work().catch((error: Error) => state.failures.push(error.message));
        await new Promise((resolve) => setTimeout(resolve, everyMs));
      }
    };
    const all = Promise.all([
      steadily(100, async () => state.sent.push(await team.sendSurely(await team.applicant()))),
      steadily(100, moveCases),
    ]).then(() => undefined);
    return state;
  }

  /** Moves cases at Certn, which sends webhook events about them. */
  async function moveCases(): Promise<void> {
    const cases = await harness.certn.control.cases({ account: team.account.id, limit: 20 });
    for (const { id, possible_actions: possible } of cases) {
      const next = ['open', 'start', 'submit', 'complete'].find((action) => possible.includes(action));
      if (next !== undefined) await harness.certn.control.act(id, next);
    }
  }

  /** Leaves waiting jobs of the running release: Certn asks for a pause. */
  async function ordersWait(): Promise<void> {
    await team.fault('throttle', { retry_after: 6, times: 1 });
    await harness.until(
      'an order waits',
      () =>
        harness.rows(`select 1 from queue.job where name like 'integrations.order-due%'
                  and state in ('created', 'retry') and start_after > now() + interval '2 seconds'`),
      (jobs) => jobs.length > 0,
    );
  }

  async function change(replica: Replica | undefined, release: Release): Promise<void> {
    if (replica === undefined) throw new Error('Two replicas are needed.');
    await ordersWait();
    await harness.change(replica, release);
    harness.record.note('changed', { replica: replica.name, release: release === last ? 'last' : 'present' });
    await new Promise((resolve) => setTimeout(resolve, sideBySideMs));
  }

  it(
    'the file of the last release’s queues is correct: `last-release` relies on it',
    async () => {
      const file = JSON.parse(readFileSync(join(checkout, '.ci', 'last-release-queues.json'), 'utf8')) as object;
      expect(Object.fromEntries((await queues()).map(({ name, policy }) => [name, policy]))).toEqual(file);
    },
    patience,
  );

  it(
    'forward, back and forward again under load: every check is ordered once, no job fails or is left behind, a kept copy is whole',
    async () => {
      const [one, other] = harness.replicas;
      const running = load();
      harness.migrate(harness.present);
      await change(one, harness.present);
      const present = team.admin.at(one?.url ?? '');
      const read: Read = <T>(path: string) => untilServed(() => present.get<T>(path));
      const copy = new KeptCopy(read);
      await copy.begin();
      await change(other, harness.present);
      await change(one, last);
      await change(other, last);
      // The last release alone on the migrated database: a new team, from creation to an invited candidate.
      await (await harness.team()).invited();
      await change(one, harness.present);
      await change(other, harness.present);
      await running.stop();
      expect(running.failures).toEqual([]);
      expect(running.sent.length).toBeGreaterThan(50);
      await checkInvariants(harness);
      // Also of what the last release wrote, which knows nothing of the changes feed.
      await copy.follow();
      expect(copy.things.size).toBeGreaterThan(running.sent.length);
      expect(differences(copy.things, await theLists(read))).toEqual([]);
      const perAddress = Map.groupBy(ledgerOf(harness.ledgerFile), ({ email }) => email);
      const orders = harness.record.of('sent').map(({ email }) => perAddress.get(String(email))?.length ?? 0);
      expect(orders.filter((times) => times !== 1)).toEqual([]);
      expect(perAddress.size).toBe(harness.record.of('sent').length);
      // Includes jobs that wait for a later time.
      const left = await harness.rows(`
        select j.name from queue.job j left join platform.subscription s on s.queue = j.name
        where j.state < 'completed' and s.worked_at > now() - interval '2 minutes' is not true`);
      expect(left).toEqual([]);
    },
    patience,
  );
});
