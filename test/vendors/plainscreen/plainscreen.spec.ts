import { Reader } from '../../../src/platform/config/reader.js';
import type { Dialect, VendorFault } from '../../contracts/vendor-fixtures.js';
import { vendorContract } from '../../contracts/vendor.contract.js';
import { closedPort } from '../../support/raw-server.js';
import { plainscreen, plainscreenCapabilities } from './index.js';
import { signed } from './plainscreen-webhook.js';
import { StandIn, type StandInFault } from './stand-in.js';

const dialect: Dialect = {
  states: [
    ['queued', 'ordered'],
    ['bounced', 'undeliverable'],
    ['lapsed', 'expired'],
    ['mailed', 'invited'],
    ['viewed', 'opened'],
    ['filling', 'started'],
    ['received', 'submitted'],
    ['running', 'in_progress'],
    ['needs_person', 'candidate_action_required'],
    ['needs_customer', 'client_action_required'],
    ['contested', 'in_dispute'],
    ['turned_down', 'declined'],
    ['called_off', 'cancelled'],
    ['done', 'complete'],
    ['on_the_moon', 'unknown'],
  ],
  results: [
    ['green', 'clear'],
    ['amber', 'review'],
    ['red', 'reject'],
    ['nothing_to_check', 'not_applicable'],
    ['sealed', 'restricted'],
    ['turquoise', 'unknown'],
    [null, null],
  ],
  opened: { state: 'opened', vendorStatus: 'viewed' },
  started: { state: 'started', vendorStatus: 'filling' },
  complete: { state: 'complete', vendorStatus: 'done', vendorScore: 'green', result: 'clear' },
  listShapes: ['cursor'],
  pageSize: { list: 50, feed: 0 },
  webhook: {
    signed,
    unsigned: [
      { 'plainscreen-time': '1767225600' },
      { 'plainscreen-signature': `v1=${'a'.repeat(64)}` },
      { 'plainscreen-time': 'yesterday', 'plainscreen-signature': `v1=${'a'.repeat(64)}` },
      { 'plainscreen-time': '1767225600', 'plainscreen-signature': 'a'.repeat(64) },
      { 'plainscreen-time': '1767225600', 'plainscreen-signature': `v1=${'g'.repeat(64)}` },
    ],
    eventType: 'screening.moved',
    aboutCase: '{ "message":"e-1",  "topic":"screening.moved","screening":"c-1"}\n',
    aboutOther: '{"message":"e-1","topic":"invoice.ready","screening":"c-1"}',
    withNul: '{"topic":"screening.moved","screening":"c\\u0000"}',
  },
};

const own429 = { status: 429, headers: { 'Retry-After': '7' }, body: '{"problem":"Slow down."}' };
const faults: Record<Exclude<VendorFault, 'unreachable'>, StandInFault> = {
  late: { how: 'hang' },
  taken_then_late: { how: 'hang', after: true },
  taken_then_lost: { how: 'reset', after: true },
  server_error: { how: { status: 503 } },
  taken_then_server_error: { how: { status: 502 }, after: true },
  throttled_for_7_s: { how: own429 },
  throttled_by_someone: { how: { ...own429, body: '<html>' } },
  misdirected: { how: { status: 302, headers: { Location: 'https://elsewhere.example.org/' } } },
  nonsense: { how: { status: 200, body: '<html>' } },
};

const at = (url: string, readTimeoutMs = 15_000) =>
  plainscreen(new Reader({ PLAINSCREEN_URL: url, PLAINSCREEN_READ_TIMEOUT_MS: String(readTimeoutMs) }));

vendorContract({
  name: 'Plainscreen',
  capabilities: plainscreenCapabilities,
  dialect,
  setup: async () => {
    const standIn = new StandIn();
    const url = await standIn.start();
    return {
      vendor: at(url),
      account: async ({ packages = [] } = {}) => {
        const products = packages.map(({ id, name, active }) => ({ code: id, title: name, retired: !active }));
        const account = standIn.addAccount(products);
        return {
          credentials: { region: '', environment: 'production', apiKey: account.key },
          withFault: async (fault) => {
            account.fault = fault === 'none' || fault === 'unreachable' ? null : faults[fault];
            return fault === 'unreachable' ? at(await closedPort()) : at(url, fault === 'late' ? 300 : undefined);
          },
          show: async (caseId, { vendorStatus, vendorScore }) => {
            const found = account.screenings.get(caseId);
            if (found) Object.assign(found, { phase: vendorStatus, verdict: vendorScore ?? null });
          },
          portalCase: () => Promise.reject(new Error('Plainscreen lists no cases.')),
          orders: async () => account.screenings.size,
        };
      },
      stop: () => standIn.stop(),
    };
  },
});
