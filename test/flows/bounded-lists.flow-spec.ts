import { readFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { type RunningApp, startApp } from '../support/app.js';
import { aTeam, type Answer, type Person } from '../support/people.js';

interface Parameter {
  name: string;
  in: string;
  schema: { type?: string; maximum?: number; maxItems?: number; items?: { enum?: string[] } };
}

interface Refusal {
  reason: string;
  message: string;
  errors: { query?: Record<string, string[]> };
}

const api = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', 'openapi.json'), 'utf8')) as {
  paths: Record<string, { get?: { parameters?: Parameter[] } }>;
};

/** Every list parameter of that form in the contract. */
function parameters(fits: (parameter: Parameter) => boolean): [path: string, parameter: Parameter][] {
  return Object.entries(api.paths).flatMap(([path, { get }]) =>
    (get?.parameters ?? [])
      .filter((parameter) => parameter.in === 'query' && fits(parameter))
      .map((parameter): [string, Parameter] => [path.replace('/ats/v0', ''), parameter]),
  );
}

const filters = parameters(({ schema }) => schema.type === 'array');
const pages = parameters(({ name }) => name === 'page');

describe('Queries of a list', () => {
  let app: RunningApp;
  let admin: Person;
  let endpointId: string;

  beforeAll(async () => {
    app = await startApp();
    ({ admin } = await aTeam(app));
    const endpoint = { url: 'http://127.0.0.1:9/events', event_types: ['background_check.completed'] };
    endpointId = (await admin.post<{ id: string }>('/webhook_endpoints', endpoint)).body.id;
  });
  afterAll(() => app?.close());

  const asked = (path: string, query: string): Promise<Answer<Refusal>> => admin.get<Refusal>(`${path}?${query}`);
  const reachable = (path: string): string => {
    const id = path.startsWith('/webhook_endpoints') ? endpointId : admin.id;
    return path.replace('{id}', id).replace('{vendor}', 'certn');
  };

  it('the contract has filters and pages to test', () => {
    expect([filters.length > 15, pages.length > 8]).toEqual([true, true]);
  });

  it.each(filters)('%s limits the values of one filter, and states the limit', async (path, { name, schema }) => {
    const most = schema.maxItems ?? 0;
    expect(most).toBeGreaterThan(0);
    const values = (count: number): string =>
      Array.from({ length: count }, () => `${name}=${schema.items?.enum?.[0] ?? randomUUID()}`).join('&');
    expect((await asked(reachable(path), values(most))).status).toBe(200);
    const refused = await asked(reachable(path), values(most + 1));
    expect([refused.status, refused.body.errors.query?.[name]]).toEqual([
      422,
      [`${name} takes at most ${most} values: use several requests`],
    ]);
  });

  it.each(pages)('%s ends its pages where its total ends', async (path, { schema }) => {
    expect(schema.maximum).toBe(10_000);
    for (const query of ['page=100&per_page=100', 'page=20&per_page=500', 'page=10000&per_page=1']) {
      expect([query, (await asked(reachable(path), query)).status]).toEqual([query, 200]);
    }
    for (const query of ['page=101', 'page=21&per_page=500', 'page=1000000&per_page=1']) {
      const refused = await asked(reachable(path), query);
      const sentence = 'pages end after 10000 entries: narrow the list with filters, for example created_before';
      expect([query, refused.status, refused.body.errors.query?.page]).toEqual([query, 422, [sentence]]);
    }
  });

  it.each(pages)('%s is also read by cursors, which begin with start and are not made up', async (path) => {
    const start = await asked(reachable(path), 'cursor=start&per_page=1');
    expect([start.status, start.headers.get('x-total-count')]).toEqual([200, null]);
    expect(start.headers.get('link')).toMatch(/[?&]cursor=start[^>]*>; rel="first"/);
    const madeUp = [
      ...['x', 'e30', 'bnVsbA', ''],
      ...[['a', 'b'], ['a'], [1, 2, 3]].map((parts) => Buffer.from(JSON.stringify(parts)).toString('base64url')),
    ];
    for (const cursor of madeUp) {
      const refused = await asked(reachable(path), `cursor=${cursor}`);
      expect([cursor, refused.status, Object.keys(refused.body.errors.query ?? {})]).toEqual([cursor, 422, ['cursor']]);
    }
    expect((await asked(reachable(path), 'cursor=start&page=2')).status).toBe(422);
  });

  it('a query that is too long is refused before it is parsed', async () => {
    const refused = await asked('/jobs', `search=${'x'.repeat(400)}&`.repeat(21));
    expect([refused.status, refused.body.reason]).toEqual([422, 'query_too_long']);
    expect(refused.body.message).toContain('8192 characters');
  });
});
