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

/** A port that is kept from others until its owner is about to listen. */
export interface HeldPort {
  port: number;
  release(): Promise<void>;
}

/** Holds that port; null when somebody has it. */
export function hold(port: number): Promise<HeldPort | null> {
  const holder = createServer();
  return new Promise((settle) => {
    holder.once('error', () => settle(null));
    holder.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      settle({ port, release: () => new Promise((closed) => holder.close(() => closed())) });
    });
  });
}

/** Holds the first free one of so many from there on, else any. */
export async function holdFrom(first: number, many = 20): Promise<HeldPort> {
  for (let port = first; port < first + many; port += 1) {
    const held = await hold(port);
    if (held) return held;
  }
  return (await hold(await freePort())) ?? holdFrom(first, many);
}
