import {
  vendorBudgetContract,
  vendorCircuitBreakerContract,
} from '../../../../../test/contracts/integrations/gateway.contract.js';
import { FakeStore } from '../../../../../test/fakes/fake-store.js';
import { FakeVendorBudget } from '../../../../../test/fakes/integrations/fake-vendor-budget.js';
import { FakeVendorCircuitBreaker } from '../../../../../test/fakes/integrations/fake-vendor-circuit-breaker.js';
import { IntegrationsTables } from '../../../../../test/fakes/integrations/tables.js';
import { FakeClock } from '../../../../../test/fakes/platform.js';

/** The fakes pass the suites that the adapters pass in `adapters/postgres/vendor-*.db-spec.ts`. */
const fakes = () => {
  const clock = new FakeClock();
  const tables = new IntegrationsTables(new FakeStore(), clock);
  const breaker = new FakeVendorCircuitBreaker(tables);
  const breakers: [FakeVendorCircuitBreaker, FakeVendorCircuitBreaker] = [breaker, breaker];
  return {
    budget: new FakeVendorBudget(tables),
    breakers,
    pass: async (seconds: number) => void clock.advance({ seconds }),
  };
};

vendorBudgetContract('in memory', fakes);
vendorCircuitBreakerContract('in memory', fakes);
