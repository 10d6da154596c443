import { createHttp } from '../../../packages/client/src/index.ts';

/** The types of the contract: `Schemas['CheckResponse']`. */
export type { RequestBody, Schemas } from '../../../packages/client/src/index.ts';

/**
 * The service. Every response but a success is thrown as an `ApiError`. The session is a cookie that the browser adds. The
 * header proves that the request comes from our own page: pages of other sites cannot set it.
 */
export const api = createHttp({ baseUrl: window.location.origin, headers: { 'x-csrf-protection': '1' } });

interface Answer<T> {
  data?: T;
  response: Response;
}

/** The body of a response. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  return (await asked).data as T;
}

/** One page of a list, with the total; `capped`: the total is a lower bound. */
export interface Page<T> {
  items: T[];
  total: number;
  capped: boolean;
}

/** Rows per page of the console. */
export const perPage = 50;

/** The response of a paged list. */
export async function page<T>(asked: Promise<Answer<T[]>>): Promise<Page<T>> {
  const { data, response } = await asked;
  const items = data ?? [];
  const total = Number(response.headers.get('x-total-count') ?? items.length);
  return { items, total, capped: response.headers.get('x-total-count-capped') === 'true' };
}
