import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkout } from '../../scripts/local-run.ts';
import { checkInvariants } from './invariants.ts';
import { faultOrders } from './faulted-orders.ts';
import { quantile } from './measures.ts';
import { Chaos } from './chaos.ts';
import { Random } from './random.ts';
import { type Harness, startHarness } from './harness.ts';
import { SoakLoad } from './soak-load.ts';
import { figuresOf, report, type SoakFigures } from './soak-report.ts';
import { backAndForth, settingsOf, soakEnvironment, withWrongClock } from './soak-settings.ts';

/**
 * `--minutes N --seed S`: random faults and kills under a steady load; the invariants are checked at the end. `--orders N --seed S`:
 * that many orders, each with its own fault, and a kill every `--kill-every` seconds (default 6). Both keep their record (seed,
 * actions, ledger, logs) in .data/soak/.
 *
 * Resends per hour have the service's default in both. `--defaults`: so have all times and budgets of orders; `--settle-minutes`
 * must then allow for reconciliation. `--wrong-clock`: one replica's clock is wrong by ten minutes. `--previous`: all replicas go
 * back to the last release and forward again during the run. `--set NAME=value`: any setting, repeatable.
 */
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '15' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    rate: { type: 'string', default: '4' },
    orders: { type: 'string' },
    'kill-every': { type: 'string', default: '6' },
    'settle-minutes': { type: 'string' },
    defaults: { type: 'boolean', default: false },
    'wrong-clock': { type: 'boolean', default: false },
    previous: { type: 'boolean', default: false },
    set: { type: 'string', multiple: true, default: [] },
  },
});

const seed = Number(values.seed);
const minutes = Number(values.minutes);
const usualWebhookSettings = {
  webhook_drop_next: 0,
  webhook_duplicates: 0,
  webhook_reorder: 'none',
  webhook_delay_ms: 0,
};

async function soak(harness: Harness): Promise<SoakFigures> {
  for (let i = 0; i < 4; i += 1) await harness.team({ webhook_retry_base_ms: 1_000 });
  const load = new SoakLoad(harness, new Random(seed));
  const chaos = new Chaos(harness, new Random(seed + 1));
  await load.prepare(Math.ceil((minutes * 60 * Number(values.rate)) / 4));
  const end = Date.now() + minutes * 60_000;
  print(`Soaking for ${minutes} minutes with seed ${seed}; the record is ${harness.folder}`);
  await Promise.all([
    load.until(end, Number(values.rate)),
    chaos.until(end, 700),
    values['wrong-clock'] ? withWrongClock(harness, end) : undefined,
    values.previous ? backAndForth(harness, end) : undefined,
  ]);
  return {
    'replicas killed': chaos.kills,
    'database stopped or killed': chaos.databaseStops,
    'seconds until jobs of killed replicas resumed (p50 / p95 / max)': [0.5, 0.95, 1]
      .map((q) => seconds(chaos.resumedMs, q))
      .join(' / '),
  };
}

async function run(harness: Harness): Promise<void> {
  harness.record.note('begun', { seed, minutes, orders: values.orders });
  const begun = Date.now();
  const specific =
    values.orders === undefined
      ? await soak(harness)
      : await faultOrders(harness, seed, Number(values.orders), Number(values['kill-every']), print);
  print('Faults end. Waiting for the work in progress …');
  for (const team of harness.teams)
    await harness.certn.control.patchAccount(team.account.id, { settings: usualWebhookSettings });
  await harness.calm();
  const calm = Date.now();
  const settleMinutes = Number(values['settle-minutes'] ?? (values.defaults ? 90 : 10));
  const verdict = await checkInvariants(harness, settleMinutes * 60_000).then(
    () => 'I1 to I8 hold',
    (error: Error) => error.message,
  );
  const figures = { seed, ...(await figuresOf(harness)), ...specific, ...settingsOf(harness) };
  const times = {
    'minutes under faults': ((calm - begun) / 60_000).toFixed(1),
    'seconds until all work ended': seconds([Date.now() - calm], 1),
  };
  report(harness, { ...figures, ...times, verdict });
  if (!verdict.startsWith('I1')) process.exitCode = 1;
}

const seconds = (ms: readonly number[], q: number): string =>
  ms.length === 0 ? 'none' : (quantile(ms, q) / 1_000).toFixed(1);

function print(sentence: string): void {
  process.stdout.write(`${sentence}\n`);
}

const stamp = new Date().toISOString().slice(0, 19).replaceAll(':', '-');
const harness = await startHarness({
  folder: join(checkout, '.data', 'soak', `${stamp}-seed-${seed}`),
  teams: values.orders === undefined ? 10 : 30,
  env: soakEnvironment({ orders: values.orders !== undefined, defaults: values.defaults, set: values.set }),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void harness.close().then(() => process.exit(1)));
try {
  await run(harness);
} finally {
  await harness.close();
}
