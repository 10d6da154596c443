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

/** Far from the port itself, and below what systems hand out for outgoing connections. */
const claimOf = (port: number): number => (port <= 12_000 ? port + 20_000 : port - 2_000);

/**
 * Takes a port that nobody listens on and nobody else has claimed: of several copies that start at the same time each gets its
 * own, although nothing listens on it for a while yet. The claim is a port, too: it ends with this process, however that ends.
 */
export async function claim(port: number): Promise<boolean> {
  const claims = createServer().unref();
  const mine = await new Promise<boolean>((settle) => {
    claims.once('error', () => settle(false));
    claims.listen(claimOf(port), '127.0.0.1', () => settle(true));
  });
  if (mine && (await isFree(port))) return true;
  claims.close();
  return false;
}

/** Claims the first free one of twenty from there on. */
export async function claimFrom(first: number): Promise<number | null> {
  for (let port = first; port < first + 20; port += 1) if (await claim(port)) return port;
  return null;
}
