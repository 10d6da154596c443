import { randomBytes } from 'node:crypto';
import { inspectable, liveMemory } from './live-memory.ts';
import { LoudTeam } from './loud-team.ts';
import { highest, memoryOf, quantile } from './measures.ts';
import { attacks, type Outcome } from './noisy-attacks.ts';
import { QuietTeam, type Served } from './quiet-team.ts';
import { patience, type Harness, startHarness } from './harness.ts';

const calmSeconds = 3;
const attackSeconds = 6;
/** How long an attack goes on before the quiet team is looked at, and after. */
const marginSeconds = 0.5;
/**
 * Below this a p99 says how busy the machine is, not who keeps whom waiting: the quiet team's calm p99 counts as at least so
 * much. Three times as much is what nobody notices.
 */
const floorMs = 60;
/** The goal; a round beyond it is repeated, and printed as it was. */
const goal = 3;
/** Where the suite fails: the attacker's own process takes a core of two, which no wall of ours can give back. */
const mostTimesSlower = 2 * goal;
/** What a process may keep for good beside the 20 %: code that was compiled, connections that stay open. */
const memoryFloorMb = 12;
/** The machine does other things, too: what harms the quiet team harms it in each of three rounds. */
const mostRounds = 3;
const sends = Object.keys(attacks).length * mostRounds * 2 * (calmSeconds + attackSeconds + 1);

interface Round {
  answered: Outcome;
  /** The quiet team's p99 in milliseconds, without the attack and meanwhile. */
  calm: number;
  meanwhile: number;
  /** What the quiet team was answered 5xx, or not at all. */
  failed: string;
  /** Of each replica, once unused memory is collected, in MB; and the most that a process took. */
  before: number[];
  after: number[];
  peak: number;
}

describe('One customer never starves another', () => {
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
    const keys = { CREDENTIALS_KEYS: `rig:${key.toString('base64')}` };
    const ordinary = { TRUST_PROXY_HOPS: '1', SWEEP_SECONDS: '600', LOG_LEVEL: 'warn' };
    harness = await startHarness({ env: { ...inspectable, ...limits, ...keys, ...ordinary } });
    quiet = await QuietTeam.start(harness, sends);
    loud = await LoudTeam.start(harness, [{ kid: 'rig', key }]);
    await quiet.lives(2);
  }, patience);
  afterAll(async () => {
    quiet?.close();
    await harness?.close();
  }, patience);

  it.each(Object.keys(attacks))(
    '%s [G9]',
    async (attack) => {
      let round = await underAttack(attack);
      for (let n = 1; n < mostRounds && isHarmed(round); n += 1) round = better(round, await underAttack(attack));
      expect(round.failed).toBe('');
      expect(timesSlower(round)).toBeLessThanOrEqual(mostTimesSlower);
      expect(isBack(round)).toBe(true);
    },
    120_000,
  );

  async function underAttack(attack: string): Promise<Round> {
    const before = await memory();
    const calm = await quiet.lives(calmSeconds);
    const most = harness.replicas.map(({ pid }) => highest(() => memoryOf(pid)));
    const { over } = await loud.attack(attack, attackSeconds + 2 * marginSeconds, { caseId: quiet.caseId });
    const changing = setInterval(() => void loud.somethingChanges(), 250);
    await new Promise((resolve) => setTimeout(resolve, marginSeconds * 1_000));
    const meanwhile = await quiet.lives(attackSeconds);
    const answered = await over;
    clearInterval(changing);
    const peak = Math.max(...most.map(({ stop }) => stop()));
    const failed = inWords(meanwhile.filter(({ status }) => status >= 500 || status === 0));
    const after = await memoryBackTo(before);
    const round = { answered, calm: p99(calm), meanwhile: p99(meanwhile), failed, before, after, peak };
    print(attack, round);
    return round;
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

const isBack = ({ before, after }: Pick<Round, 'before' | 'after'>): boolean =>
  after.every((mb, nth) => mb <= Math.max((before[nth] ?? 0) * 1.2, (before[nth] ?? 0) + memoryFloorMb));

const p99 = (served: Served[]): number =>
  quantile(
    served.map(({ ms }) => ms),
    0.99,
  );

const timesSlower = ({ calm, meanwhile }: Round): number => meanwhile / Math.max(floorMs, calm);
const isHarmed = (round: Round): boolean => round.failed !== '' || timesSlower(round) > goal || !isBack(round);
const better = (one: Round, other: Round): Round =>
  isHarmed(other) && (other.failed !== '' || timesSlower(other) > timesSlower(one)) ? one : other;

function inWords(served: Served[]): string {
  const kinds = new Map<string, number>();
  for (const { what, status } of served) kinds.set(`${what} ${status}`, (kinds.get(`${what} ${status}`) ?? 0) + 1);
  return [...kinds].map(([kind, count]) => `${kind} ×${count}`).join(', ');
}

const round = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

function print(attack: string, { answered, calm, meanwhile, failed, before, after, peak }: Round): void {
  const times = `p99 ${round(calm)} → ${round(meanwhile)} ms (×${(meanwhile / calm).toFixed(1)})`;
  const memory = `MB ${before.map(round).join('/')} → ${after.map(round).join('/')}, most ${round(peak)}`;
  const told = Object.entries(answered).map(([status, count]) => `${status}×${count}`);
  process.stdout.write(
    `      ${attack.padEnd(34)} ${times.padEnd(32)} ${memory}  [${told.join(' ')}]  ${failed || 'none failed'}\n`,
  );
}
