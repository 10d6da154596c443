/** Errors whose message the driver writes: it quotes the statement, and rows with people and secrets in them. */
const writtenByTheDriver = (error: Error): boolean =>
  'sqlMessage' in error || 'severity' in error || typeof (error as { query?: unknown }).query === 'string';

/**
 * What may be kept of an error in a log or with a failed job: its message, unless a database driver wrote it; then its code
 * and the constraint's name.
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
