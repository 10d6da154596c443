import { type Harness, patience, startHarness } from './harness.ts';
import type { HarnessTeam } from './harness-team.ts';
import { report } from './measures.ts';
import { runWebhooks } from './webhook-run.ts';

let harness: Harness;
let team: HarnessTeam;
beforeAll(async () => {
  harness = await startHarness({
    teams: 2,
    env: { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8', WEBHOOK_TIMEOUT_MS: '2000' },
  });
  team = await harness.team();
}, patience);
afterAll(() => harness?.close(), patience);

/** SIGKILL of senders, and a receiver whose connections break. */
describe('Events for other systems', () => {
  it(
    'arrive within a moment while nothing is killed',
    async () => {
      const figures = await runWebhooks(harness, team, {
        checks: 100,
        changes: 300,
        atOnce: 1,
        kills: { senders: 0, receiver: 0 },
        seed: 1,
      });
      report('without kills', { changes: figures.changes, 'p50 ms': figures.p50Ms, 'p99 ms': figures.p99Ms });
      expect(figures).toMatchObject({ lost: [], outOfOrder: [] });
    },
    patience,
  );

  it(
    '2,000 changes of 200 checks arrive through 20 kills of senders and receiver: none is lost, and each check keeps its order',
    async () => {
      const figures = await runWebhooks(harness, team, {
        checks: 200,
        changes: 2_000,
        atOnce: 10,
        kills: { senders: 12, receiver: 8 },
        seed: 7,
      });
      report('with kills', { received: figures.received, 'p50 ms': figures.p50Ms, 'p99 ms': figures.p99Ms });
      expect(figures).toMatchObject({ lost: [], outOfOrder: [], kills: 20 });
    },
    patience,
  );
});
