/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** How many entries the whole list has; null: the service does not say. */
  total: number | null;
  /** `total` is a lower bound: the service counts no further. */
  capped: boolean;
  /** The query of the next page; null on the last one. */
  next: string | null;
}

/** Reads the page with this query, or the first one. */
type Read<T> = (query: string | null) => Promise<{ data: T[]; response: Response }>;

/** A list, read page by page while it is iterated: `for await (const job of client.jobs.list())`. */
export class Pages<T> implements AsyncIterable<T> {
  readonly #read: Read<T>;

  constructor(read: Read<T>) {
    this.#read = read;
  }

  /** The first page, with the total. */
  first(): Promise<Page<T>> {
    return this.#page(null);
  }

  /** Page by page. */
  async *pages(): AsyncGenerator<Page<T>, void> {
    for (let query: string | null = null, begun = false; !begun || query !== null; begun = true) {
      const page: Page<T> = await this.#page(query);
      query = page.next;
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for await (const { items } of this.pages()) yield* items;
  }

  /** All entries. For lists of which you know that they are short. */
  async toArray(): Promise<T[]> {
    const all: T[] = [];
    for await (const item of this) all.push(item);
    return all;
  }

  async #page(query: string | null): Promise<Page<T>> {
    const { data, response } = await this.#read(query);
    const total = response.headers.get('x-total-count');
    return {
      items: data,
      total: total === null ? null : Number(total),
      capped: response.headers.get('x-total-count-capped') === 'true',
      next: nextQuery(response.headers.get('link')),
    };
  }
}

/**
 * The query of the link to the next page. Only the query: the address is the one that the list was asked at, so that no answer
 * can send the key elsewhere.
 */
function nextQuery(link: string | null): string | null {
  const [, address] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return address === undefined ? null : new URL(address, 'http://service').search;
}
