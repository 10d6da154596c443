import type { Capabilities } from '../../gateway/domain/vendor.js';
import type { VendorOrder } from './vendor-order.js';

/** Vendors keep an idempotency key for at least a day. Before that is over, nothing is sent again any more. */
const keyIsSafeMs = 23 * 3600 * 1000;

/**
 * How the outcome of an order becomes known after its answer was lost.
 * `send_again`: after the visibility lag, with the same id. The answer names the case, old or new ·
 * `read_list`: the vendor's list shows the case, or proves its absence · `ask`: a person looks at the vendor.
 */
export type WayOut = 'send_again' | 'read_list' | 'ask';

interface Rule {
  wayOut: WayOut;
  /** What the vendor must be able to do. */
  needs?: keyof Capabilities;
  /** `false`: not for this order at this time. */
  fits?: (order: VendorOrder, at: Date, connection: { current: boolean }) => boolean;
}

/** The first rule that fits decides. */
const rules: readonly Rule[] = [
  {
    wayOut: 'send_again',
    needs: 'idempotentOrders',
    // Sending again may open the case, so the order must still be wanted, and at this account.
    fits: ({ doNotSend, unknownSince }, at, { current }) =>
      current && !doNotSend && unknownSince !== null && at.getTime() - unknownSince.getTime() < keyIsSafeMs,
  },
  { wayOut: 'read_list', needs: 'listByTime' },
  { wayOut: 'ask' },
];

export function wayOutOf(
  capabilities: Capabilities,
  order: VendorOrder,
  at: Date,
  connection: { current: boolean },
): WayOut {
  const fitting = rules.find(
    ({ needs, fits }) => (needs === undefined || capabilities[needs]) && (fits?.(order, at, connection) ?? true),
  );
  return fitting?.wayOut ?? 'ask';
}

/** Whether anything that the order's attempts opened is visible at the vendor by now. */
export const isSettled = ({ visibleAt }: VendorOrder, at: Date): boolean => visibleAt !== null && visibleAt < at;
