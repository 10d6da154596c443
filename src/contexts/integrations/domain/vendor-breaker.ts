import type { Purpose } from './vendor-budget.js';

/**
 * How an account's calls went lately. Times are seconds from now; 0: over, or never.
 * `failures` orders in a row that failed: no answer, an answer that cannot be believed, a fault of the vendor ·
 * `openings` how often orders were held since one worked · `heldFor` orders are held · `sparedFor` second sendings are, for
 * others to go first · `probeFor` an order is on its way that shows whether they may go on · `throttledFor` the vendor asked
 * for a pause of all calls · `throttlePause` how long the last one was, null when it is long over.
 */
export interface Breaker {
  failures: number;
  openings: number;
  heldFor: number;
  sparedFor: number;
  probeFor: number;
  throttledFor: number;
  throttlePause: number | null;
}

/** Of an account that never had any trouble. */
export const untried: Breaker = {
  failures: 0,
  openings: 0,
  heldFor: 0,
  sparedFor: 0,
  probeFor: 0,
  throttledFor: 0,
  throttlePause: null,
};

/**
 * What wants to leave. A `resend` is an order that was in doubt before: lost once more, only a person can say what becomes of
 * it.
 */
export type Leaving = Purpose | 'resend';

/** Whether a call may leave now. A `probe` is the one order that shows whether the others may follow. */
export type Admission = { kind: 'go' } | { kind: 'probe' } | { kind: 'wait'; seconds: number; why: WaitReason };
/** `throttled` the vendor asked for a pause · `failing` orders failed in a row. */
export type WaitReason = 'throttled' | 'failing';

export interface BreakerRules {
  /** So many orders must fail in a row; 0: orders are never held. */
  failuresToOpen: number;
  /** How long orders are held, each time longer; the last again and again, and as long second sendings are spared. In seconds. */
  heldSeconds: readonly number[];
  /** How long a probe may take at most, a read before it included. In seconds. */
  probeSeconds: number;
}

/** Behind a probe the others wait a moment: it is mostly quick. */
const behindProbeSeconds = 5;

const firstThrottlePause = 2;
const longestThrottlePause = 60;
/** No pause is believed to be longer: then one call asks anew. */
const longestStatedPause = 3600;

const isOpen = ({ failures }: Breaker, { failuresToOpen }: BreakerRules): boolean =>
  failuresToOpen > 0 && failures >= failuresToOpen;

export function admission(breaker: Breaker, leaving: Leaving, rules: BreakerRules): Admission {
  const { throttledFor, heldFor, sparedFor, probeFor } = breaker;
  if (throttledFor > 0) return { kind: 'wait', seconds: throttledFor, why: 'throttled' };
  if ((leaving !== 'order' && leaving !== 'resend') || !isOpen(breaker, rules)) return { kind: 'go' };
  if (leaving === 'resend' && sparedFor > 0)
    return { kind: 'wait', seconds: Math.min(sparedFor, heldFor + behindProbeSeconds), why: 'failing' };
  if (heldFor > 0) return { kind: 'wait', seconds: heldFor, why: 'failing' };
  if (probeFor > 0) return { kind: 'wait', seconds: Math.min(probeFor, behindProbeSeconds), why: 'failing' };
  return { kind: 'probe' };
}

export const whileProbing = (breaker: Breaker, { probeSeconds }: BreakerRules): Breaker => ({
  ...breaker,
  probeFor: probeSeconds,
});

/**
 * What became of an order that was let through: `worked` the vendor answered it, a refusal included · `failed` it did not, or
 * not to be believed · `nothing` it says nothing about the vendor, such as an order that was not sent after all.
 */
export type OrderSign = 'worked' | 'failed' | 'nothing';

export function afterOrder(breaker: Breaker, sign: OrderSign, rules: BreakerRules): Breaker {
  const after = { ...breaker, probeFor: 0 };
  if (sign === 'nothing') return after;
  if (sign === 'worked') return { ...after, failures: 0, openings: 0, heldFor: 0, sparedFor: 0 };
  const failed = { ...after, failures: breaker.failures + 1 };
  // Orders that were on their way when it opened say nothing new.
  if (!isOpen(failed, rules) || breaker.heldFor > 0) return failed;
  const { heldSeconds } = rules;
  const longest = heldSeconds.at(-1) ?? 0;
  const heldFor = heldSeconds[breaker.openings] ?? longest;
  return { ...failed, openings: breaker.openings + 1, heldFor, sparedFor: heldFor + longest };
}

/** `statedSeconds`: the pause that the vendor named; null: none, then each is twice the last one. */
export function afterThrottle(breaker: Breaker, statedSeconds: number | null): Breaker {
  const { throttledFor, throttlePause } = breaker;
  const unstated =
    throttlePause === null
      ? firstThrottlePause
      : Math.min(longestThrottlePause, throttledFor > 0 ? throttlePause : 2 * throttlePause);
  const pause = statedSeconds === null ? unstated : Math.min(Math.max(1, statedSeconds), longestStatedPause);
  return { ...breaker, throttledFor: Math.max(throttledFor, pause), throttlePause: unstated, probeFor: 0 };
}

/**
 * The circuit breaker of a vendor account, shared by all replicas and kept on the database's clock. It keeps an outage from
 * turning every waiting order into one in doubt, and a pause that the vendor asks for is everybody's.
 */
export abstract class VendorBreaker {
  /** Of several who could be the probe at the same time, one is. */
  abstract admit(accountKey: string, leaving: Leaving): Promise<Admission>;
  /** Answers for how many seconds orders are held now. */
  abstract noteOrder(accountKey: string, sign: OrderSign): Promise<number>;
  abstract noteThrottle(accountKey: string, statedSeconds: number | null): Promise<void>;
}
