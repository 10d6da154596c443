import type { CallLimits } from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import type { Purpose, VendorBudget } from '../../../src/contexts/integrations/gateway/domain/vendor-budget.js';
import type { VendorCircuitBreaker } from '../../../src/contexts/integrations/gateway/domain/vendor-circuit-breaker.js';
import { anId } from '../../fakes/platform.js';

const perMinute = 10;
const ordersPerDay = 15;
const limits: CallLimits = { requestsPerMinute: perMinute, requestsPerDay: 20, ordersPerDay };

export interface BudgetFixture {
  budget: VendorBudget;
  /** Lets seconds pass for that account. */
  pass: (seconds: number, accountKey: string) => Promise<void>;
}

/** The rules of the rate budget, which every call to a vendor passes. */
export function vendorBudgetContract(name: string, open: () => BudgetFixture): void {
  describe(`${name}: the budget of a vendor account`, () => {
    let fixture: BudgetFixture;
    let budget: VendorBudget;
    let account: string;
    beforeEach(() => {
      fixture = open();
      ({ budget } = fixture);
      account = `https://host#${anId()}`;
    });

    const take = (purpose: Purpose, of = account) => budget.take(of, purpose, limits);
    const pass = (seconds: number) => fixture.pass(seconds, account);
    async function takeUntilRefused(purpose: Purpose): Promise<number> {
      for (let taken = 0; ; taken += 1) if (!(await take(purpose)).taken) return taken;
    }
    async function refusedFor(purpose: Purpose): Promise<number> {
      const answer = await take(purpose);
      if (answer.taken) throw new Error('It was taken.');
      return answer.retryAfterSeconds;
    }

    it('lets reads take their share at once and keeps the other shares, and orders use all of it', async () => {
      expect(await takeUntilRefused('read')).toBe(4);
      expect(await takeUntilRefused('order')).toBe(6);
    });

    it('keeps the share of every purpose although another took all that it could', async () => {
      await takeUntilRefused('read');
      expect(await takeUntilRefused('sweep')).toBe(3);
      expect(await takeUntilRefused('feed')).toBe(1);
      expect(await takeUntilRefused('order')).toBe(2);
    });

    it('lends unused shares to other purposes, more of them later in the window', async () => {
      expect(await takeUntilRefused('read')).toBe(4);
      await pass(30);
      expect(await takeUntilRefused('read')).toBe(3);
      await pass(28);
      expect(await takeUntilRefused('sweep')).toBe(2);
    });

    it('states how long a call must wait for its share, and takes it after that time', async () => {
      await takeUntilRefused('read');
      const wait = await refusedFor('read');
      expect(wait).toBeLessThanOrEqual(20);
      await pass(wait);
      expect(await take('read')).toEqual({ taken: true });
    });

    it('caps paid orders per day, but not the calls that follow an order', async () => {
      for (let order = 1; order <= ordersPerDay; order += 1) {
        expect(await take('order')).toEqual({ taken: true });
        await pass(61);
      }
      expect(await refusedFor('order')).toBeGreaterThan(23 * 3600);
      expect(await take('urgent')).toEqual({ taken: true });
      await pass(86_400);
      expect(await take('order')).toEqual({ taken: true });
    });

    it("is under pressure above a quarter of the minute's calls, until the minute is over", async () => {
      expect(await budget.isUnderPressure(account, limits)).toBe(false);
      for (let call = 1; call <= 2; call += 1) await take('read');
      expect(await budget.isUnderPressure(account, limits)).toBe(false);
      await take('read');
      expect(await budget.isUnderPressure(account, limits)).toBe(true);
      await pass(61);
      expect(await budget.isUnderPressure(account, limits)).toBe(false);
    });

    it('states when the minute is over, and has room in a new one until the day is used up', async () => {
      expect(await takeUntilRefused('urgent')).toBe(10);
      const wait = await refusedFor('order');
      expect([wait > 50, wait <= 60]).toEqual([true, true]);
      await pass(61);
      expect(await takeUntilRefused('urgent')).toBe(10);
      await pass(61);
      expect(await refusedFor('urgent')).toBeGreaterThan(23 * 3600);
      await pass(86_400);
      expect(await takeUntilRefused('order')).toBe(10);
    });

    it('gives a call that was never sent back to the day, not to the minute [E15]', async () => {
      for (let call = 0; call < perMinute; call += 1) await take('urgent');
      await budget.giveBack(account, 'urgent');
      await budget.giveBack(account, 'read');
      expect(await takeUntilRefused('urgent')).toBe(0);
      await pass(61);
      expect(await takeUntilRefused('urgent')).toBe(10);
      await pass(61);
      expect(await takeUntilRefused('urgent')).toBe(1);
    });

    it('is separate for each account', async () => {
      await takeUntilRefused('order');
      expect(await take('read', `https://host#${anId()}`)).toEqual({ taken: true });
    });

    it('grants exactly what is left when many calls ask at once', async () => {
      const answers = await Promise.all(Array.from({ length: 30 }, () => take('order')));
      expect(answers.filter(({ taken }) => taken)).toHaveLength(perMinute);
    });
  });
}

