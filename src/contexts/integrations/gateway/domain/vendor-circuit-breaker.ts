import type { Purpose } from './vendor-budget.js';

/**
 * State of an account's circuit breaker. Times are seconds from now; 0: over, or never.
 * `failures` consecutive failed orders: no answer, an unusable answer, or a fault of the vendor · `timesOpened` how often it
 * opened since the last order that worked · `openFor` orders are held · `resendCoolDownFor` resends are held, so that first
 * sends go first · `trialFor` a trial call is in progress · `throttledFor` the vendor asked for a pause of all calls ·
 * `throttlePause` length of the last pause, null when it is long over.
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

/** State of an account without failures so far. */
export const closedBreaker: CircuitBreaker = {
  failures: 0,
  timesOpened: 0,
  openFor: 0,
  resendCoolDownFor: 0,
  trialFor: 0,
  throttledFor: 0,
  throttlePause: null,
};

/**
 * What is about to be sent. A `resend` is an order whose outcome was unknown before: if its answer is lost again, only a person
 * can decide it.
 */
export type OutgoingCall = Purpose | 'resend';

/** Whether a call may be sent now. `trial`: the order is the trial call that shows whether the others may follow. */
export type Admission = { kind: 'go' } | { kind: 'trial' } | { kind: 'wait'; seconds: number; why: WaitReason };
/** `throttled` the vendor asked for a pause · `failing` orders failed in a row. */
export type WaitReason = 'throttled' | 'failing';

export interface CircuitBreakerRules {
  /** Consecutive failed orders that open the breaker; 0: it never opens. */
  failuresToOpen: number;
  /** Seconds the breaker stays open, by how often it opened; the last value repeats and is also the resends' cool-down. */
  openSeconds: readonly number[];
  /** Maximum seconds for a trial call, including the read before it. */
  trialSeconds: number;
}

/** How long other orders wait while a trial call is in progress; most are quick. */
const behindTrialSeconds = 5;

const firstThrottlePause = 2;
const longestThrottlePause = 60;
/** Longest pause that is accepted from the vendor; after it one call tries again. */
const longestStatedPause = 3600;

const isOpen = ({ failures }: CircuitBreaker, { failuresToOpen }: CircuitBreakerRules): boolean =>
  failuresToOpen > 0 && failures >= failuresToOpen;

export function admission(breaker: CircuitBreaker, call: OutgoingCall, rules: CircuitBreakerRules): Admission {
  const { throttledFor, openFor, resendCoolDownFor, trialFor } = breaker;
  if (throttledFor > 0) return { kind: 'wait', seconds: throttledFor, why: 'throttled' };
  if ((call !== 'order' && call !== 'resend') || !isOpen(breaker, rules)) return { kind: 'go' };
  if (call === 'resend' && resendCoolDownFor > 0)
    return { kind: 'wait', seconds: Math.min(resendCoolDownFor, openFor + behindTrialSeconds), why: 'failing' };
  if (openFor > 0) return { kind: 'wait', seconds: openFor, why: 'failing' };
  if (trialFor > 0) return { kind: 'wait', seconds: Math.min(trialFor, behindTrialSeconds), why: 'failing' };
  return { kind: 'trial' };
}

export const withTrialCall = (breaker: CircuitBreaker, { trialSeconds }: CircuitBreakerRules): CircuitBreaker => ({
  ...breaker,
  trialFor: trialSeconds,
});

/**
 * What an order that was let through says about the vendor: `worked` the vendor answered, a refusal included · `failed` no
 * answer, or an unusable one · `nothing` no information, such as an order that was not sent after all.
 */
export type OrderSignal = 'worked' | 'failed' | 'nothing';

export function afterOrder(breaker: CircuitBreaker, signal: OrderSignal, rules: CircuitBreakerRules): CircuitBreaker {
  const after = { ...breaker, trialFor: 0 };
  if (signal === 'nothing') return after;
  if (signal === 'worked') return { ...after, failures: 0, timesOpened: 0, openFor: 0, resendCoolDownFor: 0 };
  const failed = { ...after, failures: breaker.failures + 1 };
  // Orders that were already being sent when the breaker opened add no information.
  if (!isOpen(failed, rules) || breaker.openFor > 0) return failed;
  const { openSeconds } = rules;
  const longest = openSeconds.at(-1) ?? 0;
  const openFor = openSeconds[breaker.timesOpened] ?? longest;
  return { ...failed, timesOpened: breaker.timesOpened + 1, openFor, resendCoolDownFor: openFor + longest };
}

/** `statedSeconds`: the pause that the vendor named; null: none, so each pause is twice the last one. */
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
 * The circuit breaker of a vendor account, shared by all replicas, on the database's clock. During an outage, without it, every
 * waiting order would end with an unknown outcome. It also applies a pause that the vendor asks for to all replicas.
 */
export abstract class VendorCircuitBreaker {
  /** Of several concurrent orders that could be the trial call, exactly one is. */
  abstract admit(accountKey: string, call: OutgoingCall): Promise<Admission>;
  /** Returns for how many seconds orders are held now. */
  abstract noteOrder(accountKey: string, signal: OrderSignal): Promise<number>;
  abstract noteThrottle(accountKey: string, statedSeconds: number | null): Promise<void>;
}
