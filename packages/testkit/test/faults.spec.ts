import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type CaseBody, type ErrorBody, Harness, type TestAccount, eventually } from './harness.ts';

let harness: Harness;
let account: TestAccount;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(async () => {
  account = await harness.account();
});
afterEach(() => harness.control('DELETE', 'faults'));

const spoil = async (kind: string, more: Record<string, unknown> = {}) => {
  const reply = await harness.control<{ id: string }>('POST', 'faults', {
    account: account.id,
    route: 'order-package',
    kind,
    ...more,
  });
  expect(reply.status).toBe(201);
};
const orders = async () => (await harness.ledger(account)).length;
const listed = async () => (await harness.api<{ results: CaseBody[] }>(account, 'GET', 'cases/')).body.results.length;
const bothSay = async (count: number) => expect([await orders(), await listed()]).toEqual([count, count]);

describe('a status instead of the answer [E4]', () => {
  it.each([500, 502, 503, 504, 401, 403, 429, 410])('%s without the work', async (status) => {
    await spoil('status', { status });
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order-package/', validOrder());
    expect(reply.status).toBe(status);
    expect(reply.body.type).toBe(status >= 500 ? 'server_error' : 'client_error');
    await bothSay(0);
    expect((await harness.order(account)).status).toBe(201);
  });

  it('the body can be given, as JSON or HTML', async () => {
    await spoil('status', { status: 422, body: { detail: 'No.' } });
    await spoil('status', { status: 502, body: '<html>gateway</html>' });
    expect((await harness.order(account)).body).toEqual({ detail: 'No.' });
    const html = await harness.order(account);
    expect([html.status, html.text, html.headers.get('content-type')]).toEqual([
      502,
      '<html>gateway</html>',
      'text/html; charset=utf-8',
    ]);
  });

  it('the work is done, then 502', async () => {
    await spoil('status-after-commit', { status: 502 });
    expect((await harness.order(account)).status).toBe(502);
    await bothSay(1);
  });
});

describe('waiting [E2, E3]', () => {
  it('hang-before-commit waits and never does it', async () => {
    await spoil('hang-before-commit', { ms: 120 });
    const started = Date.now();
    expect((await harness.order(account)).status).toBe(504);
    expect(Date.now() - started).toBeGreaterThanOrEqual(119);
    await bothSay(0);
  });

  it('commit-then-hang has done it while the client still waits', async () => {
    await spoil('commit-then-hang', { ms: 300 });
    const answer = harness.order(account);
    let answered = false;
    void answer.then(() => (answered = true));
    await eventually('the order is in the ledger', async () => (await orders()) === 1);
    expect(answered).toBe(false);
    expect((await answer).status).toBe(201);
  });

  it('hang-then-commit does it although the client has gone', async () => {
    await spoil('hang-then-commit', { ms: 250 });
    const gone = fetch(`${harness.url}/api/public/cases/order-package/`, {
      method: 'POST',
      headers: { authorization: `Api-Key ${account.api_key}`, 'content-type': 'application/json' },
      body: JSON.stringify(validOrder()),
      signal: AbortSignal.timeout(50),
    });
    await expect(gone).rejects.toMatchObject({ name: 'TimeoutError' });
    await bothSay(0);
    await eventually('the late order appears', async () => (await orders()) === 1);
    await bothSay(1);
  });
});

