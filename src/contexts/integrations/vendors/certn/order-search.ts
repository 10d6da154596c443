import type { OrderSearch, VendorCase } from '../../gateway/domain/vendor-terms.js';
import { caseOf } from './certn-answers.js';
import { nonsense } from './certn-outcomes.js';
import { listChanged, type Page, pageSize } from './certn-pages.js';

/** It is unknown whether Certn's time filters include their ends, so the search asks for more and filters again here. */
const marginMs = 1_000;

/** The list's filters (docs/certn-api.md 2.3). A filter with several values repeats its key (docs/certn-api.md 1.4). */
export function searchQuery(search: OrderSearch, statuses: readonly string[], page: number): URLSearchParams {
  const query = new URLSearchParams({ page: String(page), page_size: String(pageSize) });
  if (search.email !== undefined) query.set('email_address', search.email);
  if (search.from) query.set('order_timeframe_after', new Date(search.from.getTime() - marginMs).toISOString());
  if (search.to) query.set('order_timeframe_before', new Date(search.to.getTime() + marginMs).toISOString());
  for (const status of statuses) query.append('overall_status', status);
  return query;
}

/**
 * The cases of a whole list. A case on two pages counts once: the list moved between two calls. Throws when there are fewer
 * cases than the first page announced: one may have slipped between two pages, so the list proves no absence.
 */
export async function casesOf(list: AsyncIterable<Page>, search: OrderSearch): Promise<VendorCase[]> {
  const cases = new Map<string, VendorCase>();
  let announced: number | null = null;
  let first = true;
  for await (const page of list) {
    if (first) announced = page.total;
    first = false;
    for (const item of page.items) {
      const found = caseOf(item);
      if (!found) throw nonsense();
      cases.set(found.id, found);
    }
  }
  if (announced !== null && cases.size < announced) throw listChanged();
  return [...cases.values()].filter((found) => isAsked(found, search));
}

function isAsked({ createdAt, state }: VendorCase, { from, to, states = [] }: OrderSearch): boolean {
  if (states.length > 0 && !states.includes(state)) return false;
  if (!createdAt) return true;
  const at = createdAt.getTime();
  const justBefore = from !== undefined && at < from.getTime() && at >= from.getTime() - marginMs;
  const justAfter = to !== undefined && at >= to.getTime() && at <= to.getTime() + marginMs;
  return !justBefore && !justAfter;
}
