/** Seconds after a failed attempt until the next one, by how many have failed. After the last an event is given up. */
export const retryGaps: readonly number[] = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];

/** Retries spread by this share in both directions, so that events that failed together do not come back together. */
const jitter = 0.1;

/** Seconds until the next attempt; null: there is none. `failed`: attempts so far; `chance`: from 0 to 1. */
export function gapAfter(failed: number, chance: number): number | null {
  const gap = retryGaps[failed - 1];
  return gap === undefined ? null : gap * (1 - jitter + 2 * jitter * chance);
}