describe('broken answers [E5]', () => {
  it.each([
    ['reset-before', 0],
    ['reset-after-commit', 1],
  ])('%s cuts the connection', async (kind, count) => {
    await spoil(kind);
    await expect(harness.order(account)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    await bothSay(count);
  });

  it('reset-after-headers shows the status and then breaks', async () => {
    await spoil('reset-after-headers');
    const response = await rawOrder();
    expect(response.status).toBe(201);
    await expect(response.text()).rejects.toThrow();
    await bothSay(1);
  });

  it('truncated-json is a whole answer with half a body', async () => {
    await spoil('truncated-json');
    const reply = await harness.order(account);
    expect(reply.status).toBe(201);
    expect(reply.text).toMatch(/^\{"id"/);
    expect(reply.body).toBeUndefined();
    await bothSay(1);
  });

  it('html-200 is a page where a case should be', async () => {
    await spoil('html-200');
    const reply = await harness.order(account);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    await bothSay(1);
  });

  it('no-id-201 lacks the id', async () => {
    await spoil('no-id-201');
    const reply = await harness.order(account);
    expect(reply.status).toBe(201);
    expect(reply.body).not.toHaveProperty('id');
    expect(reply.body).toHaveProperty('short_id');
    await bothSay(1);
  });

  it('wrong-type-id has a number', async () => {
    await spoil('wrong-type-id');
    expect((await harness.order(account)).body.id).toBe(4711);
    await bothSay(1);
  });

  it('slow-body drips', async () => {
    await spoil('slow-body', { ms: 200 });
    const started = Date.now();
    const response = await rawOrder();
    const headersAfter = Date.now() - started;
    const body = (await response.json()) as CaseBody;
    expect(Date.now() - started).toBeGreaterThanOrEqual(199);
    expect(headersAfter).toBeLessThan(150);
    expect(body.overall_status).toBe('CASE_ORDERED');
  });
});

describe('refused on the way [E8, E13]', () => {
  it.each([
    ['with seconds', 7, '7'],
    ['with a date', 'Fri, 01 Jan 2027 00:00:00 GMT', 'Fri, 01 Jan 2027 00:00:00 GMT'],
    ['without', undefined, null],
  ])('throttle %s', async (_what, retry_after, header) => {
    await spoil('throttle', { retry_after });
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order-package/', validOrder());
    expect(reply.status).toBe(429);
    expect(reply.body).toMatchObject({ type: 'client_error', errors: [{ code: 'throttled' }] });
    expect(reply.headers.get('retry-after')).toBe(header);
    await bothSay(0);
  });

  it('throttle-foreign is not in Certn words', async () => {
    await spoil('throttle-foreign');
    const reply = await harness.order(account);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    await bothSay(0);
  });

  it.each([
    [undefined, undefined, 307, '/api/public/cases/order-package/?redirected=1'],
    [302, 'http://elsewhere.example/', 302, 'http://elsewhere.example/'],
  ])('redirect %s %s', async (status, location, seen, to) => {
    await spoil('redirect', { status, location });
    const reply = await harness.order(account);
    expect([reply.status, reply.headers.get('location')]).toEqual([seen, to]);
    await bothSay(0);
  });
});

describe('pages that shift [E11]', () => {
  it.each([
    [1, [0, 1, 1, 2], 4],
    [-1, [0, 1, 3], 2],
  ])('by %s', async (by, seen, total) => {
    const ids: string[] = [];
    for (let number = 0; number < (by > 0 ? 3 : 4); number += 1) ids.unshift((await harness.ordered(account)).id);
    await spoil('page-shift', { route: 'cases', by, times: null });
    const read = async (page: number) =>
      (
        await harness.api<{ results: CaseBody[]; pagination: { result_count: number } }>(
          account,
          'GET',
          `cases/?page_size=2&page=${page}`,
        )
      ).body;
    const [first, second] = [await read(1), await read(2)];
    expect([...first.results, ...second.results].map((found) => ids.indexOf(found.id))).toEqual(seen);
    expect(second.pagination.result_count).toBe(by > 0 ? total : total + 1);
  });
});

describe('choosing what is spoilt', () => {
  it('only the route, the account and the number of times asked for', async () => {
    const other = await harness.account();
    await spoil('status', { status: 503, times: 2 });
    expect((await harness.order(other)).status).toBe(201);
    expect((await harness.api(account, 'GET', 'packages/')).status).toBe(200);
    expect((await harness.order(account)).status).toBe(503);
    expect((await harness.order(account)).status).toBe(503);
    expect((await harness.order(account)).status).toBe(201);
  });

  it.each([
    ['cases', 'GET', 'cases/'],
    ['packages', 'GET', 'packages/'],
    ['events', 'GET', 'events/'],
    ['case', 'GET', 'cases/:id/'],
    ['cancel', 'POST', 'cases/:id/cancel/'],
    ['generate-report', 'POST', 'cases/:id/generate-report/'],
    ['report-file', 'GET', 'cases/report-files/:id/'],
    ['*', 'GET', 'groups/'],
  ])('route %s', async (route, method, path) => {
    const found = await harness.ordered(account);
    await spoil('status', { route, status: 503 });
    const ask = () => harness.api(account, method, path.replace(':id', found.id));
    expect((await ask()).status).toBe(503);
    expect((await ask()).status).not.toBe(503);
  });

  it('always, until cleared; the list shows how often it was used', async () => {
    await spoil('status', { times: null });
    await harness.order(account);
    await harness.order(account);
    const active = await harness.control<{ hits: number; times: null }[]>('GET', 'faults');
    expect(active.body).toMatchObject([{ hits: 2, times: null }]);
    await harness.control('DELETE', 'faults');
    expect((await harness.order(account)).status).toBe(201);
  });

  it('an unknown kind, route or account is refused', async () => {
    expect((await harness.control('POST', 'faults', { kind: 'gremlins' })).status).toBe(400);
    expect((await harness.control('POST', 'faults', { kind: 'status', route: 'nowhere' })).status).toBe(400);
    expect((await harness.control('POST', 'faults', { kind: 'status', account: 'no-such-account' })).status).toBe(404);
  });

  it('a slow account answers late, others do not [E14]', async () => {
    await harness.settings(account, { latency_ms: 120 });
    const started = Date.now();
    await harness.api(account, 'GET', 'packages/');
    expect(Date.now() - started).toBeGreaterThanOrEqual(119);
  });
});

const validOrder = () => ({
  package: account.packages[0]?.id,
  email_address: 'ada@example.org',
  send_invite_email: true,
});

const rawOrder = () =>
  fetch(`${harness.url}/api/public/cases/order-package/`, {
    method: 'POST',
    headers: { authorization: `Api-Key ${account.api_key}`, 'content-type': 'application/json' },
    body: JSON.stringify(validOrder()),
  });
