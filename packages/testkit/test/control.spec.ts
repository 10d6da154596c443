import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Harness, type TestAccount, request } from './harness.ts';

interface Wire {
  seq: number;
  method: string;
  path: string;
  query: string;
  status: number | null;
  connection: number;
  nth_on_connection: number;
  account_name: string | null;
}

let harness: Harness;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());

describe('accounts', () => {
  it('are made once per name, with the key and secret asked for', async () => {
    const options = { name: 'twice', api_key: 'my-key', webhook_secret: 'my-secret' };
    const first = await harness.control<TestAccount>('POST', 'accounts', options);
    const again = await harness.control<TestAccount>('POST', 'accounts', options);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    expect(first.body).toMatchObject({ api_key: 'my-key', webhook_secret: 'my-secret' });
    expect((await harness.control<TestAccount>('GET', 'accounts/twice')).body.id).toBe(first.body.id);
  });

  it('cannot share a key', async () => {
    await harness.control('POST', 'accounts', { name: 'one', api_key: 'same' });
    expect((await harness.control('POST', 'accounts', { name: 'other', api_key: 'same' })).status).toBe(409);
  });

  it('refuse a setting that does not exist or has the wrong kind', async () => {
    const account = await harness.account();
    for (const settings of [
      { webhok_paused: true },
      { per_minute: 'many' },
      { page_shape: 'round' },
      { latency_ms: -1 },
    ]) {
      const reply = await harness.settings(account, settings);
      expect(reply.status).toBe(400);
    }
  });

  it('can be given other packages', async () => {
    const account = await harness.account();
    const id = '3a9d6c54-0f0b-4d65-8f53-2f5a5d0a9b10';
    await harness.control('PUT', `accounts/${account.id}/packages`, [{ id, name: 'Only one' }]);
    const reply = await harness.api<{ results: object[] }>(account, 'GET', 'packages/');
    expect(reply.body.results).toMatchObject([{ id, name: 'Only one', is_active: true }]);
  });
});

describe('the wire log', () => {
  it('shows every request with its status and whether its connection was fresh, and never a key', async () => {
    const account = await harness.account();
    await harness.control('DELETE', 'requests');
    await harness.order(account);
    await harness.api(account, 'GET', 'cases/?page=1', undefined, { connection: 'close' });
    await harness.api('wrong-key', 'GET', 'packages');
    const reply = await harness.control<Wire[]>('GET', 'requests');
    expect(reply.body.map(({ method, path, query, status }) => [method, path, query, status])).toEqual([
      ['POST', '/api/public/cases/order-package/', '', 201],
      ['GET', '/api/public/cases/', 'page=1', 200],
      ['GET', '/api/public/packages', '', 404],
    ]);
    expect(reply.body[0]?.account_name).toBe(account.name);
    expect(reply.text).not.toContain(account.api_key);
    expect(reply.body.every((entry) => entry.connection > 0 && entry.nth_on_connection > 0)).toBe(true);
    const [first] = reply.body;
    expect((await harness.control<Wire[]>('GET', `requests?since=${first?.seq}`)).body).toHaveLength(2);
  });
});

describe('the pages', () => {
  it.each(['/', '/theme.css', '/page.css', '/candidate/any'])(
    '%s is served, and what they load is local',
    async (path) => {
      const reply = await request(`${harness.url}${path}`, 'GET');
      expect(reply.status).toBe(200);
      expect(reply.text).not.toMatch(/(src|href)="https?:|@import/);
    },
  );

  it('no text is put on a page as HTML, and nothing but their own script may run', async () => {
    for (const path of ['/', '/candidate/any']) {
      const reply = await request(`${harness.url}${path}`, 'GET');
      expect(reply.text).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write/);
      expect(reply.headers.get('content-security-policy')).toMatch(/script-src 'sha256-[^']+'/);
    }
  });
});

describe('the control API', () => {
  it('does not answer to another site in the browser', async () => {
    const from = (origin: string) => request(`${harness.url}/control/accounts`, 'POST', { name: origin }, { origin });
    expect((await from('https://elsewhere.example')).status).toBe(403);
    expect((await from(harness.url)).status).toBe(201);
  });
});

describe('reset', () => {
  it('leaves nothing', async () => {
    const own = await Harness.start();
    await own.ordered(await own.account());
    await own.control('POST', 'faults', { kind: 'status' });
    expect((await own.control('POST', 'reset')).status).toBe(204);
    for (const path of ['accounts', 'cases', 'mailbox', 'ledger', 'events', 'deliveries', 'faults', 'requests']) {
      expect((await own.control(`GET`, path)).body).toEqual([]);
    }
    await own.stop();
  });
});
