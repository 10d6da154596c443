import { Agent, request } from 'node:http';
import { median, quantile } from './measures.ts';
import { sign, webhookOf, webhookPath } from './signed-webhooks.ts';
import { Random } from './random.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

const asked = 100_000;
const warmUp = 2_000;
/** Share of the times that is kept: the slowest show other load on the machine. Both kinds have the same limit. */
const kept = 0.95;

type Kind = 'first' | 'last' | 'short';

/**
 * A8: the time of a refusal must not show how much of a signature was right. One caller on one connection sends signatures that
 * are wrong in the first or in the last digit, in random order. As a control, one in fifty is too short and is refused before the
 * comparison: this shows that the measurement can detect a difference.
 */
export async function measureSignatureTiming(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  const { caseId } = await team.invited();
  const body = webhookOf(caseId);
  const good = sign(body, team.account.webhook_secret);
  const forged: Record<Kind, string> = {
    first: other(good[0]) + good.slice(1),
    last: good.slice(0, -1) + other(good.at(-1)),
    short: good.slice(0, -2),
  };
  const endpoint = oneConnection(`${harness.replicas[0]?.ownUrl}${webhookPath}`);
  const random = new Random(8);
  const times: Record<Kind, number[]> = { first: [], last: [], short: [] };
  for (let i = 0; i < warmUp; i += 1) await endpoint.refused(body, forged.last);
  for (let i = 0; i < asked; i += 1) {
    const kind = random.chance(0.02) ? 'short' : random.pick(['first', 'last'] as const);
    times[kind].push(await endpoint.refused(body, forged[kind]));
  }
  endpoint.close();
  const result = compare(times.first, times.last);
  const control = compare(times.first, times.short);
  return {
    refused: asked,
    'median µs, first / last digit wrong': `${round(median(times.first))} / ${round(median(times.last))}`,
    'difference of the means µs': result.difference,
    'smallest difference that would be detected µs': result.resolution,
    'p (Welch)': result.p,
    'control: p against one that is too short': control.p,
    met: result.p > 0.01 && control.p < 0.01,
  };
}

const round = (value: number): number => Number(value.toPrecision(4));

const other = (digit: string | undefined): string => (digit === '0' ? '1' : '0');

/** `refused` resolves to the time of the refusal, in microseconds. */
function oneConnection(url: string): { refused: (body: string, signature: string) => Promise<number>; close(): void } {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const refused = (body: string, signature: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { 'content-type': 'application/json', 'content-length': body.length, 'x-signature': signature };
      const begun = process.hrtime.bigint();
      const asking = request(url, { agent, method: 'POST', headers }, (answer) => {
        const took = Number(process.hrtime.bigint() - begun) / 1_000;
        answer.resume().once('end', () => {
          if (answer.statusCode === 401) resolve(took);
          else reject(new Error(`A forged webhook event was answered ${answer.statusCode}.`));
        });
      });
      asking.once('error', reject);
      asking.end(body);
    });
  return { refused, close: () => agent.destroy() };
}

interface Comparison {
  difference: number;
  /** The smallest difference of the means that a sample of this size would show. */
  resolution: number;
  p: number;
}

/** Welch's test of two means. With this many values Student's distribution is close to the normal one. */
function compare(a: readonly number[], b: readonly number[]): Comparison {
  const limit = quantile([...a, ...b], kept);
  const [x, y] = [summed(a, limit), summed(b, limit)];
  const error = Math.sqrt(x.variance / x.count + y.variance / y.count);
  const difference = x.mean - y.mean;
  const p = tails(Math.abs(difference) / error);
  return { difference: round(difference), resolution: round(2.576 * error), p: round(p) };
}

function summed(values: readonly number[], limit: number): { count: number; mean: number; variance: number } {
  const within = values.filter((value) => value <= limit);
  const mean = within.reduce((sum, value) => sum + value, 0) / within.length;
  const squares = within.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { count: within.length, mean, variance: squares / (within.length - 1) };
}

/** Probability that a normal value is at least this far from the mean, on either side (Abramowitz and Stegun 26.2.17). */
function tails(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return Math.min(1, (2 * Math.exp((-z * z) / 2) * poly) / Math.sqrt(2 * Math.PI));
}
