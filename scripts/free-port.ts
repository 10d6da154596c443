import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below what systems hand out for outgoing connections (from 32768 or 49152): one of those could take the port before its
 * owner listens, or while its owner is being started again.
 */
const [lowest, highest] = [10_240, 32_000];
const tries = 100;

/** A port on the loopback address that nobody listens on. */
export async function freePort(): Promise<number> {
  for (let n = 0; n < tries; n += 1) {
    const port = randomInt(lowest, highest);
    if (await isFree(port)) return port;
  }
  throw new Error('This machine has no free port on 127.0.0.1.');
}

/** Whether nobody listens on that port of the loopback address. */
export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((settle) => {
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}
