import { canonicalEmail } from '#kernel/email';
import type { VendorCase } from '../../gateway/domain/vendor-terms.js';
import type { TimeWindow } from './unknown-outcomes.js';
import type { VendorOrder } from './vendor-order.js';

/** How far the vendor's clock may be behind ours. */
export const clockSkewMs = 2 * 60_000;
/** Windows closer than this are read as one: a longer list costs less than another call. */
const worthOneListMs = 60 * 60_000;

/** When the vendor can have created the case of this order (docs/reliability.md). Null: the order was never sent. */
export function windowOf({ unknownSince, visibleAt }: VendorOrder): TimeWindow | null {
  return unknownSince && visibleAt && { from: new Date(unknownSince.getTime() - clockSkewMs), to: visibleAt };
}

/** Merges windows that overlap or are close to each other, so that fewer lists are read. */
export function mergeWindows(windows: readonly TimeWindow[]): TimeWindow[] {
  const all: TimeWindow[] = [];
  for (const next of [...windows].sort((a, b) => a.from.getTime() - b.from.getTime())) {
    const last = all.at(-1);
    if (!last || next.from.getTime() - last.to.getTime() > worthOneListMs) all.push({ ...next });
    else if (next.to > last.to) last.to = next.to;
  }
  return all;
}

export type Fit = 'fits' | 'may_fit' | 'other';

/**
 * Whether a case can belong to the order. `may_fit`: the vendor shows too little to rule it out, so the case proves neither
 * presence nor absence. Addresses are compared in canonical form (E12). The package is compared only if the case shows one.
 */
export function fitOf(order: VendorOrder, found: VendorCase): Fit {
  const window = windowOf(order);
  if (!window || order.refusedCases.includes(found.id)) return 'other';
  if (found.packageId !== null && found.packageId.toLowerCase() !== order.packageId.toLowerCase()) return 'other';
  if (found.createdAt && (found.createdAt < window.from || found.createdAt > window.to)) return 'other';
  if (found.email === null) return 'may_fit';
  return canonicalEmail(found.email) === canonicalEmail(order.email) ? 'fits' : 'other';
}
