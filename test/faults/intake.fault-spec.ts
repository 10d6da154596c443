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

/** A burst: as many callers as it takes to saturate either door. */
const callers = 64;
/** What the database alone is measured with. */
const clients = 16;
const sliceMs = 1_500;
const slices = 3;

interface Measured {
  perSecond: number;
  ms: number[];
}

describe('a burst of notices', () => {
  let harness: Harness;
  let team: HarnessTeam;

  beforeAll(async () => {
    harness = await startHarness({ replicas: 1, env: { LOG_LEVEL: 'warn' } });
    team = await harness.team();
  }, patience);
  afterAll(() => harness?.close(), patience);

  /** Past the proxies, which share a thread with the callers here; and taking in only, as what it is compared with. */
  async function byItself(replica: Replica): Promise<void> {
    replica.env = { DATABASE_URL: asService(harness.databaseUrl), ROLE: 'api' };
    await replica.stop();
    await replica.start();
  }

  /** So many clients, each asking as fast as it is answered, for one slice of time. */
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
    'as fast as they are answered, each 200 is stored; at least a third as fast as a bare handler that stores one row [G1]',
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
      await byItself(replica);
      const accepted: string[] = [];
      const webhookEvent = async (): Promise<void> => {
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
        all.intake.push(await saturate(callers, webhookEvent));
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
        'notices per second': rate(all.intake),
        'bare Fastify and one insert, per second': rate(all.bare),
        'inserts alone, per second': rate(all.insert),
        'P1 notices to inserts': rate(all.intake) / rate(all.insert),
        'P2 notices to bare Fastify': rate(all.intake) / rate(all.bare),
        'p99 ms at saturation': quantile(
          all.intake.flatMap(({ ms }) => ms),
          0.99,
        ),
      };
      process.stdout.write(`${JSON.stringify(figures, null, 2)}\n`);
      // The aim is 0.70 (P2); what is asserted is what a busy machine cannot spoil.
      expect(rate(all.intake) / rate(all.bare)).toBeGreaterThan(1 / 3);
      expect(accepted.length).toBeGreaterThan(20);
      const stored = await harness.rows('select 1 from integrations.delivery where event_id = any($1)', [accepted]);
      expect(stored).toHaveLength(accepted.length);
      await checkInvariants(harness);
    },
    patience,
  );
});
