import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { asService } from '../support/environment.ts';
import { sign, webhookOf } from './signed-webhooks.ts';
import { postWebhook } from './webhook-requests.ts';
import { median, quantile } from './measures.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';

/** Replicas of each side. */
export const perSide = 3;
const people = 400;
const repeats = 200;
const sends = 150;
const warmUp = 30;
/** Limit for the ratio of the times with and without row level security. */
const aim = 1.05;

const sides = ['without', 'with'] as const;
type Side = (typeof sides)[number];
type Measured = Record<Side, number[]>;
type RequestOf = (side: Side, nth: number) => Promise<{ status: number }>;

/**
 * Measures the cost of row level security: the same requests alternate between replicas on one database. Some work as the service
 * does. The others sign in as the owner, whom row level security does not bind, and their statements carry no team scope.
 */
export async function measureRowSecurity(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  const { caseId } = await team.invited();
  const replicas = await bothSides(harness);
  const others = await harness.team();
  await others.applicants(people / 2);
  const applicants = await team.applicants(Math.max(people, 2 * (sends + warmUp)));
  await harness.rows('analyze');
  const at = (side: Side, nth: number): string => replicas[side][Math.floor(nth / 2) % perSide]?.ownUrl ?? '';
  const get =
    (path: string): RequestOf =>
    (side, nth) =>
      team.admin.at(at(side, nth)).get(path);
  const [first] = (await team.admin.at(at('with', 0)).get<{ id: string }[]>('/candidates')).body;
  const requests: Record<string, { request: RequestOf; times: number }> = {
    list: { request: get('/applications?status=active'), times: repeats },
    point: { request: get(`/candidates/${first?.id}`), times: repeats },
    send: {
      request: (side, nth) => send(team, at(side, nth), applicants[2 * nth + sides.indexOf(side)]),
      times: sends,
    },
    webhook: { request: (side, nth) => notify(team, at(side, nth), caseId), times: repeats },
  };
  const figures: Record<string, unknown> = {};
  let met = true;
  for (const [name, { request, times }] of Object.entries(requests)) {
    const { without, with: secured } = await alternate(request, times);
    const ratio = median(secured) / median(without);
    met &&= ratio <= aim;
    const [quick, quickSecured] = [quantile(without, 0.1), quantile(secured, 0.1)];
    figures[name] = {
      'median, ms without / with, ratio': `${round(median(without))} / ${round(median(secured))}, ${round(ratio)}`,
      // The value that other load on the machine affects least.
      'quickest tenth': `${round(quick)} / ${round(quickSecured)}, ${round(quickSecured / quick)}`,
    };
  }
  return { ...figures, 'of each': `${repeats} (sends: ${sends}), medians`, met };
}

/**
 * Bypasses the proxies, and runs no jobs, because both would distort the times. There are several replicas of each kind, because
 * two processes with the same work differ by up to a tenth.
 */
async function bothSides(harness: Harness): Promise<Record<Side, Replica[]>> {
  const withoutScope = pathToFileURL(join(import.meta.dirname, 'without-row-security.mjs')).href;
  const without = harness.replicas.filter((_, nth) => nth % 2 === 0);
  const secured = harness.replicas.filter((_, nth) => nth % 2 === 1);
  for (const one of without)
    one.env = { ROLE: 'api', DATABASE_URL: harness.databaseUrl, NODE_OPTIONS: `--import=${withoutScope}` };
  for (const one of secured) one.env = { ROLE: 'api', DATABASE_URL: asService(harness.databaseUrl) };
  for (const replica of harness.replicas) {
    await replica.stop();
    await replica.start();
  }
  return { without, with: secured };
}

/** The first side changes every time, so neither always profits from the other's warm caches. */
async function alternate(request: RequestOf, times: number): Promise<Measured> {
  const measured: Measured = { without: [], with: [] };
  for (let nth = 0; nth < warmUp + times; nth += 1) {
    for (const side of nth % 2 ? sides : [...sides].reverse()) {
      const begun = performance.now();
      const { status } = await request(side, nth);
      if (nth >= warmUp) measured[side].push(performance.now() - begun);
      if (status >= 300) throw new Error(`A request ${side} row level security was answered ${status}.`);
    }
  }
  return measured;
}

const send = (team: HarnessTeam, url: string, to: Applicant | undefined): Promise<{ status: number }> =>
  team.admin.at(url).post(`/applications/${to?.applicationId}/background_checks`, { job_stage_item_id: team.itemId });

async function notify(team: HarnessTeam, url: string, caseId: string): Promise<{ status: number }> {
  const id = randomUUID();
  team.harness.record.note('notifying', { event: id, case: caseId });
  const body = webhookOf(caseId, { id });
  return postWebhook(url, body, { 'x-signature': sign(body, team.account.webhook_secret) });
}

const round = (value: number): number => Number(value.toPrecision(3));
