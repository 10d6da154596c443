import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ErrorBody, Harness, type TestAccount, request } from './harness.ts';

let harness: Harness;
let account: TestAccount;

beforeAll(async () => {
  harness = await Harness.start();
  account = await harness.account();
});
afterAll(() => harness.stop());

describe('keys [certn-api 1.2]', () => {
  it('no Authorization header is 401 not_authenticated', async () => {
    const reply = await request<ErrorBody>(`${harness.url}/api/public/packages/`, 'GET');
    expect(reply.status).toBe(401);
    expect(reply.body).toEqual({
      type: 'client_error',
      errors: [{ code: 'not_authenticated', detail: expect.any(String), attr: null }],
    });
  });

  it.each(['Token', 'Bearer', 'api-key'])('the scheme %s is not taken', async (scheme) => {
    const headers = { authorization: `${scheme} ${account.api_key}` };
    const reply = await request<ErrorBody>(`${harness.url}/api/public/packages/`, 'GET', undefined, headers);
    expect(reply.status).toBe(401);
  });

  it('an unknown key is 401 with the text "Invalid Api-Key"', async () => {
    const reply = await harness.api<ErrorBody>('made-up', 'GET', 'packages/');
    expect(reply.status).toBe(401);
    expect(reply.body.errors).toEqual([{ code: 'authentication_failed', detail: 'Invalid Api-Key', attr: null }]);
  });

  it('several keys work at once, and a revoked one stops alone', async () => {
    const mine = await harness.account();
    const added = await harness.control<TestAccount>('PATCH', `accounts/${mine.id}`, { add_key: true });
    const second = added.body.api_key;
    expect(second).not.toBe(mine.api_key);
    expect((await harness.api(mine.api_key, 'GET', 'packages/')).status).toBe(200);
    expect((await harness.api(second, 'GET', 'packages/')).status).toBe(200);
    await harness.control('PATCH', `accounts/${mine.id}`, { revoke_key: mine.api_key });
    expect((await harness.api(mine.api_key, 'GET', 'packages/')).status).toBe(401);
    expect((await harness.api(second, 'GET', 'packages/')).status).toBe(200);
  });

  it('rotation gives a new key and ends the old; whether that is 401 or 403 is a setting', async () => {
    const mine = await harness.account({ refused_key_status: 403 });
    const rotated = await harness.control<TestAccount>('PATCH', `accounts/${mine.id}`, { rotate_key: true });
    expect((await harness.api(rotated.body.api_key, 'GET', 'packages/')).status).toBe(200);
    const refused = await harness.api<ErrorBody>(mine.api_key, 'GET', 'packages/');
    expect(refused.status).toBe(403);
    expect(refused.body.errors[0]?.detail).toBe('Invalid Api-Key');
  });

  it('an expired key is refused', async () => {
    const mine = await harness.account();
    await harness.control('PATCH', `accounts/${mine.id}`, { expire_key: mine.api_key });
    expect((await harness.api(mine.api_key, 'GET', 'packages/')).status).toBe(401);
  });
});

describe('errors [certn-api 1.5]', () => {
  it('an unknown id is a 404 client_error', async () => {
    const reply = await harness.api<ErrorBody>(account, 'GET', 'cases/7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11/');
    expect(reply.status).toBe(404);
    expect(reply.body).toEqual({
      type: 'client_error',
      errors: [{ code: 'not_found', detail: 'Not found.', attr: null }],
    });
  });

  it.each(['packages', 'cases', 'groups', 'events', 'users'])('%s without slash is not served', async (path) => {
    expect((await harness.api(account, 'GET', path)).status).toBe(404);
    expect((await harness.api(account, 'GET', `${path}/`)).status).toBe(200);
  });

  it('an order without slash is not served and orders nothing', async () => {
    const body = { package: account.packages[0]?.id, email_address: 'slash@example.org' };
    expect((await harness.api(account, 'POST', 'cases/order-package', body)).status).toBe(404);
    expect(await harness.ledger(account)).toEqual([]);
  });

  it('the wrong method is 405 method_not_allowed', async () => {
    const reply = await harness.api<ErrorBody>(account, 'DELETE', 'cases/');
    expect(reply.status).toBe(405);
    expect(reply.body).toMatchObject({ type: 'client_error', errors: [{ code: 'method_not_allowed' }] });
  });

  it('an unreadable body is 400 parse_error', async () => {
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order-package/', '{"package":');
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ type: 'validation_error', errors: [{ code: 'parse_error', attr: null }] });
  });

  it('a body that is not JSON by its type is 415', async () => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order-package/', 'package=1', type);
    expect(reply.status).toBe(415);
    expect(reply.body.errors[0]?.code).toBe('unsupported_media_type');
  });

  it('a list instead of an object is 400', async () => {
    const reply = await harness.api<ErrorBody>(account, 'POST', 'cases/order-package/', '[]');
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ type: 'validation_error', errors: [{ code: 'invalid', attr: null }] });
  });
});

describe('limits [certn-api 1.3]', () => {
  it('the request after the minute limit is 429 throttled with Retry-After', async () => {
    const mine = await harness.account({ enforce_rate_limit: true, per_minute: 2 });
    expect((await harness.api(mine, 'GET', 'packages/')).status).toBe(200);
    expect((await harness.api(mine, 'GET', 'packages/')).status).toBe(200);
    const refused = await harness.api<ErrorBody>(mine, 'GET', 'packages/');
    expect(refused.status).toBe(429);
    expect(refused.body).toMatchObject({ type: 'client_error', errors: [{ code: 'throttled', attr: null }] });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(refused.headers.get('retry-after'))).toBeLessThanOrEqual(60);
  });

  it('the day limit waits longer, and a throttled order orders nothing', async () => {
    const mine = await harness.account({ enforce_rate_limit: true, per_minute: 100, per_day: 1 });
    expect((await harness.order(mine)).status).toBe(201);
    const refused = await harness.order(mine);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(60);
    expect(await harness.ledger(mine)).toHaveLength(1);
  });

  it('one account does not use up the limit of another; the official numbers are the default', async () => {
    const mine = await harness.control<{ settings: object }>('POST', 'accounts', { name: 'with usual limits' });
    expect(mine.body.settings).toMatchObject({ enforce_rate_limit: true, per_minute: 60, per_day: 7220 });
    const tight = await harness.account({ enforce_rate_limit: true, per_minute: 1 });
    await harness.api(tight, 'GET', 'packages/');
    expect((await harness.api(tight, 'GET', 'packages/')).status).toBe(429);
    expect((await harness.api(account, 'GET', 'packages/')).status).toBe(200);
  });
});
