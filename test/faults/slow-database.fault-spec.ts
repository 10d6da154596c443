import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { type Answer, ask, untilServed } from './caller.ts';
import { inspectable, liveMemory } from './live-memory.ts';
import { quantile } from './measures.ts';
import { signed, webhookPath } from './signed-webhooks.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { Replica } from './replica.ts';
import type { HarnessTeam } from './harness-team.ts';

const waves = 40;
const atOnce = 100;
/** If the service kept all events in memory, they would take 235 MiB. */
const padding = 'x'.repeat(60 * 1024);

describe('a slow database', () => {
  let harness: Harness;
  let team: HarnessTeam;
  let replica: Replica;
  let holder: pg.Client;
  beforeAll(async () => {
    harness = await startHarness({ replicas: 1, env: { ...inspectable, LOG_LEVEL: 'warn' } });
    team = await harness.team();
    [replica] = harness.replicas as [Replica];
    holder = new pg.Client({ connectionString: harness.databaseUrl });
    await holder.connect();
  }, patience);
  afterAll(async () => {
    await holder?.end();
    await harness?.close();
  }, patience);

  it(
    'the webhook endpoint answers 503 within seconds instead of collecting events, and nothing is lost',
    async () => {
      const { caseId } = await team.invited();
      const events = Array.from({ length: waves * atOnce }, () => {
        const id = randomUUID();
        const event = { id, event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE', padding };
        return { id, ...signed(event, team.account.webhook_secret) };
      });
      const send = ({ body, headers }: (typeof events)[number]): Promise<Answer> =>
        ask('POST', `${replica.url}${webhookPath}`, { body, headers });
      const memoryBefore = await liveMemory(replica);
      await holder.query('begin; lock table integrations.inbound_event in access exclusive mode');
      const answers: Answer[] = [];
      const ms: number[] = [];
      let memory = 0;
      for (let wave = 0; wave < waves; wave += 1) {
        const some = events.slice(wave * atOnce, (wave + 1) * atOnce);
        await Promise.all(
          some.map(async (event) => {
            const begun = performance.now();
            answers.push(await send(event));
            ms.push(performance.now() - begun);
          }),
        );
        expect(Math.max(...ms)).toBeLessThan(4_000);
        if (wave % 10 === 9) memory = Math.max(memory, await liveMemory(replica));
      }
      await holder.query('rollback');
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([503]));
      expect(answers.every(({ headers }) => Number(headers.get('retry-after')) > 0)).toBe(true);
      expect(quantile(ms, 0.5)).toBeLessThan(1_000);
      expect(memory - memoryBefore).toBeLessThan(60);
      // Sends each event again, as Certn does.
      for (let wave = 0; wave < waves; wave += 1) {
        const some = events.slice(wave * atOnce, (wave + 1) * atOnce);
        const again = await Promise.all(some.map((event) => untilServed(() => send(event))));
        expect(again.every(({ status }) => status === 200)).toBe(true);
      }
      const stored = await harness.rows<{ event_id: string }>('select event_id from integrations.inbound_event');
      const ids = new Set(stored.map(({ event_id }) => event_id));
      expect(events.filter(({ id }) => !ids.has(id))).toEqual([]);
    },
    patience,
  );
});
