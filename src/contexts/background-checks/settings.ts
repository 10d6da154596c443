import type { Reader } from '#platform/config/reader';

/** How long rows are kept that would otherwise only accumulate; `docs/retention.md` has the whole list. */
export abstract class BackgroundChecksSettings {
  abstract readonly erasedHistoryDays: number;
}

export const backgroundChecksSettings = (reader: Reader): BackgroundChecksSettings => ({
  erasedHistoryDays: reader.number('ERASED_HISTORY_DAYS', 30, 0, 3650),
});
