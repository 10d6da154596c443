import { randomUUID } from 'node:crypto';
import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const repeats = 3;
const exitWithinMs = 10_000;

describe('replicas are restarted one after the other', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness();
    team = await harness.team();
  }, patience);
  afterAll(() => harness?.close(), patience);

  /** Repeats reads, sends and webhook events until `stop`. `failures`: unexpected answers. */
  function load(caseId: string, checks: string[]): { failures: string[]; answered: number; stop(): Promise<void> } {
    let going = true;
    const state = { failures: [] as string[], answered: 0, stop: () => ((going = false), all) };
    const steadily = async (
      name: string,
      request: () => Promise<{ status: number }>,
      expected: number,
    ): Promise<void> => {
      while (going) {
        const status = await request().then(
          (answer) => answer.status,
          (error: Error) => `${error.message} ${(error.cause as Error | undefined)?.message ?? ''}`,
        );
        if (status === expected) state.answered += 1;
        else state.failures.push(`${name}: ${status}`);
        await new Promise((resolve) => setTimeout(resolve, 15));
      }
    };
    const sendOne = async (): Promise<{ status: number }> => {
      const answer = await team.send(await team.applicant());
      checks.push(answer.body.id);
      return answer;
    };
    const all = Promise.all([
      steadily('read', () => team.admin.get('/background_checks?per_page=5'), 200),
      steadily('read', () => team.admin.get('/background_checks?per_page=5'), 200),
      steadily('webhook event', () => team.notify(caseId, { eventId: randomUUID() }), 200),
      steadily('send', sendOne, 201),
    ]).then(() => undefined);
    return state;
  }

  it(
    'SIGTERM under load, one after the other: no request fails, each is unready first and ends within ten seconds, nothing is lost [C10]',
    async () => {
      const { caseId } = await team.invited();
      const checks: string[] = [];
      const running = load(caseId, checks);
      for (let repeat = 0; repeat < repeats; repeat += 1) {
        for (const replica of harness.replicas) {
          const begun = performance.now();
          const stopped = replica.stop();
          await harness.until(
            'it says it is not ready',
            async () => replica.isReady(),
            (ready) => !ready,
            patience,
          );
          expect(await stopped).toBe(0);
          const ms = performance.now() - begun;
          harness.record.note('stopped', { ms });
          expect(ms).toBeLessThan(exitWithinMs);
          await replica.start();
          await harness.inService(replica);
        }
      }
      await running.stop();
      expect(running.failures).toEqual([]);
      expect(running.answered).toBeGreaterThan(100);
      for (const id of checks) await team.reaches(id, 'invited', 30_000);
      await checkInvariants(harness);
    },
    patience,
  );
});
