/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** How many entries the whole list has; null: the service does not count while it is iterated. */
  total: number | null;
  /** `total` is a lower bound: the service counts no further. */
  capped: boolean;
  /** The query of the next page; null on the last one. */
  next: string | null;
}

type Answer<T> = Promise<{ data: T[]; response: Response }>;

/** How one list is read. */
export interface ListReads<T> {
  /** The first page by number, with the total. */
  first: () => Answer<T>;
  /** The first page by cursor: later ones neither skip nor repeat an entry while others are added. There is no total. */
  start: () => Answer<T>;
  /** The page with this query of a link. */
  next: (query: string) => Answer<T>;
}

/** A list, read page by page while it is iterated: `for await (const job of client.jobs.list())`. */
export class Pages<T> implements AsyncIterable<T> {
  readonly #reads: ListReads<T>;

  constructor(reads: ListReads<T>) {
    this.#reads = reads;
  }

  /** The first page, with the total. */
  first(): Promise<Page<T>> {
    return pageIn(this.#reads.first());
  }

  /** Page by page. */
  async *pages(): AsyncGenerator<Page<T>, void> {
    let page = await pageIn(this.#reads.start());
    yield page;
    while (page.next !== null) {
      page = await pageIn(this.#reads.next(page.next));
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
}

async function pageIn<T>(answer: Answer<T>): Promise<Page<T>> {
  const { data, response } = await answer;
  const total = response.headers.get('x-total-count');
  return {
    items: data,
    total: total === null ? null : Number(total),
    capped: response.headers.get('x-total-count-capped') === 'true',
    next: nextQuery(response.headers.get('link')),
  };
}

/**
 * The query of the link to the next page. Only the query: the address is the one that the list was asked at, so that no answer
 * can send the key elsewhere.
 */
function nextQuery(link: string | null): string | null {
  const [, address] = /<([^>]*)>\s*;\s*rel="?next"?/.exec(link ?? '') ?? [];
  return address === undefined ? null : new URL(address, 'http://service').search;
}
