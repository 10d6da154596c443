import { VendorFailure } from '../../gateway/domain/vendor-terms.js';
import { pageOf, pages } from './certn-pages.js';
import { casesOf, searchQuery } from './order-search.js';

const at = (time: string) => new Date(`2026-10-01T${time}Z`);

describe('a page of a Certn list', () => {
  it.each([
    [
      { pagination: { result_count: 3, next_page: 2 }, results: [1] },
      { items: [1], total: 3, next: 2 },
    ],
    [
      { pagination: { next_page: null }, results: [] },
      { items: [], total: null, next: null },
    ],
    [
      { count: 3, next: 'https://evil.example.org/?x=1&page=2', results: [1] },
      { items: [1], total: 3, next: 2 },
    ],
    [
      { count: 3, next: 'https://h.example.org/?cursor=abc', results: [1] },
      { items: [1], total: 3, next: 2 },
    ],
    [
      { count: 1, next: null, results: [1] },
      { items: [1], total: 1, next: null },
    ],
    [{ results: [1] }, { items: [1], total: null, next: null }],
  ])('%j', (body, expected) => {
    expect(pageOf(body, 1)).toEqual(expected);
  });

  it.each([undefined, [], {}, { results: {} }, 'x'])('is not %j', (body) => {
    expect(pageOf(body, 1)).toBeNull();
  });
});

describe('a Certn list', () => {
  const whole = async (read: (page: number) => Promise<unknown>) => {
    const items: unknown[] = [];
    for await (const page of pages(read)) items.push(...page.items);
    return items;
  };

  it('is read to its last page [E11]', async () => {
    const read = async (page: number) => ({ results: [page], pagination: { next_page: page < 7 ? page + 1 : null } });
    expect(await whole(read)).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it.each([0, 1, 3, -1, 1.5])('is rejected when page %d is said to follow the first', async (next) => {
    const read = async (page: number) => ({ results: [], pagination: { next_page: page === 1 ? next : null } });
    await expect(whole(read)).rejects.toMatchObject({ reason: 'nonsense' });
  });

  it('is rejected when it does not end', async () => {
    let calls = 0;
    const endless = async (page: number) => ({ results: [++calls], pagination: { next_page: page + 1 } });
    await expect(whole(endless)).rejects.toMatchObject({ reason: 'nonsense' });
    expect(calls).toBe(1_000);
  });

  it('counts as changed when an announced page is missing, but not when the first page is missing [E11]', async () => {
    const missing = new VendorFailure('give_up', 'not_found', '');
    const shrinking = async (page: number) => {
      if (page > 1) throw missing;
      return { results: [], pagination: { next_page: 2 } };
    };
    await expect(whole(shrinking)).rejects.toMatchObject({ remedy: 'retry', reason: 'nonsense' });
    await expect(whole(() => Promise.reject(missing))).rejects.toBe(missing);
  });
});

describe('a search for orders', () => {
  async function* list(total: number | null, ...found: object[][]) {
    for (const items of found) yield { items, total, next: null };
  }
  const ids = (cases: { id: string }[]) => cases.map(({ id }) => id);

  it("uses Certn's filters, and asks for slightly more than the wanted time", () => {
    const search = { email: 'a+b@example.org', from: at('10:00:00'), to: at('11:00:00') };
    expect(searchQuery(search, ['DRAFT', 'COMPLETE'], 2).toString()).toBe(
      'page=2&page_size=100&email_address=a%2Bb%40example.org&order_timeframe_after=2026-10-01T09%3A59%3A59.000Z' +
        '&order_timeframe_before=2026-10-01T11%3A00%3A01.000Z&overall_status=DRAFT&overall_status=COMPLETE',
    );
  });

  it('counts a case once when it moved from one page to the next [E11]', async () => {
    const found = await casesOf(list(3, [{ id: 'a' }, { id: 'b' }], [{ id: 'b' }, { id: 'c' }]), {});
    expect(ids(found)).toEqual(['a', 'b', 'c']);
  });

  it('fails when a case may have slipped between two pages [E11]', async () => {
    await expect(casesOf(list(4, [{ id: 'a' }, { id: 'b' }], [{ id: 'd' }]), {})).rejects.toMatchObject({
      remedy: 'retry',
    });
    await expect(casesOf(list(null, [{ id: 'a' }], [{ noId: true }]), {})).rejects.toMatchObject({ remedy: 'retry' });
  });

  it('includes its beginning, excludes its end, and keeps cases without a time', async () => {
    const items = ['09:59:59.999', '10:00:00.000', '10:59:59.999', '11:00:00.000'].map((time) => ({
      id: time.replace(/\D/g, ''),
      created: at(time).toISOString(),
    }));
    const found = await casesOf(list(null, [...items, { id: 'timeless' }]), {
      from: at('10:00:00'),
      to: at('11:00:00'),
    });
    expect(ids(found)).toEqual(['100000000', '105959999', 'timeless']);
  });

  it('keeps only the states asked for', async () => {
    const items = [{ id: 'a', overall_status: 'COMPLETE' }, { id: 'b', overall_status: 'NEW' }, { id: 'c' }];
    expect(ids(await casesOf(list(3, items), { states: ['unknown', 'ordered'] }))).toEqual(['b', 'c']);
    expect(ids(await casesOf(list(3, items), { states: [] }))).toEqual(['a', 'b', 'c']);
  });
});
