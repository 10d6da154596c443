import createClient from 'openapi-fetch';
import { refusalIn, unreachable } from './errors';
import type { components, paths } from './schema';

/** The words of the contract: `Schemas['CheckResponse']`. */
export type Schemas = components['schemas'];

/**
 * The service. Whatever is not a success is thrown as an `ApiError`. The session is a cookie that the browser adds by itself;
 * the header tells the service that a page of its own asks, which pages of others cannot say.
 */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  headers: { 'x-csrf-protection': '1' },
});

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await refusalIn(response);
  },
  onError({ error }) {
    // An ended request is nobody's fault: the query that no one waits for any more.
    if (error instanceof DOMException && error.name === 'AbortError') return error;
    return unreachable();
  },
});

interface Answer<T> {
  data?: T;
  response: Response;
}

/** The body of an answer. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  return (await asked).data as T;
}

/** One page of a list, with how many there are in all; `capped`: at least so many. */
export interface Page<T> {
  items: T[];
  total: number;
  capped: boolean;
}

/** How many rows a page of the console holds. */
export const perPage = 50;

/** The answer of a paged list. */
export async function page<T>(asked: Promise<Answer<T[]>>): Promise<Page<T>> {
  const { data, response } = await asked;
  const items = data ?? [];
  const total = Number(response.headers.get('x-total-count') ?? items.length);
  return { items, total, capped: response.headers.get('x-total-count-capped') === 'true' };
}
