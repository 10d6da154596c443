import { randomUUID } from 'node:crypto';
import fastify from 'fastify';
import pg from 'pg';
import { asService } from '../support/environment.ts';
import { ask } from './caller.ts';
import { checkInvariants } from './invariants.ts';
import { quantile } from './measures.ts';
import { signed, webhookPath } from './signed-webhooks.ts';
import { patience, type Harness, startHarness } from './harness.ts';
import type { Replica } from './replica.ts';
import type { HarnessTeam } from './harness-team.ts';

/** Enough callers to saturate either server. */
const callers = 64;
/** Number of clients that measure the database alone. */
const clients = 16;
const sliceMs = 1_500;
const slices = 3;

interface Measured {
  perSecond: number;
  ms: number[];
}

describe('a burst of webhook events', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness({ replicas: 1, env: { LOG_LEVEL: 'warn' } });
    team = await harness.team();
  }, patience);
  afterAll(() => harness?.close(), patience);

  /** Bypasses the proxies, which share a thread with the callers, and runs no jobs: like the bare handler it is compared with. */
  async function restartForIntakeOnly(replica: Replica): Promise<void> {
    replica.env = { DATABASE_URL: asService(harness.databaseUrl), ROLE: 'api' };
    await replica.stop();
    await replica.start();
  }

  /** Runs `count` clients for one slice of time. Each sends its next request as soon as it has an answer. */
  async function saturate(count: number, one: () => Promise<unknown>): Promise<Measured> {
    const end = performance.now() + sliceMs;
    const ms: number[] = [];
    const client = async (): Promise<void> => {
      while (performance.now() < end) {
        const begun = performance.now();
        await one();
        ms.push(performance.now() - begun);
      }
    };
    await Promise.all(Array.from({ length: count }, client));
    return { perSecond: ms.length / (sliceMs / 1_000), ms };
  }

  it(
    'each event answered 200 is stored, at a third or more of the speed of a bare handler that stores one row [G1]',
    async () => {
      const { caseId } = await team.invited();
      await harness.rows('create table bare (id uuid primary key, body text not null)');
      const pool = new pg.Pool({ connectionString: harness.databaseUrl, max: clients });
      const insert = (): Promise<unknown> =>
        pool.query({
          name: 'bare',
          text: 'insert into bare (id, body) values ($1, $2)',
          values: [randomUUID(), 'event'],
        });
      const bare = fastify();
      bare.post('/', async () => {
        await insert();
        return '';
      });
      const bareUrl = await bare.listen({ port: 0, host: '127.0.0.1' });
      const [replica] = harness.replicas as [Replica];
      await restartForIntakeOnly(replica);
      const accepted: string[] = [];
      const sendEvent = async (): Promise<void> => {
        const eventId = randomUUID();
        const event = { id: eventId, event_type: 'CASE_STATUS_CHANGED', object_id: caseId, object_type: 'CASE' };
        harness.record.actions.push({ at: '', what: 'notifying', event: eventId });
        const { status } = await ask(
          'POST',
          `${replica.ownUrl}${webhookPath}`,
          signed(event, team.account.webhook_secret),
        );
        if (status === 200) accepted.push(eventId);
      };
      const all = { intake: [] as Measured[], bare: [] as Measured[], insert: [] as Measured[] };
      for (let i = 0; i < slices; i += 1) {
        all.intake.push(await saturate(callers, sendEvent));
        all.bare.push(
          await saturate(callers, () =>
            ask('POST', bareUrl, { body: 'event', headers: { 'content-type': 'text/plain' } }),
          ),
        );
        all.insert.push(await saturate(clients, insert));
      }
      await bare.close();
      await pool.end();
      const rate = (runs: Measured[]): number => runs.reduce((sum, { perSecond }) => sum + perSecond, 0) / runs.length;
      const figures = {
        'webhook events per second': rate(all.intake),
        'bare Fastify and one insert, per second': rate(all.bare),
        'inserts alone, per second': rate(all.insert),
        'P1 events to inserts': rate(all.intake) / rate(all.insert),
        'P2 events to bare Fastify': rate(all.intake) / rate(all.bare),
        'p99 ms at saturation': quantile(
          all.intake.flatMap(({ ms }) => ms),
          0.99,
        ),
      };
      process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
      // The aim is 0.70 (P2). The assertion leaves room for a busy machine.
      expect(rate(all.intake) / rate(all.bare)).toBeGreaterThan(1 / 3);
      expect(accepted.length).toBeGreaterThan(20);
      const stored = await harness.rows('select 1 from integrations.inbound_event where event_id = any($1)', [
        accepted,
      ]);
      expect(stored).toHaveLength(accepted.length);
      await checkInvariants(harness);
    },
    patience,
  );
});
