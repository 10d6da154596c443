import type { Reader } from '#platform/config/reader';
import type { Vendor } from '../../gateway/domain/vendor.js';
import { {{pascalCase name}}Api, {{name}}Name } from './{{name}}-api.js';

/** Write me: what it can do. Each part is there exactly when its capability is. */
export const {{name}}Capabilities = {
  idempotentOrders: false,
  listByTime: false,
  eventsFeed: false,
  handshake: false,
  cancellation: false,
  reportDownload: false,
} as const;

/** Write me: its settings, read by a file `settings.ts` beside this one. */
export function {{name}}(_reader: Reader): Vendor<typeof {{name}}Capabilities> {
  const api = new {{pascalCase name}}Api();
  return {
    id: '{{name}}',
    name: {{name}}Name,
    // Write me: what plans call a check of it.
    activity: {
      label: '{{pascalCase name}} background check',
      displayName: 'Send {{pascalCase name}} background check',
    },
    capabilities: {{name}}Capabilities,
    regions: [],
    environments: ['production'],
    keyLifeDays: null,
    limits: { requestsPerMinute: 60, requestsPerDay: 5_000, ordersPerDay: 500 },
    setupSteps: (webhookUrl) => [`Write me: where ${webhookUrl} is entered.`],
    account: api,
    orders: api,
    cases: api,
    webhooks: api,
    cancellation: null,
    list: null,
    feed: null,
    reports: null,
    handshake: null,
  };
}
