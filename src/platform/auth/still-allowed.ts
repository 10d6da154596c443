import { Transform } from 'node:stream';
import type { Caller } from '#kernel/caller';

const askEveryMs = 2_000;

/**
 * For work that runs longer than one request check. Each call returns the caller as they are now, read again at most every two
 * seconds, and throws once they no longer have access.
 */
export type StillAllowed = () => Promise<Caller>;

export function stillAllowed(
  currentCaller: () => Promise<Caller>,
  mayGoOn: (caller: Caller) => void | Promise<void>,
  admitted: Caller,
): StillAllowed {
  let known = admitted;
  let askedAt = Date.now();
  return async () => {
    if (Date.now() - askedAt < askEveryMs) return known;
    const caller = await currentCaller();
    await mayGoOn(caller);
    known = caller;
    askedAt = Date.now();
    return known;
  };
}

/** Passes bytes while the caller has access, then fails the stream: a client must not take half a file for the whole. */
export const passWhileAllowed = (allowed: StillAllowed): Transform =>
  new Transform({
    transform(piece: Buffer, _encoding, done) {
      allowed().then(
        () => done(null, piece),
        (refusal: unknown) => done(refusal instanceof Error ? refusal : new Error('refused')),
      );
    },
  });
