/** Errors whose message a database driver writes. It quotes the statement, and rows that may hold personal data and secrets. */
const writtenByTheDriver = (error: Error): boolean =>
  'sqlMessage' in error || 'severity' in error || typeof (error as { query?: unknown }).query === 'string';

/**
 * What a log or a failed job may hold of an error: its message, unless a database driver wrote it; then only its code and the
 * constraint's name.
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  for (let e: unknown = error; e instanceof Error; e = e.cause) {
    const { code, constraint } = e as { code?: unknown; constraint?: unknown };
    if (writtenByTheDriver(e)) return [error.name, code, constraint].filter(Boolean).join(' ');
  }
  return error.message || error.name;
}

/** Where it was thrown; the stack without the message that heads it. */
export function placesOf(error: unknown): string[] {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^\s+at /.test(line)).map((line) => line.trim());
}
