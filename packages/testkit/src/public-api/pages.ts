import type { Call } from './gate.ts';
import { type Answer, invalidPage } from './answers.ts';

const usualSize = 10;
const largestSize = 100;

/** One page of a list in the account's page shape (docs/certn-api.md 1.4). */
export function page<Item>(call: Call, items: readonly Item[], show: (item: Item) => unknown, size?: number): Answer {
  const length = size ?? sizeAsked(call.query.get('page_size'));
  const number = numberAsked(call.query.get('page'));
  const total = Math.max(0, items.length + call.shift);
  const pages = Math.max(1, Math.ceil(total / length));
  if (number > pages) throw invalidPage();
  const start = Math.max(0, (number - 1) * length - call.shift);
  const results = items.slice(start, start + length).map(show);
  const shape = { call, total, pages, length, number };
  return { status: 200, body: { ...(isCounted(call) ? counted(shape) : numbered(shape)), results } };
}

interface Shape {
  call: Call;
  total: number;
  pages: number;
  length: number;
  number: number;
}

const isCounted = (call: Call): boolean => call.account.settings.page_shape === 'count';

function numbered({ total, pages, length, number }: Shape): object {
  return {
    pagination: {
      result_count: total,
      page_count: pages,
      page_size: length,
      current_page: number,
      next_page: number < pages ? number + 1 : null,
      previous_page: number > 1 ? number - 1 : null,
    },
  };
}

function counted({ call, total, pages, number }: Shape): object {
  return {
    count: total,
    next: number < pages ? pageUrl(call, number + 1) : null,
    previous: number > 1 ? pageUrl(call, number - 1) : null,
  };
}

function pageUrl(call: Call, number: number): string {
  const url = new URL(call.url, call.world.url);
  url.searchParams.set('page', String(number));
  return url.href;
}

function numberAsked(text: string | null): number {
  if (text === null) return 1;
  if (!/^[1-9]\d*$/.test(text)) throw invalidPage();
  return Number(text);
}

/** Above 100 counts as 100; an invalid value as the default. */
function sizeAsked(text: string | null): number {
  return text !== null && /^[1-9]\d*$/.test(text) ? Math.min(Number(text), largestSize) : usualSize;
}
