import type { Reader } from '#platform/config/reader';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { CertnAdapter } from './certn-adapter.js';
import { certnName } from './certn-outcomes.js';
import { certnEnvironments, certnKeyLifeDays, certnRegions } from './certn-places.js';
import { certnSettings } from './settings.js';
import { setupSteps } from './setup-steps.js';

/** What Certn can do (docs/certn-api.md). It knows no idempotency key. */
export const certnCapabilities = {
  idempotentOrders: false,
  listByTime: true,
  eventsFeed: true,
  handshake: true,
  cancellation: true,
  reportDownload: true,
} as const;

export function certn(reader: Reader): Vendor<typeof certnCapabilities> {
  const { baseUrl, limits, reportHosts } = certnSettings(reader);
  // An address that cannot be used is already a fault of the settings.
  const api = new CertnAdapter({ baseUrl: baseUrl && URL.canParse(baseUrl) ? baseUrl : undefined, reportHosts });
  return {
    id: 'certn',
    name: certnName,
    // The specification fixes both to the letter.
    activity: { label: 'Certn background check', displayName: 'Send Certn background check' },
    capabilities: certnCapabilities,
    regions: certnRegions,
    environments: certnEnvironments,
    keyLifeDays: certnKeyLifeDays,
    limits,
    setupSteps,
    account: api,
    orders: api,
    cases: api,
    webhooks: api,
    cancellation: api,
    list: api,
    feed: api,
    reports: api,
    handshake: api,
  };
}
