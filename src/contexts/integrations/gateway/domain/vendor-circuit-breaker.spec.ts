import {
  admission,
  afterOrder,
  afterThrottle,
  type CircuitBreaker,
  type CircuitBreakerRules,
  closedBreaker,
  withTrialCall,
} from './vendor-circuit-breaker.js';

const rules: CircuitBreakerRules = { failuresToOpen: 3, openSeconds: [10, 20, 40], trialSeconds: 30 };
const failing = (times: number, breaker = closedBreaker): CircuitBreaker =>
  times === 0 ? breaker : failing(times - 1, afterOrder(breaker, 'failed', rules));
const later = (breaker: CircuitBreaker, seconds: number): CircuitBreaker => ({
  ...breaker,
  openFor: Math.max(0, breaker.openFor - seconds),
  resendCoolDownFor: Math.max(0, breaker.resendCoolDownFor - seconds),
  trialFor: Math.max(0, breaker.trialFor - seconds),
  throttledFor: Math.max(0, breaker.throttledFor - seconds),
});

describe('the circuit breaker of a vendor account', () => {
  describe('orders that fail in a row [E15]', () => {
    it('open it at the configured number', () => {
      expect(admission(failing(2), 'order', rules)).toEqual({ kind: 'go' });
      expect(admission(failing(3), 'order', rules)).toEqual({ kind: 'wait', seconds: 10, why: 'failing' });
    });

    it('hold orders only; calls that cost nothing go on', () => {
      for (const purpose of ['urgent', 'read', 'test', 'sweep', 'feed'] as const)
        expect(admission(failing(3), purpose, rules)).toEqual({ kind: 'go' });
    });

    it('are counted from zero once one worked', () => {
      const worked = afterOrder(failing(2), 'worked', rules);
      expect(admission(failing(2, worked), 'order', rules)).toEqual({ kind: 'go' });
    });

    it('do not extend the open time when they were sent before it opened', () => {
      expect(failing(8)).toMatchObject({ failures: 8, timesOpened: 1, openFor: 10 });
    });

    it('never open it when it is switched off', () => {
      const off = { ...rules, failuresToOpen: 0 };
      expect(admission(afterOrder(failing(50), 'failed', off), 'order', off)).toEqual({ kind: 'go' });
    });
  });

  describe('when the open time is over [E15]', () => {
    const over = later(failing(3), 10);

    it('one order is the trial call, and the others wait for it', () => {
      expect(admission(over, 'order', rules)).toEqual({ kind: 'trial' });
      const trying = withTrialCall(over, rules);
      expect(admission(trying, 'order', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(later(trying, 28), 'order', rules)).toEqual({ kind: 'wait', seconds: 2, why: 'failing' });
    });

    it('a trial call that works closes it', () => {
      expect(afterOrder(withTrialCall(over, rules), 'worked', rules)).toEqual(closedBreaker);
    });

    it('each trial call that fails opens it for longer, up to the longest time', () => {
      const openTimes: number[] = [];
      for (let at = over; openTimes.length < 4; at = later(at, at.openFor)) {
        at = afterOrder(withTrialCall(at, rules), 'failed', rules);
        openTimes.push(at.openFor);
      }
      expect(openTimes).toEqual([20, 40, 40, 40]);
    });

    it('a trial call without information, or without an end in time, makes room for the next', () => {
      const trying = withTrialCall(over, rules);
      expect(admission(afterOrder(trying, 'nothing', rules), 'order', rules)).toEqual({ kind: 'trial' });
      expect(admission(later(trying, 30), 'order', rules)).toEqual({ kind: 'trial' });
    });
  });

  describe('an order whose outcome was unknown before [E15]', () => {
    const over = later(failing(3), 10);

    it('is sent like any other while the breaker is closed', () => {
      expect(admission(failing(2), 'resend', rules)).toEqual({ kind: 'go' });
    });

    it('leaves the trial call to others, and tries again shortly after each could have been made', () => {
      expect(admission(failing(3), 'resend', rules)).toEqual({ kind: 'wait', seconds: 15, why: 'failing' });
      expect(admission(over, 'resend', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(over, 'order', rules)).toEqual({ kind: 'trial' });
    });

    it('is the trial call when no other order came during its cool-down', () => {
      expect(admission(later(over, 38), 'resend', rules)).toEqual({ kind: 'wait', seconds: 2, why: 'failing' });
      expect(admission(later(over, 40), 'resend', rules)).toEqual({ kind: 'trial' });
    });

    it('gets a new cool-down with each trial call that fails, and is sent once one works', () => {
      const again = afterOrder(withTrialCall(over, rules), 'failed', rules);
      expect(admission(later(again, 20), 'resend', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(afterOrder(withTrialCall(over, rules), 'worked', rules), 'resend', rules)).toEqual({
        kind: 'go',
      });
    });
  });

  describe('a pause that the vendor asks for [E8]', () => {
    it('applies to every kind of call', () => {
      const asked = afterThrottle(closedBreaker, 7);
      for (const purpose of ['order', 'urgent', 'read', 'test', 'sweep', 'feed'] as const)
        expect(admission(asked, purpose, rules)).toEqual({ kind: 'wait', seconds: 7, why: 'throttled' });
      expect(admission(later(asked, 7), 'order', rules)).toEqual({ kind: 'go' });
    });

    it('grows when the vendor names no time, and only once for calls already sent', () => {
      const pauses: number[] = [];
      for (let at = closedBreaker; pauses.length < 7; at = later(at, at.throttledFor)) {
        at = afterThrottle(afterThrottle(at, null), null);
        pauses.push(at.throttledFor);
      }
      expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60]);
    });

    it('is an hour at most, and never shortens another', () => {
      expect(afterThrottle(closedBreaker, 86_400).throttledFor).toBe(3600);
      expect(afterThrottle(afterThrottle(closedBreaker, 30), 1).throttledFor).toBe(30);
      expect(afterThrottle(closedBreaker, 0).throttledFor).toBe(1);
    });

    it('does not count as a failed order', () => {
      expect(afterThrottle(failing(2), 5)).toMatchObject({ failures: 2, timesOpened: 0 });
    });
  });
});
