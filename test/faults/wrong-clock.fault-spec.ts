import { checkInvariants } from './invariants.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { setClock } from './wrong-clock.ts';

const tenMinutes = 600_000;

interface Figures {
  ledger: number;
  posts: number;
  /** Completed jobs about orders. */
  jobs: number;
  seconds: number;
}

/**
 * The replica with the wrong clock runs all jobs about orders; the other one only serves requests. The scenario has orders, a lost
 * answer, an outage that opens the circuit breaker, a budget that runs out, and webhook events.
 */
describe('a replica whose clock is wrong by ten minutes [D14]', () => {
  let harness: Harness;
  let team: HarnessTeam;
  beforeAll(async () => {
    harness = await startHarness({ env: { CERTN_REQUESTS_PER_MINUTE: '90' } });
    const [right, wrong] = harness.replicas;
    if (!right || !wrong) throw new Error('Two replicas are needed.');
    right.env = { ROLE: 'api' };
    await right.stop();
    await right.start();
  }, patience);
  afterAll(() => harness?.close(), patience);

  async function runScenario(offsetMs: number): Promise<Figures> {
    const [right, wrong] = harness.replicas;
    if (!right || !wrong) throw new Error('Two replicas are needed.');
    setClock(wrong, offsetMs);
    await wrong.stop();
    await wrong.start();
    await Promise.all([harness.inService(right), harness.inService(wrong)]);
    team = await harness.team();
    const known = await team.invited();
    const jobsBefore = await orderJobs();
    const begun = performance.now();
    await team.fault('reset-after-commit');
    const lost = await team.sendSurely(await team.applicant());
    await team.reaches(lost, 'invited', 60_000);
    await harness.certn.control.fault({
      account: team.account.id,
      kind: 'status',
      status: 503,
      times: null,
      route: 'order-package',
    });
    const ids: string[] = [];
    for (const to of await team.applicants(20)) ids.push(await team.sendSurely(to));
    await harness.until('the circuit breaker opens', openings, (count) => count >= 1);
    await harness.certn.control.clearFaults();
    for (const id of ids) await team.reaches(id, 'invited', 150_000);
    await harness.certn.control.act(known.caseId, 'open');
    await team.reaches(known.id, 'opened', 20_000);
    const seconds = (performance.now() - begun) / 1000;
    await checkInvariants(harness, 120_000);
    return {
      ledger: (await harness.certn.control.ledger({ account: team.account.id })).length,
      posts: (await team.orderPosts()).length,
      jobs: (await orderJobs()) - jobsBefore,
      seconds,
    };
  }

  const orderJobs = async (): Promise<number> =>
    (
      await harness.rows<{ n: number }>(
        `select count(*)::int as n from queue.job where name like 'integrations.order-%' and state = 'completed'`,
      )
    )[0]?.n ?? 0;
  const openings = async (): Promise<number> =>
    (
      await harness.rows<{ n: number }>(
        'select coalesce(max(times_opened), 0)::int as n from integrations.circuit_breaker',
      )
    )[0]?.n ?? 0;

  it(
    'changes nothing: the same orders, similar numbers of jobs, similar times',
    async () => {
      const right = await runScenario(0);
      for (const offset of [-tenMinutes, tenMinutes]) {
        const wrong = await runScenario(offset);
        process.stdout.write(`clock ${offset / 60_000} min: ${JSON.stringify({ right, wrong })}\n`);
        expect(wrong.ledger).toBe(right.ledger);
        // A waiting order's job repeats from time to time. A slow clock must not turn that into a busy loop.
        expect(wrong.jobs).toBeLessThan(2 * right.jobs + 40);
        // Far less than the clock's error. Other load on the machine costs some seconds.
        expect(wrong.seconds).toBeLessThan(right.seconds + 100);
      }
    },
    3 * patience,
  );
});
