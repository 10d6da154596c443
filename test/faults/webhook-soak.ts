import { parseArgs } from 'node:util';
import { startHarness } from './harness.ts';
import { runWebhooks } from './webhook-run.ts';

/**
 * `--changes N --checks N --kills N --seed S`: changes of checks that other systems are told of, through kills of senders and of the
 * receiver in turn. Prints the figures; fails when an event is lost or a check's order is not kept.
 */
const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '100000' },
    checks: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});

const kills = Number(values.kills);
const env = { OUTBOUND_ALLOWED_NETWORKS: '127.0.0.0/8', WEBHOOK_TIMEOUT_MS: '2000' };
const harness = await startHarness({ teams: 1, env });
try {
  const figures = await runWebhooks(harness, await harness.team(), {
    checks: Number(values.checks),
    changes: Number(values.changes),
    atOnce: 10,
    kills: { senders: Math.ceil(kills / 2), receiver: Math.floor(kills / 2) },
    seed: Number(values.seed),
  });
  process.stdout.write(`${JSON.stringify({ seed: values.seed, ...figures }, null, 2)}\n`);
  process.exitCode = figures.lost.length + figures.outOfOrder.length === 0 ? 0 : 1;
} finally {
  await harness.close();
}
