import { Transform } from 'node:stream';
import type { Caller } from '#kernel/caller';

const askEveryMs = 2_000;

/**
 * For work that outlives the moment it was admitted: each call answers who the caller is now, read again at most every two
 * seconds, and throws the refusal once they may not go on.
 */
export type StillAllowed = () => Promise<Caller>;

export function stillAllowed(
  whoNow: () => Promise<Caller>,
  mayGoOn: (caller: Caller) => void | Promise<void>,
  admitted: Caller,
): StillAllowed {
  let known = admitted;
  let askedAt = Date.now();
  return async () => {
    if (Date.now() - askedAt < askEveryMs) return known;
    const caller = await whoNow();
    await mayGoOn(caller);
    known = caller;
    askedAt = Date.now();
    return known;
  };
}

/** Bytes pass for as long as the caller may have them, and break off then: half of a thing is not taken for the whole. */
export const passWhileAllowed = (allowed: StillAllowed): Transform =>
  new Transform({
    transform(piece: Buffer, _encoding, done) {
      allowed().then(
        () => done(null, piece),
        (refusal: unknown) => done(refusal instanceof Error ? refusal : new Error('refused')),
      );
    },
  });
