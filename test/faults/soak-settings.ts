import type { Harness } from './harness.ts';
import { setClock } from './wrong-clock.ts';
import { previousRelease } from './support/previous-release.ts';

/** So that every order can be spoilt: short times, and none is held back from its fault. The re-sends of an hour are the default. */
const spoiling = {
  ORDER_TIMEOUT_MS: '700',
  ORDER_VISIBILITY_LAG_SECONDS: '60',
  ORDER_OUTCOME_UNKNOWN_SECONDS: '5,30,60',
  SWEEP_SECONDS: '60',
  ORDER_BREAKER_FAILURES: '0',
};

/** What the rig sets for speed, left to the service's own defaults. The limits on callers stay away: one machine plays them all. */
const leftToDefaults = [
  'CERTN_REQUESTS_PER_MINUTE',
  'CERTN_REQUESTS_PER_DAY',
  'CERTN_ORDERS_PER_DAY',
  'ORDER_TIMEOUT_MS',
  'ORDER_OUTCOME_UNKNOWN_SECONDS',
  'ORDER_VISIBILITY_LAG_SECONDS',
  'ORDER_RESENDS_PER_HOUR',
  'ORDER_BREAKER_SECONDS',
  'SWEEP_SECONDS',
];

const unset = (names: readonly string[]): Record<string, undefined> =>
  Object.fromEntries(names.map((name) => [name, undefined]));

/** `set`: `NAME=value`, over everything else. */
export function soakEnvironment(run: {
  orders: boolean;
  defaults: boolean;
  set: readonly string[];
}): Record<string, string | undefined> {
  return {
    ...unset(['ORDER_RESENDS_PER_HOUR']),
    ...(run.defaults ? unset(leftToDefaults) : {}),
    ...(run.orders && !run.defaults ? spoiling : {}),
    ...Object.fromEntries(run.set.map((one) => one.split('=', 2) as [string, string])),
  };
}

/** The settings that the figures depend on, for the table beside them. */
export function settingsOf(harness: Harness): Record<string, string> {
  return Object.fromEntries(leftToDefaults.map((name) => [name, harness.setting(name) ?? 'the default']));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The second replica's clock is ten minutes ahead for half of the time, and ten minutes behind for the rest. */
export async function withAWrongClock(harness: Harness, end: number): Promise<void> {
  const [, replica] = harness.replicas;
  if (!replica) throw new Error('A wrong clock needs a second replica.');
  for (const [offsetMs, until] of [
    [600_000, Date.now() + (end - Date.now()) / 2],
    [-600_000, end],
  ] as const) {
    setClock(replica, offsetMs);
    harness.record.note('clock', { replica: replica.name, offsetMs });
    // It dies by itself often enough to read it; here it is seen to.
    await replica.stop();
    await startedAgain(replica);
    await pause(Math.max(0, until - Date.now()));
  }
  setClock(replica, 0);
}

/** One replica after the other goes back to the last release, both run it for a while, and both come forward again. */
export async function backAndForth(harness: Harness, end: number): Promise<void> {
  const last = { folder: previousRelease().folder, asOwner: true };
  const third = (end - Date.now()) / 3;
  await pause(third);
  for (const release of [last, harness.present]) {
    for (const replica of harness.replicas) {
      replica.release = release;
      harness.record.note('release', { replica: replica.name, release: release === last ? 'last' : 'present' });
      await replica.stop();
      await startedAgain(replica);
    }
    await pause(third / 2);
  }
}

/** Mischief may start it, too, or keep it from starting: as an orchestrator, this tries until it runs. */
async function startedAgain(replica: Harness['replicas'][number]): Promise<void> {
  for (let tries = 0; !replica.running && tries < 120; tries += 1) {
    await replica.start().catch(() => undefined);
    if (!replica.running) await pause(500);
  }
}
