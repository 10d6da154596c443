import type { Settings } from './settings.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

/** Requests per account in the last minute and the last day (docs/certn-api.md 1.3). Refused requests do not count. */
export class RateLimits {
  private readonly hits = new Map<string, number[]>();

  /** Counts a request, or returns the seconds until the next one is allowed. */
  take(account: string, settings: Settings, now: number): number | undefined {
    if (!settings.enforce_rate_limit) return undefined;
    const times = this.hits.get(account) ?? [];
    this.hits.set(account, times);
    while (times.length > 0 && times[0]! <= now - dayMs) times.shift();
    const wait = Math.max(
      untilFree(times, settings.per_minute, minuteMs, now),
      untilFree(times, settings.per_day, dayMs, now),
    );
    if (wait > 0) return Math.ceil(wait / 1000);
    times.push(now);
    return undefined;
  }

  clear(): void {
    this.hits.clear();
  }
}

function untilFree(times: number[], limit: number, windowMs: number, now: number): number {
  if (limit === 0) return windowMs;
  const oldest = times[times.length - limit];
  return oldest === undefined ? 0 : Math.max(0, oldest + windowMs - now);
}
