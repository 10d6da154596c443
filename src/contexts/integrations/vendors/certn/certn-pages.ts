import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { record } from '../../gateway/http/untrusted.js';
import { nonsense } from './certn-outcomes.js';

/** The largest page size that Certn allows (docs/certn-api.md 1.4). */
export const pageSize = 100;
const lastPage = 1_000;

export interface Page {
  items: unknown[];
  /** The number of items in the whole list; null when Certn does not say. */
  total: number | null;
  /** null on the last page. */
  next: number | null;
}

/** Reads both shapes of a list: `pagination` with page numbers, and `count`/`next` with URLs (docs/certn-api.md 1.4). */
export function pageOf(body: unknown, current: number): Page | null {
  const fields = record(body);
  if (!fields || !Array.isArray(fields.results)) return null;
  const pagination = record(fields.pagination);
  return {
    items: fields.results as unknown[],
    total: countOf(pagination?.result_count ?? fields.count),
    next: nextPage(pagination ? pagination.next_page : fields.next, current),
  };
}

/** Reads every page to the last one. Throws when the pages are not consecutive: the list would be incomplete. */
export async function* pages(read: (page: number) => Promise<unknown>): AsyncGenerator<Page> {
  for (let number = 1; number <= lastPage; number++) {
    const page = pageOf(await readOrMiss(read, number), number);
    if (!page || (page.next !== null && page.next !== number + 1)) throw nonsense();
    yield page;
    if (page.next === null) return;
  }
  throw nonsense('The list has more pages than can be read.');
}

export function listChanged(): VendorFailure {
  return nonsense('The list changed while it was read.');
}

/** Throws another error when an announced page is missing: the list became shorter between two calls. */
async function readOrMiss(read: (page: number) => Promise<unknown>, number: number): Promise<unknown> {
  try {
    return await read(number);
  } catch (error) {
    if (number > 1 && error instanceof VendorFailure && error.reason === 'not_found') throw listChanged();
    throw error;
  }
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

/** Takes only the page number from a URL. The URL itself is never called, because it may name any host. */
function nextPage(next: unknown, current: number): number | null {
  if (typeof next === 'number') return next;
  if (typeof next !== 'string' || next === '') return null;
  const stated = /^\d+$/.test(next) ? next : /[?&]page=(\d+)/.exec(next)?.[1];
  return stated === undefined ? current + 1 : Number(stated);
}
