import type { Harness } from './harness.ts';
import { setClock } from './wrong-clock.ts';
import { previousRelease } from './support/previous-release.ts';

/** Lets every order meet its fault: short times, no circuit breaker. Resends per hour have the service's default. */
const faultSettings = {
  ORDER_TIMEOUT_MS: '700',
  ORDER_VISIBILITY_LAG_SECONDS: '60',
  ORDER_OUTCOME_UNKNOWN_SECONDS: '5,30,60',
  SWEEP_SECONDS: '60',
  ORDER_BREAKER_FAILURES: '0',
};

/**
 * Settings that the harness shortens, and that `--defaults` leaves at the service's defaults. Rate limits of callers stay off: one
 * machine plays all callers.
 */
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

/** `set`: settings as `NAME=value`, over all others. */
export function soakEnvironment(run: {
  orders: boolean;
  defaults: boolean;
  set: readonly string[];
}): Record<string, string | undefined> {
  return {
    ...unset(['ORDER_RESENDS_PER_HOUR']),
    ...(run.defaults ? unset(leftToDefaults) : {}),
    ...(run.orders && !run.defaults ? faultSettings : {}),
    ...Object.fromEntries(run.set.map((one) => one.split('=', 2) as [string, string])),
  };
}

/** The settings that the figures depend on, for the report. */
export function settingsOf(harness: Harness): Record<string, string> {
  return Object.fromEntries(leftToDefaults.map((name) => [name, harness.setting(name) ?? 'the default']));
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Sets the second replica's clock ten minutes ahead for half of the time, and ten minutes behind for the rest. */
export async function withWrongClock(harness: Harness, end: number): Promise<void> {
  const [, replica] = harness.replicas;
  if (!replica) throw new Error('A wrong clock needs a second replica.');
  for (const [offsetMs, until] of [
    [600_000, Date.now() + (end - Date.now()) / 2],
    [-600_000, end],
  ] as const) {
    setClock(replica, offsetMs);
    harness.record.note('clock', { replica: replica.name, offsetMs });
    // The clock counts from the next start. Chaos restarts the replica often; this makes sure of it.
    await replica.stop();
    await startUntilRunning(replica);
    await pause(Math.max(0, until - Date.now()));
  }
  setClock(replica, 0);
}

/** Takes one replica after the other back to the last release, lets both run it, and returns both to this one. */
export async function backAndForth(harness: Harness, end: number): Promise<void> {
  const last = { folder: previousRelease().folder, asOwner: true };
  const third = (end - Date.now()) / 3;
  await pause(third);
  for (const release of [last, harness.present]) {
    for (const replica of harness.replicas) {
      replica.release = release;
      harness.record.note('release', { replica: replica.name, release: release === last ? 'last' : 'present' });
      await replica.stop();
      await startUntilRunning(replica);
    }
    await pause(third / 2);
  }
}

/** Starts the replica until it runs, as an orchestrator does. Chaos may start it first, or make a start fail. */
async function startUntilRunning(replica: Harness['replicas'][number]): Promise<void> {
  for (let tries = 0; !replica.running && tries < 120; tries += 1) {
    await replica.start().catch(() => undefined);
    if (!replica.running) await pause(500);
  }
}
