import { Agent } from 'node:http';
import { randomUUID } from 'node:crypto';
import { median, quantile } from './measures.ts';
import { sign, webhookOf, webhookPath } from './signed-webhooks.ts';
import type { Harness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { type Measured, measure, steadily } from './steady-load.ts';

const goodPerSecond = 200;
const badPerSecond = 400;
const seconds = 60;
const cases = 20;

/**
 * A21: for a minute, forged webhook events arrive at twice the rate of authentic ones, from the same address. The authentic ones
 * must be answered about as fast as before, all must be stored, and none may be rate limited.
 */
export async function measureFlood(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  const known = await Promise.all(Array.from({ length: cases }, () => team.invited()));
  const ids = known.map(({ caseId }) => caseId);
  const { webhook_secret: secret } = team.account;
  const agent = new Agent({ keepAlive: true, maxSockets: 128 });
  const url = `${harness.replicas[0]?.ownUrl}${webhookPath}`;
  const sent: string[] = [];
  const postWebhook = (body: string, signature: string): Promise<Measured> =>
    measure(agent, url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'x-signature': signature },
    });
  const good = (i: number): Promise<Measured> => {
    const id = randomUUID();
    sent.push(id);
    harness.record.actions.push({ at: '', what: 'notifying', event: id });
    const body = webhookOf(ids[i % cases] ?? '', { id });
    return postWebhook(body, sign(body, secret));
  };
  const bad = (i: number): Promise<Measured> => {
    const body = webhookOf(ids[i % cases] ?? '');
    return postWebhook(body, sign(body, 'not the secret'));
  };
  await steadily(goodPerSecond, 10, good);
  const before = await steadily(goodPerSecond, seconds / 2, good);
  const [during, refused] = await Promise.all([
    steadily(goodPerSecond, seconds, good),
    steadily(badPerSecond, seconds, bad),
  ]);
  const after = await steadily(goodPerSecond, seconds / 2, good);
  agent.destroy();
  const stored = await harness.rows('select 1 from integrations.inbound_event where event_id = any($1)', [sent]);
  const calm = [...before, ...after];
  const ratio = p99(during) / p99(calm);
  const lost = [...calm, ...during].filter(({ status }) => status !== 200).length;
  const taken = refused.filter(({ status }) => status !== 401).length;
  return {
    'authentic / forged during the flood': `${during.length} / ${refused.length}`,
    'median ms without / during the flood': `${round(median(calm.map(msOf)))} / ${round(median(during.map(msOf)))}`,
    'p99 ms without / during the flood': `${round(p99(calm))} / ${round(p99(during))}`,
    'p99, ratio': round(ratio),
    'authentic ones not answered 200': lost,
    'authentic ones not stored': sent.length - stored.length,
    'forged ones not answered 401': taken,
    met: ratio < 3 && lost === 0 && stored.length === sent.length && taken === 0,
  };
}

const msOf = ({ ms }: Measured): number => ms;
const p99 = (answers: Measured[]): number => quantile(answers.map(msOf), 0.99);
const round = (value: number): number => Number(value.toPrecision(3));
