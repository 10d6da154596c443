import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Below the range that systems use for outgoing connections (from 32768 or 49152): an outgoing connection could take the port before
 * its owner listens, or while its owner restarts.
 */
const [lowest, highest] = [10_240, 21_000];
const [lowestClaim, highestClaim] = [21_240, 32_000];
const tries = 100;

/** A free port on the loopback address. It is claimed, so that suites that run side by side never get the same one. */
export async function freePort(): Promise<number> {
  for (let n = 0; n < tries; n += 1) {
    const port = randomInt(lowest, highest);
    if (await claim(port)) return port;
  }
  throw new Error('This machine has no free port on 127.0.0.1.');
}

/** Whether the port is free on the loopback address. */
export function isFree(port: number): Promise<boolean> {
  const probe = createServer();
  return new Promise((settle) => {
    probe.once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

/** The port that stands for a claim. Two ports may share one; then the second is not given. Never the port itself. */
function claimOf(port: number): number {
  const claim = lowestClaim + (port % (highestClaim - lowestClaim));
  return claim === port ? claim + 1 : claim;
}

/**
 * Claims a port that is free and not claimed. Several copies that start at the same time each get their own, although nothing
 * listens on it yet. The claim is itself an open port, so that it ends with this process, however that ends.
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

/** Claims the first free port of the twenty from there on. */
export async function claimFrom(first: number): Promise<number | null> {
  for (let port = first; port < first + 20; port += 1) if (await claim(port)) return port;
  return null;
}
