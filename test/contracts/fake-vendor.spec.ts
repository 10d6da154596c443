import type { Capabilities } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import { VendorFailure } from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';
import { FakeAccount, FakeVendor, type ScriptedOrder, usualCapabilities } from '../support/fake-vendor.js';
import { certnDialect } from './certn-dialect.js';
import type { VendorFault, VendorFixture } from './vendor-fixtures.js';
import { vendorContract } from './vendor.contract.js';

const message = 'scripted';
const unknownOutcome = { kind: 'outcome_unknown', message } as const;

const scriptedOrders: Record<VendorFault, ScriptedOrder> = {
  unreachable: { outcome: { kind: 'not_sent', message, retryAfterMs: null } },
  late: { outcome: unknownOutcome },
  taken_then_late: { outcome: unknownOutcome, taken: true },
  taken_then_lost: { outcome: unknownOutcome, taken: true },
  server_error: { outcome: unknownOutcome },
  taken_then_server_error: { outcome: unknownOutcome, taken: true },
  throttled_for_7_s: { outcome: { kind: 'not_sent', message, retryAfterMs: 7_000 } },
  throttled_by_someone: { outcome: unknownOutcome },
  misdirected: { outcome: { kind: 'not_executed', reason: 'misdirected', message } },
  nonsense: { outcome: unknownOutcome, taken: true },
};

const scriptedFailures: Partial<Record<VendorFault, VendorFailure>> = {
  unreachable: new VendorFailure('retry', 'unreachable', message),
  late: new VendorFailure('retry', 'timeout', message),
  server_error: new VendorFailure('retry', 'server_error', message),
  throttled_for_7_s: new VendorFailure('retry', 'throttled', message, 7_000),
  misdirected: new VendorFailure('fix', 'misdirected', message),
  nonsense: new VendorFailure('retry', 'nonsense', message),
};

async function setup(capabilities: Capabilities): Promise<VendorFixture> {
  const fake = new FakeVendor(capabilities);
  const vendor = fake.asVendor();
  const restart = (): void => {
    fake.nextOrders.length = 0;
    fake.nextFailures.length = 0;
  };
  return {
    vendor,
    account: async ({ packages, reportsFail } = {}) => {
      const apiKey = `key-${fake.accounts.size}`;
      const account = fake.addAccount(apiKey, Object.assign(new FakeAccount(), packages && { packages }));
      account.reports = reportsFail ? 'failed' : 'ready';
      restart();
      return {
        credentials: { region: 'ca', environment: 'production', apiKey },
        withFault: async (fault) => {
          if (fault === 'none') return (restart(), vendor);
          const failure = scriptedFailures[fault];
          fake.nextOrders.push(scriptedOrders[fault]);
          if (failure) fake.nextFailures.push(failure);
          return vendor;
        },
        show: async (caseId, shown) => void fake.moveCase(caseId, shown),
        portalCase: async (email, createdAt) => fake.addCase(account, { email, createdAt }).id,
        orders: async () => account.orders.length,
      };
    },
    stop: async () => undefined,
  };
}

const keysAlone: Capabilities = {
  idempotentOrders: true,
  listByTime: false,
  eventsFeed: false,
  handshake: false,
  cancellation: false,
  reportDownload: false,
};

for (const [name, capabilities] of [
  ['The vendor in memory', usualCapabilities],
  ['The vendor in memory with idempotency keys and nothing else', keysAlone],
] as const) {
  vendorContract({ name, capabilities, dialect: certnDialect, setup: () => setup(capabilities) });
}
