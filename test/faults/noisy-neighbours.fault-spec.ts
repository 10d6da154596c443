import { randomBytes } from 'node:crypto';
import { inspectable, liveMemory } from './live-memory.ts';
import { LoudTeam } from './loud-team.ts';
import { highest, memoryOf, quantile } from './measures.ts';
import { attacks, type Outcome } from './noisy-attacks.ts';
import { QuietTeam, type Served } from './quiet-team.ts';
import { patience, type Rig, startRig } from './rig.ts';

const calmSeconds = 3;
const attackSeconds = 6;
/** How long an attack goes on before the quiet team is looked at, and after. */
const marginSeconds = 0.5;
/**
 * Below this a p99 says how busy the machine is, not who keeps whom waiting: the quiet team's calm p99 counts as at least so
 * much. Three times as much is what nobody notices.
 */
const floorMs = 60;
const mostTimesSlower = 3;
/** What a process may keep for good beside the 20 %: code that was compiled, connections that stay open. */
const memoryFloorMb = 12;
const sends = Object.keys(attacks).length * 2 * (calmSeconds + attackSeconds + 1);

interface Figures {
  attack: string;
  answered: Outcome;
  calm: number;
  meanwhile: number;
  ratio: number;
  failed: number;
  memory: string;
}

describe('One customer never starves another', () => {
  const key = randomBytes(32);
  const table: Figures[] = [];
  let rig: Rig;
  let quiet: QuietTeam;
  let loud: LoudTeam;

  beforeAll(async () => {
    const limits = {
      RATE_LIMIT_PER_MINUTE: '600',
      RATE_LIMIT_PER_TEAM_PER_MINUTE: '6000',
      FAILED_SIGN_INS_PER_MINUTE: '120',
      FAILED_NOTICES_PER_MINUTE: '300',
      CONNECTION_TESTS_PER_MINUTE: '10',
    };
    const keys = { CREDENTIALS_KEYS: `rig:${key.toString('base64')}` };
    rig = await startRig({ env: { ...inspectable, ...limits, ...keys, TRUST_PROXY_HOPS: '1', LOG_LEVEL: 'warn' } });
    quiet = await QuietTeam.start(rig, sends);
    loud = await LoudTeam.start(rig, [{ kid: 'rig', key }]);
    await quiet.lives(2);
  }, patience);
  afterAll(async () => {
    print(table);
    quiet?.close();
    await rig?.close();
  }, patience);

  it.each(Object.keys(attacks))(
    'G9: %s',
    async (attack) => {
      const before = await memory();
      const calm = await quiet.lives(calmSeconds);
      const most = rig.replicas.map(({ pid }) => highest(() => memoryOf(pid)));
      const { over } = await loud.attack(attack, attackSeconds + 2 * marginSeconds, { caseId: quiet.caseId });
      const changing = setInterval(() => void loud.somethingChanges(), 250);
      await new Promise((resolve) => setTimeout(resolve, marginSeconds * 1_000));
      const meanwhile = await quiet.lives(attackSeconds);
      const answered = await over;
      clearInterval(changing);
      const peak = Math.max(...most.map(({ stop }) => stop()));
      const figures = figuresOf(attack, answered, calm, meanwhile);
      table.push(figures);
      const after = await memoryBackTo(before);
      figures.memory = `${before.map(round).join('/')} → ${after.map(round).join('/')} (RSS ${round(peak)})`;

      expect(inWords(meanwhile.filter(({ status }) => status >= 500 || status === 0))).toBe('');
      expect(figures.meanwhile / Math.max(floorMs, figures.calm)).toBeLessThanOrEqual(mostTimesSlower);
      expect(isBack(before, after)).toBe(true);
    },
    60_000,
  );

  const memory = (): Promise<number[]> => Promise.all(rig.replicas.map((replica) => liveMemory(replica)));

  async function memoryBackTo(before: number[]): Promise<number[]> {
    const end = Date.now() + 10_000;
    for (;;) {
      const now = await memory();
      if (isBack(before, now) || Date.now() > end) return now;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
});

const isBack = (before: number[], after: number[]): boolean =>
  after.every((mb, nth) => mb <= Math.max((before[nth] ?? 0) * 1.2, (before[nth] ?? 0) + memoryFloorMb));

const p99 = (served: Served[]): number =>
  quantile(
    served.map(({ ms }) => ms),
    0.99,
  );

function figuresOf(attack: string, answered: Outcome, calm: Served[], meanwhile: Served[]): Figures {
  const failed = meanwhile.filter(({ status }) => status >= 400 || status === 0).length;
  const [a, b] = [p99(calm), p99(meanwhile)];
  return { attack, answered, calm: a, meanwhile: b, ratio: b / a, failed, memory: '' };
}

const inWords = (served: Served[]): string => served.map(({ what, status }) => `${what} ${status}`).join(', ');
const round = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

function print(table: Figures[]): void {
  const lines = table.map(({ attack, answered, calm, meanwhile, ratio, failed, memory }) => {
    const told = Object.entries(answered).map(([status, count]) => `${status}×${count}`);
    const times = `p99 ${round(calm)} → ${round(meanwhile)} ms (×${ratio.toFixed(1)})`;
    return `      ${attack.padEnd(34)} ${times.padEnd(34)} failed ${failed}  MB ${memory}  [${told.join(' ')}]`;
  });
  process.stdout.write(`${lines.join('\n')}\n`);
}
