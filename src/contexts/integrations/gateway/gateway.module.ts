import { Module } from '@nestjs/common';
import { DeleteIdleAccounts } from './adapters/postgres/housekeeping.js';
import { PostgresCallLog } from './adapters/postgres/postgres-call-log.js';
import { PostgresVendorBudget } from './adapters/postgres/postgres-vendor-budget.js';
import { PostgresVendorCircuitBreaker } from './adapters/postgres/postgres-vendor-circuit-breaker.js';
import { ListVendorsHandler } from './application/list-vendors.js';
import { VendorCalls } from './application/vendor-calls.js';
import { CallLog, VendorBudget } from './domain/vendor-budget.js';
import { VendorCircuitBreaker } from './domain/vendor-circuit-breaker.js';

/** What every call to a vendor passes: the rate budget and the circuit breaker of its account, the call log. */
@Module({
  providers: [
    VendorCalls,
    ListVendorsHandler,
    DeleteIdleAccounts,
    { provide: VendorBudget, useClass: PostgresVendorBudget },
    { provide: VendorCircuitBreaker, useClass: PostgresVendorCircuitBreaker },
    { provide: CallLog, useClass: PostgresCallLog },
  ],
  exports: [VendorCalls, VendorBudget, VendorCircuitBreaker, CallLog],
})
export class GatewayModule {}
