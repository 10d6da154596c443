import type { Purpose } from './vendor-budget.js';

/**
 * How an account's calls went lately. Times are seconds from now; 0: over, or never.
 * `failures` orders in a row that failed: no answer, an answer that cannot be believed, a fault of the vendor ·
 * `openings` how often orders were held since one worked · `openFor` orders are held · `resendCoolDownFor` second sendings are, for
 * others to go first · `trialFor` an order is on its way that shows whether they may go on · `throttledFor` the vendor asked
 * for a pause of all calls · `throttlePause` how long the last one was, null when it is long over.
 */
export interface CircuitBreaker {
  failures: number;
  timesOpened: number;
  openFor: number;
  resendCoolDownFor: number;
  trialFor: number;
  throttledFor: number;
  throttlePause: number | null;
}

/** Of an account that never had any trouble. */
export const untried: CircuitBreaker = {
  failures: 0,
  timesOpened: 0,
  openFor: 0,
  resendCoolDownFor: 0,
  trialFor: 0,
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
  openSeconds: readonly number[];
  /** How long a probe may take at most, a read before it included. In seconds. */
  trialSeconds: number;
}

/** Behind a probe the others wait a moment: it is mostly quick. */
const behindTrialSeconds = 5;

const firstThrottlePause = 2;
const longestThrottlePause = 60;
/** No pause is believed to be longer: then one call asks anew. */
const longestStatedPause = 3600;

const isOpen = ({ failures }: CircuitBreaker, { failuresToOpen }: BreakerRules): boolean =>
  failuresToOpen > 0 && failures >= failuresToOpen;

export function admission(breaker: CircuitBreaker, leaving: Leaving, rules: BreakerRules): Admission {
  const { throttledFor, openFor, resendCoolDownFor, trialFor } = breaker;
  if (throttledFor > 0) return { kind: 'wait', seconds: throttledFor, why: 'throttled' };
  if ((leaving !== 'order' && leaving !== 'resend') || !isOpen(breaker, rules)) return { kind: 'go' };
  if (leaving === 'resend' && resendCoolDownFor > 0)
    return { kind: 'wait', seconds: Math.min(resendCoolDownFor, openFor + behindTrialSeconds), why: 'failing' };
  if (openFor > 0) return { kind: 'wait', seconds: openFor, why: 'failing' };
  if (trialFor > 0) return { kind: 'wait', seconds: Math.min(trialFor, behindTrialSeconds), why: 'failing' };
  return { kind: 'probe' };
}

export const whileTrying = (breaker: CircuitBreaker, { trialSeconds }: BreakerRules): CircuitBreaker => ({
  ...breaker,
  trialFor: trialSeconds,
});

/**
 * What became of an order that was let through: `worked` the vendor answered it, a refusal included · `failed` it did not, or
 * not to be believed · `nothing` it says nothing about the vendor, such as an order that was not sent after all.
 */
export type OrderSign = 'worked' | 'failed' | 'nothing';

export function afterOrder(breaker: CircuitBreaker, sign: OrderSign, rules: BreakerRules): CircuitBreaker {
  const after = { ...breaker, trialFor: 0 };
  if (sign === 'nothing') return after;
  if (sign === 'worked') return { ...after, failures: 0, timesOpened: 0, openFor: 0, resendCoolDownFor: 0 };
  const failed = { ...after, failures: breaker.failures + 1 };
  // Orders that were on their way when it opened say nothing new.
  if (!isOpen(failed, rules) || breaker.openFor > 0) return failed;
  const { openSeconds } = rules;
  const longest = openSeconds.at(-1) ?? 0;
  const openFor = openSeconds[breaker.timesOpened] ?? longest;
  return { ...failed, timesOpened: breaker.timesOpened + 1, openFor, resendCoolDownFor: openFor + longest };
}

/** `statedSeconds`: the pause that the vendor named; null: none, then each is twice the last one. */
export function afterThrottle(breaker: CircuitBreaker, statedSeconds: number | null): CircuitBreaker {
  const { throttledFor, throttlePause } = breaker;
  const unstated =
    throttlePause === null
      ? firstThrottlePause
      : Math.min(longestThrottlePause, throttledFor > 0 ? throttlePause : 2 * throttlePause);
  const pause = statedSeconds === null ? unstated : Math.min(Math.max(1, statedSeconds), longestStatedPause);
  return { ...breaker, throttledFor: Math.max(throttledFor, pause), throttlePause: unstated, trialFor: 0 };
}

/**
 * The circuit breaker of a vendor account, shared by all replicas and kept on the database's clock. It keeps an outage from
 * turning every waiting order into one in doubt, and a pause that the vendor asks for is everybody's.
 */
export abstract class VendorCircuitBreaker {
  /** Of several who could be the probe at the same time, one is. */
  abstract admit(accountKey: string, leaving: Leaving): Promise<Admission>;
  /** Answers for how many seconds orders are held now. */
  abstract noteOrder(accountKey: string, sign: OrderSign): Promise<number>;
  abstract noteThrottle(accountKey: string, statedSeconds: number | null): Promise<void>;
}
