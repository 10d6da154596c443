import { randomUUID } from 'node:crypto';
import { answerToCommitOf } from './moments.ts';
import { ask, type Caller } from './caller.ts';
import { checkInvariants } from './invariants.ts';
import { Random } from './random.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { quantile } from './measures.ts';

interface Seen {
  status: number;
  ms: number;
  retryAfter: string | null;
}

describe('the database fails', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness();
    team = await harness.team();
  }, patience);
  afterEach(() => harness?.calm(), patience);
  afterAll(() => harness?.close(), patience);

  /** Repeats a request that needs the database until `stop`. Status 0: no answer. */
  function pollingLoad(who: Caller, pauseMs: number): { seen: Seen[]; stop(): Promise<void> } {
    const seen: Seen[] = [];
    let going = true;
    const asking = (async () => {
      while (going) {
        const at = performance.now();
        const answer = await who.get('/background_checks?per_page=1').catch(() => null);
        const retryAfter = answer?.headers.get('retry-after') ?? null;
        seen.push({ status: answer?.status ?? 0, ms: performance.now() - at, retryAfter });
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    })();
    return { seen, stop: () => ((going = false), asking) };
  }

  it(
    'down for eight seconds under load: 503 at once, alive, not ready; full service within five seconds of its return [D1]',
    async () => {
      const applicants = await team.applicants(12);
      const later = await team.applicant();
      const sends = applicants.slice(0, 6).map((to) => team.sendSurely(to));
      const [replica] = harness.replicas;
      await harness.postgres.end('immediate');
      const load = pollingLoad(team.admin.at(replica?.url ?? ''), 50);
      const during = applicants.slice(6).map((to) => team.sendSurely(to, 90_000));
      await new Promise((resolve) => setTimeout(resolve, 8_000));
      expect((await ask('GET', `${replica?.url}/health/live`)).status).toBe(200);
      expect(await replica?.isReady()).toBe(false);
      await load.stop();
      expect(load.seen.length).toBeGreaterThan(3);
      expect(load.seen.filter(({ status }) => status !== 503)).toEqual([]);
      expect(load.seen.filter(({ retryAfter }) => retryAfter === null)).toEqual([]);
      // The promise is one second. Other load on the machine adds to it, so the limit for a single answer is higher.
      expect(
        quantile(
          load.seen.map(({ ms }) => ms),
          0.5,
        ),
      ).toBeLessThan(1_000);
      expect(load.seen.filter(({ ms }) => ms > 2_500)).toEqual([]);
      await harness.postgres.restart();
      const back = performance.now();
      for (const each of harness.replicas) await each.ready(5_000);
      const id = await team.sendSurely(later);
      await team.reaches(id, 'invited', 5_000);
      harness.record.note('full service', { ms: performance.now() - back });
      expect(performance.now() - back).toBeLessThan(5_000);
      await Promise.all([...sends, ...during]);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'killed during commits: every acknowledged webhook event is stored afterwards [D2]',
    async () => {
      const { caseId } = await team.invited();
      const events = Array.from({ length: 400 }, () => randomUUID());
      const before = await stored();
      const handing = events.map((eventId, i) =>
        new Promise((resolve) => setTimeout(resolve, i * 2)).then(() =>
          team.notify(caseId, { eventId }).catch(() => null),
        ),
      );
      await harness.until('some are stored', stored, (n) => n > before + 30);
      await harness.postgres.end('kill');
      const answers = await Promise.all(handing);
      await harness.postgres.restart();
      const acknowledged = events.filter((_, i) => answers[i]?.status === 200);
      expect(acknowledged.length).toBeGreaterThan(10);
      expect(acknowledged.length).toBeLessThan(events.length);
      const rows = await harness.rows<{ event_id: string }>(
        `select event_id from integrations.inbound_event where event_id = any($1)`,
        [acknowledged],
      );
      expect(rows).toHaveLength(acknowledged.length);
      await checkInvariants(harness);
    },
    patience,
  );

  const stored = async (): Promise<number> =>
    Number((await harness.rows<{ n: string }>('select count(*) as n from integrations.inbound_event'))[0]?.n);

  it(
    'five connections cut per second at random: at most one request in a hundred is answered 503, and no answer is wrong [D3]',
    async () => {
      const random = new Random(3);
      const load = [1, 2, 3, 4].map(() => pollingLoad(team.admin, 20));
      const sends = (await team.applicants(20)).map((to) => team.sendSurely(to, 60_000));
      for (let i = 0; i < 60; i += 1) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        await harness.rows(
          `select pg_terminate_backend(pid) from (
           select pid from pg_stat_activity
           where datname = current_database() and pid <> pg_backend_pid() and application_name <> 'harness'
           order by md5(pid::text || $1) limit 1) one`,
          [String(random.next())],
        );
      }
      await Promise.all(load.map((one) => one.stop()));
      const seen = load.flatMap((one) => one.seen);
      expect(seen.length).toBeGreaterThan(200);
      expect(seen.filter(({ status }) => status !== 200 && status !== 503)).toEqual([]);
      const refused = seen.filter(({ status }) => status === 503).length;
      harness.record.note('D3', { asked: seen.length, refused });
      await Promise.all(sends);
      expect(refused / seen.length).toBeLessThanOrEqual(0.01);
      await checkInvariants(harness);
    },
    patience,
  );

  it(
    'the answer to a commit is lost: a repeat with the same key gives one check and one paid order [D4]',
    async () => {
      const to = await team.applicant();
      const key = { 'idempotency-key': randomUUID() };
      const held = harness.holdAtDatabase(answerToCommitOf(new RegExp(to.email.replaceAll('.', '\\.'))));
      const lost = team.send(to, key).catch(() => null);
      (await held).discard();
      const first = await lost;
      const again = await harness.until(
        'it is answered',
        () => team.send(to, key),
        ({ status }) => status === 201,
        60_000,
      );
      // The same check, whether the first request was answered or only the repeat.
      if (first?.status === 201) expect(again.body.id).toBe(first.body.id);
      await team.reaches(again.body.id, 'invited');
      const { ledger } = await checkInvariants(harness);
      expect(ledger.filter(({ email }) => email === to.email)).toHaveLength(1);
      expect(
        await harness.rows('select 1 from background_checks.background_check where sent_to = $1', [to.email]),
      ).toHaveLength(1);
    },
    patience,
  );

  it(
    'half-open connections: detected within 15 seconds, then served again [D9]',
    async () => {
      const [replica] = harness.replicas;
      await replica?.toDatabase.setMode('silent');
      const begun = performance.now();
      const caller = team.admin.at(replica?.url ?? '');
      const answer = await caller.get('/background_checks').catch(() => null);
      expect(answer?.status).toBe(503);
      // Detected after 15 seconds; the answer takes a little longer.
      expect(performance.now() - begun).toBeLessThan(16_500);
      await replica?.toDatabase.setMode('pass');
      await replica?.ready(15_000);
      const id = await team.sendSurely(await team.applicant());
      await team.reaches(id, 'invited', 30_000);
      await checkInvariants(harness);
    },
    patience,
  );
});
