import {
  admission,
  type Admission,
  afterOrder,
  afterThrottle,
  type CircuitBreaker,
  type CircuitBreakerRules,
  closedBreaker,
  type OrderSignal,
  type OutgoingCall,
  VendorCircuitBreaker,
  withTrialCall,
} from '../../../src/contexts/integrations/gateway/domain/vendor-circuit-breaker.js';
import { FakeTable } from '../fake-store.js';
import type { IntegrationsTables } from './tables.js';

/** The state at one moment. */
interface Row {
  breaker: CircuitBreaker;
  at: Date;
}

const throttleMemorySeconds = 60;

/** Passes the suite of `VendorCircuitBreaker`. Its rules are those of the domain. */
export class FakeVendorCircuitBreaker extends VendorCircuitBreaker {
  private readonly rows: FakeTable<Row>;

  constructor(
    private readonly tables: IntegrationsTables,
    private readonly rules: CircuitBreakerRules = { failuresToOpen: 3, openSeconds: [10, 20], trialSeconds: 40 },
  ) {
    super();
    this.rows = new FakeTable(tables.store);
  }

  async admit(accountKey: string, call: OutgoingCall): Promise<Admission> {
    const breaker = this.breaker(accountKey);
    const decided = admission(breaker, call, this.rules);
    if (decided.kind === 'trial') this.save(accountKey, withTrialCall(breaker, this.rules));
    return decided;
  }

  async noteOrder(accountKey: string, signal: OrderSignal): Promise<number> {
    const after = afterOrder(this.breaker(accountKey), signal, this.rules);
    this.save(accountKey, after);
    return after.openFor;
  }

  async noteThrottle(accountKey: string, statedSeconds: number | null): Promise<void> {
    this.save(accountKey, afterThrottle(this.breaker(accountKey), statedSeconds));
  }

  private breaker(accountKey: string): CircuitBreaker {
    const row = this.rows.get(accountKey);
    if (!row) return closedBreaker;
    const passed = (this.tables.clock.now().getTime() - row.at.getTime()) / 1000;
    const left = (seconds: number): number => Math.max(0, seconds - passed);
    const { breaker } = row;
    return {
      ...breaker,
      openFor: left(breaker.openFor),
      resendCoolDownFor: left(breaker.resendCoolDownFor),
      trialFor: left(breaker.trialFor),
      throttledFor: left(breaker.throttledFor),
      throttlePause: passed < breaker.throttledFor + throttleMemorySeconds ? breaker.throttlePause : null,
    };
  }

  private save(accountKey: string, breaker: CircuitBreaker): void {
    this.rows.set(accountKey, { breaker, at: this.tables.clock.now() });
  }
}
