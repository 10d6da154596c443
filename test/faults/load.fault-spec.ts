import { randomUUID } from 'node:crypto';
import { Caller } from './caller.ts';
import { webhookOf } from './signed-webhooks.ts';
import { postSignedWebhook } from './webhook-requests.ts';
import { checkInvariants } from './invariants.ts';
import { highest, median, memoryOf, quantile, report } from './measures.ts';
import { type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';

interface Followed {
  id: string;
  caseId: string;
}

let harness: Harness;
let team: HarnessTeam;

beforeAll(async () => {
  harness = await startHarness();
  team = await harness.team();
}, 120_000);
afterAll(() => harness?.close(), 60_000);

let turn = 0;
const nextUrl = (): string => harness.replicas[(turn += 1) % harness.replicas.length]?.url ?? '';

/** Sends one webhook event, again until it is accepted, as Certn does. `ms`: time of the last attempt. */
async function sendUntilTaken(caseId: string): Promise<{ ms: number; attempts: number }> {
  const body = webhookOf(caseId);
  for (let attempts = 1; ; attempts += 1) {
    const { status, ms } = await postSignedWebhook(team, body, { to: nextUrl() });
    if (status === 200) return { ms, attempts };
    if (status !== 503 || attempts === 20) throw new Error(`A webhook event was answered ${status}`);
  }
}

async function burst(cases: string[], count: number, atOnce: number): Promise<{ ms: number; attempts: number }[]> {
  const taken: { ms: number; attempts: number }[] = [];
  let next = 0;
  const sender = async (): Promise<void> => {
    while (next < count) taken.push(await sendUntilTaken(cases[next++ % cases.length] ?? ''));
  };
  await Promise.all(Array.from({ length: atOnce }, sender));
  return taken;
}

/** Checks whose candidates are invited. */
async function invitedChecks(count: number): Promise<Followed[]> {
  const ids = await Promise.all((await team.applicants(count)).map((applicant) => team.sendSurely(applicant)));
  const invited = await Promise.all(ids.map((id) => team.reaches(id, 'invited', 60_000)));
  return invited.map(({ id, vendor }) => ({ id, caseId: vendor.case_id ?? '' }));
}

it('a burst of webhook events loses none and keeps memory bounded [G1]', async () => {
  const count = 4_000;
  const checks = await invitedChecks(20);
  const cases = checks.map(({ caseId }) => caseId);
  await burst(cases, 500, 64);
  const watched = harness.replicas.map(({ pid }) => highest(() => memoryOf(pid)));
  const begun = performance.now();
  const sent = burst(cases, count, 64);
  for (const caseId of cases) await harness.certn.control.act(caseId, 'open');
  const taken = await sent;
  const seconds = (performance.now() - begun) / 1000;
  for (const { id } of checks) await team.reaches(id, 'opened', 60_000);
  const memory = Math.max(...watched.map(({ stop }) => stop()));
  const times = taken.map(({ ms }) => ms);
  report('G1', {
    'webhook events per second': count / seconds,
    'median ms': median(times),
    'p99 ms': quantile(times, 0.99),
    'sent again': taken.filter(({ attempts }) => attempts > 1).length,
    'most memory MB': memory,
  });
  expect(taken).toHaveLength(count);
  expect(memory).toBeLessThan(400);
  // The record has every event that was answered 200: the invariant checker verifies that each is stored once.
  await checkInvariants(harness);
}, 120_000);

describe('a hundred times the checks [G4]', () => {
  const [few, many] = [1_000, 100_000];
  const kinds: [string, (one: Loaded) => string][] = [
    ['in a rare status', () => '/background_checks?status=in_dispute'],
    ['one check', ({ checkId }) => `/background_checks/${checkId}`],
    ['its history', ({ checkId }) => `/background_checks/${checkId}/history`],
    ['newest page', () => '/background_checks'],
    ['of an application', ({ applicationId }) => `/background_checks?application_id=${applicationId}`],
    ['of a job', ({ jobId }) => `/background_checks?job_id=${jobId}`],
  ];

  it('lists and single reads take at most three times as long, and webhook events are accepted as fast [G4]', async () => {
    const [template, active] = (await invitedChecks(2)) as [Followed, Followed];
    await harness.certn.control.act(template.caseId, 'set', { status: 'COMPLETE', score: 'CLEAR' });
    await team.reaches(template.id, 'complete');
    await checkInvariants(harness);

    const small = await aTeamWith(few, template);
    await intake(active.caseId);
    const before = await intake(active.caseId);
    const begun = performance.now();
    const large = await aTeamWith(many, template);
    const loadingSeconds = (performance.now() - begun) / 1000;
    const after = await intake(active.caseId);
    report('G4, webhook events', { 'loaded in s': loadingSeconds, 'ms before': before, 'ms after': after });
    expect(before / after).toBeGreaterThan(0.3);

    for (const [what, pathOf] of kinds) {
      const times = await interleaved(small, large, pathOf);
      const [a, b] = [median(times.small), median(times.large)];
      report(`G4, ${what}`, {
        [`ms at ${few}`]: a,
        [`ms at ${many}`]: b,
        ratio: b / a,
        'ratio of p99': quantile(times.large, 0.99) / quantile(times.small, 0.99),
      });
      expect([what, b < 3 * a]).toEqual([what, true]);
    }
  }, 300_000);
});

/** A team that has only checks, and some of their ids. */
interface Loaded {
  caller: Caller;
  checkId: string;
  applicationId: string;
  jobId: string;
}

async function interleaved(small: Loaded, large: Loaded, pathOf: (one: Loaded) => string) {
  const times: { small: number[]; large: number[] } = { small: [], large: [] };
  for (let i = 0; i < 40; i += 1) {
    for (const size of ['small', 'large'] as const) {
      const one = size === 'small' ? small : large;
      const begun = performance.now();
      const { status, body } = await one.caller.at(nextUrl()).get<unknown>(pathOf(one));
      times[size].push(performance.now() - begun);
      if (status !== 200 || JSON.stringify(body) === '[]')
        throw new Error(`${pathOf(one)} answered ${status}, ${JSON.stringify(body)}`);
    }
  }
  return times;
}

/** Median time of 200 webhook events, in ms. */
async function intake(caseId: string): Promise<number> {
  return median((await burst([caseId], 200, 4)).map(({ ms }) => ms));
}

/** Inserts copies of a completed check, with all its rows, directly into the tables. */
async function aTeamWith(count: number, template: Followed): Promise<Loaded> {
  const { team_id: teamId, user_id } = harness.createTeam();
  const jobId = randomUUID();
  // Ids of the same check agree in every table and have the format of a UUID.
  const hash = (word: string): string => `md5('${teamId}' || '${word}' || n)`;
  const named = (word: string): string =>
    `overlay(overlay(${hash(word)} placing '4' from 13) placing '8' from 17)::uuid`;
  const status = `case when n % 1000 = 0 then 'in_dispute' else 'complete' end`;
  const at = `now() - n * interval '1 minute'`;
  const owned = { order_id: named('check'), case_id: named('case') };
  const copies: [table: string, where: string, changes: Record<string, string>][] = [
    [
      'background_checks.background_check',
      `t.id = '${template.id}'`,
      { id: named('check'), application_id: named('application'), job_id: `'${jobId}'::uuid`, status, created_at: at },
    ],
    [
      'background_checks.history_entry',
      `t.check_id = '${template.id}' and t.revision <= 4`,
      { check_id: named('check') },
    ],
    ['integrations.order', `t.id = '${template.id}'`, { id: named('check'), case_id: named('case'), created_at: at }],
    ['integrations.vendor_case', `t.order_id = '${template.id}'`, owned],
    ['integrations.case_directory', `t.order_id = '${template.id}'`, owned],
    [
      'integrations.inbound_event',
      `t.order_id = '${template.id}'`,
      { ...owned, id: 'gen_random_uuid()', event_id: 'gen_random_uuid()' },
    ],
  ];
  for (const [table, where, changes] of copies) {
    const columns = await harness.rows<{ name: string }>(
      `select quote_ident(attname) as name from pg_attribute
       where attrelid = $1::regclass and attnum > 0 and not attisdropped order by attnum`,
      [table],
    );
    const given: Record<string, string> = { team_id: `'${teamId}'::uuid`, ...changes };
    const values = columns.map(({ name }) => given[name] ?? `t.${name}`);
    await harness.rows(`
      insert into ${table} (${columns.map(({ name }) => name).join(', ')})
      select ${values.join(', ')} from ${table} t cross join generate_series(1, ${count}) n where ${where}`);
    await harness.rows(`analyze ${table}`);
  }
  const [one] = await harness.rows<{ id: string; application_id: string }>(
    `select id, application_id from background_checks.background_check where team_id = $1 order by created_at limit 1`,
    [teamId],
  );
  const caller = await Caller.signIn(nextUrl(), user_id);
  return { caller, checkId: one?.id ?? '', applicationId: one?.application_id ?? '', jobId };
}
