import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { asService } from '../support/environment.ts';
import { postWebhook, webhookOf, sign } from './webhook-requests.ts';
import { median, quantile } from './measures.ts';
import type { Replica } from './replica.ts';
import type { Harness } from './harness.ts';
import type { Applicant, HarnessTeam } from './harness-team.ts';

/** Replicas of each side. */
export const perSide = 3;
const people = 400;
const rounds = 200;
const sends = 150;
const warmUp = 30;
/** At most so much longer, with the wall. */
const aim = 1.05;

const sides = ['without', 'with'] as const;
type Side = (typeof sides)[number];
type Measured = Record<Side, number[]>;
type Act = (side: Side, nth: number) => Promise<{ status: number }>;

/**
 * What the wall in the database costs: the same acts at two replicas on one database, turn by turn. One works as the service
 * does; the other as the owner, whom no row level security binds, and its statements carry no scope.
 */
export async function theWallIsCheap(harness: Harness, team: HarnessTeam): Promise<Record<string, unknown>> {
  const { caseId } = await team.invited();
  const replicas = await bothSides(harness);
  const others = await harness.team();
  await others.applicants(people / 2);
  const applicants = await team.applicants(Math.max(people, 2 * (sends + warmUp)));
  await harness.rows('analyze');
  const at = (side: Side, nth: number): string => replicas[side][Math.floor(nth / 2) % perSide]?.ownUrl ?? '';
  const get =
    (path: string): Act =>
    (side, nth) =>
      team.admin.at(at(side, nth)).get(path);
  const [first] = (await team.admin.at(at('with', 0)).get<{ id: string }[]>('/candidates')).body;
  const acts: Record<string, { act: Act; times: number }> = {
    list: { act: get('/applications?status=active'), times: rounds },
    point: { act: get(`/candidates/${first?.id}`), times: rounds },
    send: { act: (side, nth) => send(team, at(side, nth), applicants[2 * nth + sides.indexOf(side)]), times: sends },
    webhook: { act: (side, nth) => notify(team, at(side, nth), caseId), times: rounds },
  };
  const figures: Record<string, unknown> = {};
  let met = true;
  for (const [name, { act, times }] of Object.entries(acts)) {
    const { without, with: walled } = await byTurns(act, times);
    const ratio = median(walled) / median(without);
    met &&= ratio <= aim;
    const [quick, quickWalled] = [quantile(without, 0.1), quantile(walled, 0.1)];
    figures[name] = {
      'median, ms without / with, ratio': `${round(median(without))} / ${round(median(walled))}, ${round(ratio)}`,
      // What a machine that does much else besides disturbs least.
      'quickest tenth': `${round(quick)} / ${round(quickWalled)}, ${round(quickWalled / quick)}`,
    };
  }
  return { ...figures, 'of each': `${rounds} (sends: ${sends}), medians`, met };
}

/**
 * Past the proxies, and without jobs, which would be in the way of what is measured. Several of each, because two processes
 * that run the same differ by up to a tenth.
 */
async function bothSides(harness: Harness): Promise<Record<Side, Replica[]>> {
  const unwalled = pathToFileURL(join(import.meta.dirname, 'no-wall.mjs')).href;
  const without = harness.replicas.filter((_, nth) => nth % 2 === 0);
  const walled = harness.replicas.filter((_, nth) => nth % 2 === 1);
  for (const one of without)
    one.env = { ROLE: 'api', DATABASE_URL: harness.databaseUrl, NODE_OPTIONS: `--import=${unwalled}` };
  for (const one of walled) one.env = { ROLE: 'api', DATABASE_URL: asService(harness.databaseUrl) };
  for (const replica of harness.replicas) {
    await replica.stop();
    await replica.start();
  }
  return { without, with: walled };
}

/** Which side is first changes every time, so that neither always finds what the other has warmed. */
async function byTurns(act: Act, times: number): Promise<Measured> {
  const measured: Measured = { without: [], with: [] };
  for (let nth = 0; nth < warmUp + times; nth += 1) {
    for (const side of nth % 2 ? sides : [...sides].reverse()) {
      const begun = performance.now();
      const { status } = await act(side, nth);
      if (nth >= warmUp) measured[side].push(performance.now() - begun);
      if (status >= 300) throw new Error(`An act ${side} the wall was answered ${status}.`);
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
