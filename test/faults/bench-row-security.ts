import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { asService } from '../support/environment.ts';
import { sign, webhookOf } from './signed-webhooks.ts';
import { postWebhook } from './webhook-requests.ts';
import { median } from './measures.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';

/** Replicas of each side. */
export const perSide = 3;
/** Every round has new processes: two processes with the same work differ by up to a fifth, for as long as they run. */
const rounds = 6;
const people = 400;
const warmUp = 60;
const repeats = 90;
const sends = 30;
/** Limit for the ratio of the times with and without row level security. */
const aim = 1.05;

const sides = ['without', 'with'] as const;
type Side = (typeof sides)[number];
type Measured = Record<Side, number[]>;
type RequestOf = (side: Side, nth: number) => Promise<{ status: number }>;
interface Kind {
  request: RequestOf;
  times: number;
  warmUp: number;
}

/**
 * Measures the cost of row level security: the same requests alternate between replicas on one database. Some work as the service
 * does. The others sign in as the owner, whom row level security does not bind, and their statements carry no team scope. As a
 * control, both sides work as the service does: how far those differ is how exact the figures are.
 */
export async function measureRowSecurity(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  const { caseId } = await team.invited();
  const others = await harness.team();
  await others.applicants(people / 2);
  const perRound = 2 * (sends + warmUp / 2);
  const applicants = await team.applicants(2 * rounds * perRound);
  await harness.rows('analyze');
  const [first] = (await team.admin.at(harness.replicas[0]?.ownUrl ?? '').get<{ id: string }[]>('/candidates')).body;
  let replicas: Record<Side, Replica[]>;
  let sent = 0;
  const at = (side: Side, nth: number): string => replicas[side][nth % perSide]?.ownUrl ?? '';
  const get =
    (path: string): RequestOf =>
    (side, nth) =>
      team.admin.at(at(side, nth)).get(path);
  const kinds: Record<string, Kind> = {
    list: { request: get('/applications?status=active'), times: repeats, warmUp },
    point: { request: get(`/candidates/${first?.id}`), times: repeats, warmUp },
    send: { request: (side, nth) => send(team, at(side, nth), applicants[sent++]), times: sends, warmUp: warmUp / 2 },
    webhook: { request: (side, nth) => notify(team, at(side, nth), caseId), times: repeats, warmUp },
  };
  const measured = { measured: emptyOf(kinds), control: emptyOf(kinds) };
  for (let round = 0; round < rounds; round += 1) {
    for (const [what, into] of Object.entries(measured)) {
      replicas = await bothSides(harness, round, what === 'control');
      for (const [name, kind] of Object.entries(kinds)) {
        const { without, with: secured } = await alternate(kind);
        into[name]?.without.push(...without);
        into[name]?.with.push(...secured);
      }
    }
  }
  const ratios = Object.keys(kinds).map((name) => ratioOf(measured.measured[name]));
  const figures = Object.keys(kinds).map((name, nth) => [
    name,
    {
      'median, ms without / with': sides
        .map((side) => round3(median(measured.measured[name]?.[side] ?? [])))
        .join(' / '),
      ratio: round3(ratios[nth] ?? NaN),
      'ratio of two sides that are the same': round3(ratioOf(measured.control[name])),
    },
  ]);
  return {
    ...(Object.fromEntries(figures) as Record<string, unknown>),
    'of each': `${rounds} rounds of ${repeats} (sends: ${sends}) on ${perSide} new processes a side`,
    met: ratios.every((ratio) => ratio <= aim),
  };
}

const emptyOf = (kinds: Record<string, Kind>): Record<string, Measured> =>
  Object.fromEntries(Object.keys(kinds).map((name) => [name, { without: [], with: [] }]));

const ratioOf = (measured: Measured | undefined): number =>
  measured ? median(measured.with) / median(measured.without) : NaN;

/**
 * Bypasses the proxies, and runs no jobs, because both would distort the times. The sides change their places with every round.
 */
async function bothSides(harness: Harness, round: number, same: boolean): Promise<Record<Side, Replica[]>> {
  const withoutScope = pathToFileURL(join(import.meta.dirname, 'without-row-security.mjs')).href;
  const without = harness.replicas.filter((_, nth) => nth % 2 === round % 2);
  const secured = harness.replicas.filter((_, nth) => nth % 2 !== round % 2);
  for (const one of without)
    one.env = { ROLE: 'api', DATABASE_URL: harness.databaseUrl, NODE_OPTIONS: `--import=${withoutScope}` };
  for (const one of same ? harness.replicas : secured)
    one.env = { ROLE: 'api', DATABASE_URL: asService(harness.databaseUrl) };
  for (const replica of harness.replicas) {
    await replica.stop();
    await replica.start();
  }
  return { without, with: secured };
}

/** The first side changes every time, so neither always profits from the other's warm caches. */
async function alternate({ request, times, warmUp: before }: Kind): Promise<Measured> {
  const measured: Measured = { without: [], with: [] };
  for (let nth = 0; nth < before + times; nth += 1) {
    for (const side of nth % 2 ? sides : [...sides].reverse()) {
      const begun = performance.now();
      const { status } = await request(side, nth);
      if (nth >= before) measured[side].push(performance.now() - begun);
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

const round3 = (value: number): number => Number(value.toPrecision(3));
