/** Converts a time from raw SQL to the contract's form: ISO 8601, UTC, milliseconds. */
export function isoTime(value: Date | string): string;
export function isoTime(value: Date | string | null): string | null;
export function isoTime(value: Date | string | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}
