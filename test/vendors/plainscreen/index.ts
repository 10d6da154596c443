import type { Vendor } from '../../../src/contexts/integrations/gateway/domain/vendor.js';
import type { Reader } from '../../../src/platform/config/reader.js';
import { PlainscreenApi, plainscreenName } from './plainscreen-api.js';

/** Unlike Certn: it knows idempotency keys, has neither a list nor a feed, and reports stay in its own portal. */
export const plainscreenCapabilities = {
  idempotentOrders: true,
  listByTime: false,
  eventsFeed: false,
  handshake: false,
  cancellation: true,
  reportDownload: false,
} as const;

/** An invented vendor that proves what a vendor's folder holds. Not part of the product. */
export function plainscreen(reader: Reader): Vendor<typeof plainscreenCapabilities> {
  const url = reader.url('PLAINSCREEN_URL', reader.text('PLAINSCREEN_URL') ?? 'https://api.plainscreen.example');
  const api = new PlainscreenApi(url, reader.number('PLAINSCREEN_READ_TIMEOUT_MS', 15_000, 100, 60_000));
  return {
    id: 'plainscreen',
    name: plainscreenName,
    activity: { label: 'Plainscreen check', displayName: 'Send Plainscreen check' },
    capabilities: plainscreenCapabilities,
    regions: [],
    environments: ['production'],
    keyLifeDays: null,
    limits: { requestsPerMinute: 120, requestsPerDay: 20_000, ordersPerDay: 500 },
    setupSteps: (webhookUrl) => [
      'At Plainscreen, open Desk > Keys and copy a key.',
      `Open Desk > Events, enter ${webhookUrl} and copy the secret.`,
    ],
    account: api,
    orders: api,
    cases: api,
    webhooks: api,
    cancellation: api,
    list: null,
    feed: null,
    reports: null,
    handshake: null,
  };
}