export interface CircuitBreakerFixture {
  /** Two replicas that share the state. It opens after 3 failures, for 10 and then 20 seconds. */
  breakers: [VendorCircuitBreaker, VendorCircuitBreaker];
  /** Lets seconds pass for that account. */
  pass: (seconds: number, accountKey: string) => Promise<void>;
}

/** The rules of the circuit breaker that all replicas share. */
export function vendorCircuitBreakerContract(name: string, open: () => CircuitBreakerFixture): void {
  describe(`${name}: the circuit breaker of a vendor account`, () => {
    let here: VendorCircuitBreaker;
    let there: VendorCircuitBreaker;
    let fixture: CircuitBreakerFixture;
    let account: string;
    beforeEach(() => {
      fixture = open();
      [here, there] = fixture.breakers;
      account = `https://host#${anId()}`;
    });

    const pass = (seconds: number) => fixture.pass(seconds, account);
    const fails = async (times: number) => {
      for (let n = 0; n < times; n += 1) await here.noteOrder(account, 'failed');
    };
    const kindOf = async (call: 'order' | 'resend' | 'read' = 'order') => (await there.admit(account, call)).kind;
    const waitOf = async (call: 'order' | 'read' | 'sweep'): Promise<number> => {
      const answer = await there.admit(account, call);
      return answer.kind === 'wait' ? answer.seconds : 0;
    };

    it('opens on one replica when orders fail on another [E15]', async () => {
      await fails(2);
      expect(await kindOf()).toBe('go');
      expect(await here.noteOrder(account, 'failed')).toBe(10);
      expect(await there.admit(account, 'order')).toMatchObject({ kind: 'wait', why: 'failing' });
      expect(await waitOf('order')).toBeCloseTo(10, 0);
      expect(await kindOf('read')).toBe('go');
      expect((await there.admit(`https://host#${anId()}`, 'order')).kind).toBe('go');
    });

    it('counts all failures that are recorded at the same time, and opens once [E15]', async () => {
      await Promise.all(Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).noteOrder(account, 'failed')));
      await pass(11);
      expect(await kindOf()).toBe('trial');
      // A second opening after the first lasts longer.
      expect(await here.noteOrder(account, 'failed')).toBe(20);
    });

    it('admits one trial call of many [E15]', async () => {
      await fails(3);
      await pass(11);
      const asked = Array.from({ length: 12 }, (_, n) => (n % 2 ? here : there).admit(account, 'order'));
      const kinds = (await Promise.all(asked)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'trial')).toHaveLength(1);
      expect(kinds.filter((kind) => kind === 'wait')).toHaveLength(11);
    });

    it('closes for all after a trial call that works, and admits another after one that dies [E15]', async () => {
      await fails(3);
      await pass(11);
      expect([await kindOf(), await kindOf()]).toEqual(['trial', 'wait']);
      await pass(60);
      expect(await kindOf()).toBe('trial');
      expect(await here.noteOrder(account, 'worked')).toBe(0);
      expect(await kindOf()).toBe('go');
    });

    it('makes a resend wait for another order to be the trial call, for at most the longest cool-down [E15]', async () => {
      await fails(3);
      await pass(11);
      expect(await kindOf('resend')).toBe('wait');
      expect(await kindOf()).toBe('trial');
      await here.noteOrder(account, 'nothing');
      expect(await kindOf('resend')).toBe('wait');
      await pass(20);
      expect(await kindOf('resend')).toBe('trial');
    });

    it('pauses every kind of call on all replicas, and remembers the pause for the next one [E8]', async () => {
      await here.noteThrottle(account, null);
      expect(await there.admit(account, 'sweep')).toMatchObject({ kind: 'wait', why: 'throttled' });
      await pass(3);
      expect(await kindOf()).toBe('go');
      await here.noteThrottle(account, null);
      expect(await waitOf('read')).toBeGreaterThan(2);
      await pass(100);
      await here.noteThrottle(account, null);
      // The column keeps milliseconds, rounded up.
      expect(await waitOf('read')).toBeLessThanOrEqual(2.001);
    });

    it('pauses for as long as the vendor states [E8]', async () => {
      await here.noteThrottle(account, 120);
      expect(await waitOf('sweep')).toBeCloseTo(120, 0);
      await pass(121);
      expect(await kindOf()).toBe('go');
    });
  });
}
