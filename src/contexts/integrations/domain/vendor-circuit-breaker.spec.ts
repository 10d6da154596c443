import {
  admission,
  afterOrder,
  afterThrottle,
  type CircuitBreaker,
  type BreakerRules,
  untried,
  whileTrying,
} from './vendor-circuit-breaker.js';

const rules: BreakerRules = { failuresToOpen: 3, openSeconds: [10, 20, 40], trialSeconds: 30 };
const failing = (times: number, breaker = untried): CircuitBreaker =>
  times === 0 ? breaker : failing(times - 1, afterOrder(breaker, 'failed', rules));
const later = (breaker: CircuitBreaker, seconds: number): CircuitBreaker => ({
  ...breaker,
  openFor: Math.max(0, breaker.openFor - seconds),
  resendCoolDownFor: Math.max(0, breaker.resendCoolDownFor - seconds),
  trialFor: Math.max(0, breaker.trialFor - seconds),
  throttledFor: Math.max(0, breaker.throttledFor - seconds),
});

describe('the breaker of a vendor account', () => {
  describe('orders that fail in a row [E15]', () => {
    it('are let through until there are enough of them', () => {
      expect(admission(failing(2), 'order', rules)).toEqual({ kind: 'go' });
      expect(admission(failing(3), 'order', rules)).toEqual({ kind: 'wait', seconds: 10, why: 'failing' });
    });

    it('hold orders only: what is free to ask goes on', () => {
      for (const purpose of ['urgent', 'read', 'test', 'sweep', 'feed'] as const)
        expect(admission(failing(3), purpose, rules)).toEqual({ kind: 'go' });
    });

    it('count anew once one worked', () => {
      const worked = afterOrder(failing(2), 'worked', rules);
      expect(admission(failing(2, worked), 'order', rules)).toEqual({ kind: 'go' });
    });

    it('hold no longer for those that were on their way already', () => {
      expect(failing(8)).toMatchObject({ failures: 8, timesOpened: 1, openFor: 10 });
    });

    it('never hold anything where that is switched off', () => {
      const off = { ...rules, failuresToOpen: 0 };
      expect(admission(afterOrder(failing(50), 'failed', off), 'order', off)).toEqual({ kind: 'go' });
    });
  });

  describe('when the time is over [E15]', () => {
    const over = later(failing(3), 10);

    it('one order is the probe, and the others wait behind it a moment', () => {
      expect(admission(over, 'order', rules)).toEqual({ kind: 'probe' });
      const probing = whileTrying(over, rules);
      expect(admission(probing, 'order', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(later(probing, 28), 'order', rules)).toEqual({ kind: 'wait', seconds: 2, why: 'failing' });
    });

    it('a probe that works lets all go', () => {
      expect(afterOrder(whileTrying(over, rules), 'worked', rules)).toEqual(untried);
    });

    it('each that fails holds them longer, up to the longest time', () => {
      const held: number[] = [];
      for (let at = over; held.length < 4; at = later(at, at.openFor)) {
        at = afterOrder(whileTrying(at, rules), 'failed', rules);
        held.push(at.openFor);
      }
      expect(held).toEqual([20, 40, 40, 40]);
    });

    it('a probe that says nothing, or that nobody heard of again, makes room for the next', () => {
      const probing = whileTrying(over, rules);
      expect(admission(afterOrder(probing, 'nothing', rules), 'order', rules)).toEqual({ kind: 'probe' });
      expect(admission(later(probing, 30), 'order', rules)).toEqual({ kind: 'probe' });
    });
  });

  describe('an order that was in doubt before [E15]', () => {
    const over = later(failing(3), 10);

    it('goes as any other while nothing is held', () => {
      expect(admission(failing(2), 'resend', rules)).toEqual({ kind: 'go' });
    });

    it('lets others be the probe, and looks again a moment after each could have been', () => {
      expect(admission(failing(3), 'resend', rules)).toEqual({ kind: 'wait', seconds: 15, why: 'failing' });
      expect(admission(over, 'resend', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(over, 'order', rules)).toEqual({ kind: 'probe' });
    });

    it('is the probe itself when no other came for the longest time', () => {
      expect(admission(later(over, 38), 'resend', rules)).toEqual({ kind: 'wait', seconds: 2, why: 'failing' });
      expect(admission(later(over, 40), 'resend', rules)).toEqual({ kind: 'probe' });
    });

    it('is spared anew by each probe that fails, and goes once one works', () => {
      const again = afterOrder(whileTrying(over, rules), 'failed', rules);
      expect(admission(later(again, 20), 'resend', rules)).toEqual({ kind: 'wait', seconds: 5, why: 'failing' });
      expect(admission(afterOrder(whileTrying(over, rules), 'worked', rules), 'resend', rules)).toEqual({
        kind: 'go',
      });
    });
  });

  describe('a pause that the vendor asks for [E8]', () => {
    it('is kept by every kind of call', () => {
      const asked = afterThrottle(untried, 7);
      for (const purpose of ['order', 'urgent', 'read', 'test', 'sweep', 'feed'] as const)
        expect(admission(asked, purpose, rules)).toEqual({ kind: 'wait', seconds: 7, why: 'throttled' });
      expect(admission(later(asked, 7), 'order', rules)).toEqual({ kind: 'go' });
    });

    it('grows by itself where no time is named, and only once for calls that were on their way', () => {
      const pauses: number[] = [];
      for (let at = untried; pauses.length < 7; at = later(at, at.throttledFor)) {
        at = afterThrottle(afterThrottle(at, null), null);
        pauses.push(at.throttledFor);
      }
      expect(pauses).toEqual([2, 4, 8, 16, 32, 60, 60]);
    });

    it('is not believed to be longer than an hour, and never shortens another', () => {
      expect(afterThrottle(untried, 86_400).throttledFor).toBe(3600);
      expect(afterThrottle(afterThrottle(untried, 30), 1).throttledFor).toBe(30);
      expect(afterThrottle(untried, 0).throttledFor).toBe(1);
    });

    it('says nothing about whether orders fail', () => {
      expect(afterThrottle(failing(2), 5)).toMatchObject({ failures: 2, timesOpened: 0 });
    });
  });
});
