import type { Reader } from '#platform/config/reader';

/** How long rows are kept that would otherwise only accumulate; `docs/retention.md` has the whole list. */
export abstract class BackgroundChecksSettings {
  abstract readonly idempotencyHours: number;
  abstract readonly erasedHistoryDays: number;
}

export const backgroundChecksSettings = (reader: Reader): BackgroundChecksSettings => ({
  // The API promises that an idempotency key is remembered for a day.
  idempotencyHours: reader.number('IDEMPOTENCY_HOURS', 24, 24, 720),
  erasedHistoryDays: reader.number('ERASED_HISTORY_DAYS', 30, 0, 3650),
});
