import { randomBytes } from 'node:crypto';
import { inspectable, liveMemory } from './live-memory.ts';
import { LoudTeam } from './loud-team.ts';
import { highest, memoryOf, quantile } from './measures.ts';
import { attacks, type Outcome } from './noisy-attacks.ts';
import { QuietTeam, type Served } from './quiet-team.ts';
import { patience, type Harness, startHarness } from './harness.ts';

const calmSeconds = 3;
const attackSeconds = 6;
/** How long an attack runs before and after the quiet team's traffic is measured. */
const marginSeconds = 0.5;
/**
 * A lower p99 shows the load of the machine, not the effect of the attack, so the quiet team's calm p99 counts as at least this
 * much. Users do not notice three times this time.
 */
const floorMs = 60;
/** The goal, as a ratio. A run that exceeds it is printed and repeated. */
const goal = 3;
/** The limit: higher than the goal, because the attacker's own process takes one core of two. */
const mostTimesSlower = 2 * goal;
/** Memory that a process may keep regardless of the 20 %: compiled code, open connections. */
const memoryFloorMb = 12;
/** Other load on the machine can spoil one run: an attack fails only when each of three runs exceeds a limit. */
const mostRuns = 3;
const sends = Object.keys(attacks).length * mostRuns * 2 * (calmSeconds + attackSeconds + 1);

interface Run {
  answered: Outcome;
  /** The quiet team's p99 in milliseconds, before and during the attack. */
  calm: number;
  during: number;
  /** The quiet team's requests that were answered 5xx or not at all. */
  failed: string;
  /** Memory of each replica after a garbage collection, in MB, and the highest memory of a process during the attack. */
  before: number[];
  after: number[];
  peak: number;
}

describe('one customer’s load does not slow down another', () => {
  const key = randomBytes(32);
  let harness: Harness;
  let quiet: QuietTeam;
  let loud: LoudTeam;

  beforeAll(async () => {
    const limits = {
      RATE_LIMIT_PER_MINUTE: '600',
      RATE_LIMIT_PER_TEAM_PER_MINUTE: '6000',
      FAILED_SIGN_INS_PER_MINUTE: '120',
      FAILED_WEBHOOKS_PER_MINUTE: '300',
      CONNECTION_TESTS_PER_MINUTE: '10',
    };
    const keys = { CREDENTIALS_KEYS: `harness:${key.toString('base64')}` };
    const ordinary = { TRUST_PROXY_HOPS: '1', SWEEP_SECONDS: '600', LOG_LEVEL: 'warn' };
    harness = await startHarness({ env: { ...inspectable, ...limits, ...keys, ...ordinary } });
    quiet = await QuietTeam.start(harness, sends);
    loud = await LoudTeam.start(harness, [{ kid: 'harness', key }]);
    await quiet.runTraffic(2);
  }, patience);
  afterAll(async () => {
    quiet?.close();
    await harness?.close();
  }, patience);

  it.each(Object.keys(attacks))(
    'the quiet team is served during: %s [G9]',
    async (attack) => {
      let run = await underAttack(attack);
      for (let n = 1; n < mostRuns && isHarmed(run); n += 1) run = better(run, await underAttack(attack));
      expect(run.failed).toBe('');
      expect(timesSlower(run)).toBeLessThanOrEqual(mostTimesSlower);
      expect(isBack(run)).toBe(true);
    },
    120_000,
  );

  async function underAttack(attack: string): Promise<Run> {
    const before = await memory();
    const calm = await quiet.runTraffic(calmSeconds);
    const most = harness.replicas.map(({ pid }) => highest(() => memoryOf(pid)));
    const { over } = await loud.attack(attack, attackSeconds + 2 * marginSeconds, { caseId: quiet.caseId });
    const changing = setInterval(() => void loud.changeCheck(), 250);
    await new Promise((resolve) => setTimeout(resolve, marginSeconds * 1_000));
    const during = await quiet.runTraffic(attackSeconds);
    const answered = await over;
    clearInterval(changing);
    const peak = Math.max(...most.map(({ stop }) => stop()));
    const failed = countsOf(during.filter(({ status }) => status >= 500 || status === 0));
    const after = await memoryBackTo(before);
    const run = { answered, calm: p99(calm), during: p99(during), failed, before, after, peak };
    print(attack, run);
    return run;
  }

  const memory = (): Promise<number[]> => Promise.all(harness.replicas.map((replica) => liveMemory(replica)));

  async function memoryBackTo(before: number[]): Promise<number[]> {
    const end = Date.now() + 10_000;
    for (;;) {
      const now = await memory();
      if (isBack({ before, after: now }) || Date.now() > end) return now;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
});

const isBack = ({ before, after }: Pick<Run, 'before' | 'after'>): boolean =>
  after.every((mb, nth) => mb <= Math.max((before[nth] ?? 0) * 1.2, (before[nth] ?? 0) + memoryFloorMb));

const p99 = (served: Served[]): number =>
  quantile(
    served.map(({ ms }) => ms),
    0.99,
  );

const timesSlower = ({ calm, during }: Run): number => during / Math.max(floorMs, calm);
const isHarmed = (run: Run): boolean => run.failed !== '' || timesSlower(run) > goal || !isBack(run);
const better = (one: Run, other: Run): Run =>
  isHarmed(other) && (other.failed !== '' || timesSlower(other) > timesSlower(one)) ? one : other;

function countsOf(served: Served[]): string {
  const kinds = new Map<string, number>();
  for (const { what, status } of served) kinds.set(`${what} ${status}`, (kinds.get(`${what} ${status}`) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => `${kind} ×${count}`).join(', ');
}

const round = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

function print(attack: string, { answered, calm, during, failed, before, after, peak }: Run): void {
  const times = `p99 ${round(calm)} → ${round(during)} ms (×${(during / calm).toFixed(1)})`;
  const memory = `MB ${before.map(round).join('/')} → ${after.map(round).join('/')}, most ${round(peak)}`;
  const counts = Object.entries(answered).map(([status, count]) => `${status}×${count}`);
  process.stdout.write(
    `      ${attack.padEnd(34)} ${times.padEnd(32)} ${memory}  [${counts.join(' ')}]  ${failed || 'none failed'}\n`,
  );
}
