import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CaseBody, Harness, type TestAccount } from './harness.ts';

interface Numbered {
  pagination: Record<string, number | null>;
  results: CaseBody[];
}

let harness: Harness;
let account: TestAccount;
const ids: string[] = [];

beforeAll(async () => {
  harness = await Harness.start();
  account = await harness.account();
  for (let number = 0; number < 23; number += 1) ids.unshift((await harness.ordered(account)).id);
});
afterAll(() => harness.stop());

const list = (query = '') => harness.api<Numbered>(account, 'GET', `cases/${query}`);

describe('pages [certn-api 1.4]', () => {
  it('ten a page by default, newest first, with page numbers', async () => {
    const { body } = await list();
    expect(body.results.map((found) => found.id)).toEqual(ids.slice(0, 10));
    expect(body.pagination).toEqual({
      result_count: 23,
      page_count: 3,
      page_size: 10,
      current_page: 1,
      next_page: 2,
      previous_page: null,
    });
  });

  it('the last page is short and has no next', async () => {
    const { body } = await list('?page=3');
    expect(body.results.map((found) => found.id)).toEqual(ids.slice(20));
    expect(body.pagination).toMatchObject({ current_page: 3, next_page: null, previous_page: 2 });
  });

  it('page_size is honoured up to 100', async () => {
    expect((await list('?page_size=5')).body.results).toHaveLength(5);
    expect((await list('?page_size=1000')).body.pagination.page_size).toBe(100);
  });

  it.each(['?page=4', '?page=0', '?page=x'])('%s is a 404', async (query) => {
    expect((await list(query)).status).toBe(404);
  });

  it('an empty list is one empty page: the credential probe of 1.2', async () => {
    const empty = await harness.account();
    const reply = await harness.api<Numbered>(empty, 'GET', 'cases/?page=1&page_size=1');
    expect(reply.status).toBe(200);
    expect(reply.body.results).toEqual([]);
    expect(reply.body.pagination).toMatchObject({ result_count: 0, next_page: null });
  });

  it('the other shape has count and urls that keep the filters', async () => {
    const mine = await harness.account({ page_shape: 'count' });
    for (let number = 0; number < 3; number += 1) await harness.ordered(mine);
    const first = await harness.api<{ count: number; next: string; previous: null; results: unknown[] }>(
      mine,
      'GET',
      'cases/?page_size=2&overall_status=CASE_ORDERED',
    );
    expect(first.body).toMatchObject({ count: 3, previous: null });
    expect(first.body).not.toHaveProperty('pagination');
    const next = new URL(first.body.next);
    expect(next.origin).toBe(harness.url);
    expect(next.search).toBe('?page_size=2&overall_status=CASE_ORDERED&page=2');
    const second = await harness.api<{ next: null; previous: string; results: unknown[] }>(
      mine,
      'GET',
      `cases/${next.search}`,
    );
    expect(second.body.results).toHaveLength(1);
    expect(second.body.next).toBeNull();
    expect(second.body.previous).toContain('page=1');
  });

  it.each(['packages/', 'groups/', 'events/', 'users/', 'tags/'])('%s is paged too', async (path) => {
    const reply = await harness.api<Numbered>(account, 'GET', path);
    expect(reply.body.pagination).toMatchObject({ current_page: 1 });
    expect(Array.isArray(reply.body.results)).toBe(true);
  });
});

describe('what is set up in the portal [certn-api 3 and 2.8]', () => {
  it('packages can be filtered by activity and purpose', async () => {
    const mine = await harness.account(
      {},
      {
        packages: [
          { name: 'Now', permissible_purposes: ['EMPLOYMENT'] },
          { name: 'Then', is_active: false, permissible_purposes: ['EMPLOYMENT'] },
          { name: 'Other', permissible_purposes: ['TENANCY'] },
        ],
      },
    );
    const names = async (query: string) =>
      (await harness.api<{ results: { name: string }[] }>(mine, 'GET', `packages/${query}`)).body.results.map(
        (one) => one.name,
      );
    expect(await names('')).toEqual(['Now', 'Then', 'Other']);
    expect(await names('?is_active=true')).toEqual(['Now', 'Other']);
    expect(await names('?permissible_purposes=TENANCY&permissible_purposes=X')).toEqual(['Other']);
  });

  it('a package may show nothing but its id', async () => {
    const mine = await harness.account({ package_fields: 'id' });
    const { body } = await harness.api<{ results: object[] }>(mine, 'GET', 'packages/');
    expect(body.results[0]).toEqual({ id: mine.packages[0]?.id });
  });

  it('a group is found by id and has the official fields', async () => {
    const [group] = account.groups;
    const reply = await harness.api(account, 'GET', `groups/${group?.id}/`);
    expect(Object.keys(reply.body).sort()).toEqual(['id', 'is_active', 'name', 'parent_id', 'short_id']);
    const other = await harness.account();
    expect((await harness.api(other, 'GET', `groups/${group?.id}/`)).status).toBe(404);
  });
});
