/**
 * Keeps what this process would write to its own output. To be called before the app starts: pino looks once whether the
 * stream was replaced, and writes past it otherwise.
 */
export function captureOutput(): { text: () => string; stop: () => void } {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr];
  for (const stream of streams) {
    stream.write = (data: string | Uint8Array): boolean => written.push(Buffer.from(data).toString()) > 0;
  }
  const stop = (): void => {
    // Uncovers the prototype's own method again.
    for (const stream of streams) Reflect.deleteProperty(stream, 'write');
  };
  return { text: () => written.join(''), stop };
}
