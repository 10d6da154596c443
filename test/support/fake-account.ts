import type { Capabilities } from '../../src/contexts/integrations/gateway/domain/vendor.js';
import type {
  OrderOutcome,
  OrderSearch,
  OrderToPlace,
  ReportState,
  VendorCase,
  VendorPackage,
  VendorWebhookEvent,
} from '../../src/contexts/integrations/gateway/domain/vendor-terms.js';

/** One account at the vendor. The test can read and change everything. */
export class FakeAccount {
  packages: VendorPackage[] = [{ id: 'package-basic', name: 'Basic', active: true }];
  cases: VendorCase[] = [];
  events: VendorWebhookEvent[] = [];
  /** Every order that the vendor executed, including those whose response was lost. */
  orders: (OrderToPlace & { caseId: string })[] = [];
  /** Cases that lists do not show yet; reading one by its id does. */
  lagging = new Set<string>();
  reports: ReportState['state'] = 'ready';
}

/** How the next order fails, and whether the vendor executes it anyway. */
export interface ScriptedOrder {
  outcome: Exclude<OrderOutcome, { kind: 'placed' }>;
  taken?: boolean;
}

/** Everything but idempotent orders, like Certn. */
export const usualCapabilities: Capabilities = {
  idempotentOrders: false,
  listByTime: true,
  eventsFeed: true,
  handshake: true,
  cancellation: true,
  reportDownload: true,
};

/** Whether the vendor's list shows a case to somebody who asks so. */
export function isAsked({ email, createdAt, state }: VendorCase, search: OrderSearch): boolean {
  if (search.email !== undefined && email?.toLowerCase() !== search.email.toLowerCase()) return false;
  if (search.states?.length && !search.states.includes(state)) return false;
  if (!createdAt) return true;
  return !(search.from && createdAt < search.from) && !(search.to && createdAt >= search.to);
}
