/**
 * Captures what this process writes to its output. Call it before the app starts: pino checks only once whether the
 * stream was replaced, and bypasses it otherwise.
 */
export function captureOutput(): { text: () => string; stop: () => void } {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) {
    stream.write = (data: string | Uint8Array): boolean => written.push(Buffer.from(data).toString()) > 0;
  }
  const stop = (): void => {
    // Restores the method of the prototype.
    for (const stream of streams) Reflect.deleteProperty(stream, 'write');
  };
  return { text: () => written.join(''), stop };
}
