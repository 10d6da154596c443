import { createHmac } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver } from './receiver.ts';
import { Harness, type TestAccount, eventually } from './harness.ts';

interface Attempt {
  event: string;
  attempt: number;
  outcome: string;
  status: number | null;
  body: string;
}

let harness: Harness;
let receiver: Receiver;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(async () => {
  receiver = await Receiver.start();
});
afterEach(() => receiver.stop());

const listening = async (settings: Record<string, unknown> = {}): Promise<TestAccount> => {
  const account = await harness.account({ webhook_retry_base_ms: 20, ...settings });
  await harness.control('POST', `accounts/${account.id}/webhooks`, { url: receiver.url });
  return account;
};
const arrived = (count: number) =>
  eventually(`${count} posts arrive, not ${receiver.received.length}`, () => receiver.received.length >= count);
const attempts = async (account: TestAccount) =>
  (await harness.control<Attempt[]>('GET', `deliveries?account=${account.id}`)).body;
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text, 'utf8').digest('hex');
const idsOf = (posts: { body: Record<string, string> }[]) => posts.map((post) => post.body.id);

describe('bodies [certn-api 5.2]', () => {
  it('the official sample: id and no status', async () => {
    const found = await harness.ordered(await listening());
    await harness.acts(found, 'deliver');
    await arrived(1);
    expect(receiver.received[0]?.headers['content-type']).toBe('application/json');
    expect(receiver.received[0]?.body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      event_type: 'CASE_STATUS_CHANGED',
      object_id: found.id,
      object_type: 'CASE',
    });
  });

  it('the one seen in the wild: event_id, created and case_status', async () => {
    const found = await harness.ordered(await listening({ webhook_variant: 'wild' }));
    await harness.acts(found, 'deliver');
    await arrived(1);
    expect(receiver.received[0]?.body).toEqual({
      created: expect.stringMatching(/^\d{4}-.*Z$/),
      event_id: expect.any(String),
      event_type: 'CASE_STATUS_CHANGED',
      object_id: found.id,
      object_type: 'CASE',
      case_status: 'APPLICANT_INVITED',
    });
  });

  it('an event tells of a new status, not of a new score alone', async () => {
    const account = await listening({ webhook_variant: 'wild' });
    const found = await harness.ordered(account);
    await harness.acts(found, 'open', 'start', 'submit');
    await harness.act(found, 'complete', { score: null });
    await harness.act(found, 'complete', { score: 'REVIEW' });
    await harness.acts(found, 'dispute');
    const feed = await harness.api<{ results: Record<string, string>[] }>(account, 'GET', 'events/');
    const announced = feed.body.results.map((event) => event.case_status);
    expect(announced).toEqual([
      'APPLICANT_OPENED',
      'APPLICANT_STARTED',
      'APPLICANT_SUBMITTED',
      'COMPLETE',
      'IN_DISPUTE',
    ]);
    await arrived(5);
  });

  it.each([
    ['case', 'CASE'],
    ['check', 'CHECK'],
  ])('CHECK_STATUS_CHANGED can carry the %s', async (mode, type) => {
    const found = await harness.ordered(await listening({ webhook_check_events: mode }));
    await harness.acts(found, 'cancel');
    await arrived(2);
    const announced = receiver.received
      .map((post) => post.body)
      .find((body) => body.event_type === 'CHECK_STATUS_CHANGED');
    expect(announced?.object_type).toBe(type);
    expect(announced?.object_id === found.id).toBe(type === 'CASE');
  });

  it('the order itself is an event only where the account says so', async () => {
    const found = await harness.ordered(await listening({ webhook_on_order: true, webhook_variant: 'wild' }));
    await arrived(1);
    expect(receiver.received[0]?.body).toMatchObject({ object_id: found.id, case_status: 'CASE_ORDERED' });
  });
});

describe('signature [certn-api 5.3]', () => {
  it('X-Signature is the lower-case hex HMAC over exactly the bytes sent', async () => {
    const account = await listening();
    await harness.acts(await harness.ordered(account), 'deliver');
    await arrived(1);
    const [post] = receiver.received;
    expect(post?.headers['x-signature']).toBe(hmac(account.webhook_secret, post?.raw ?? ''));
  });

  it('is wrong on demand, and follows a new secret', async () => {
    const account = await listening({ webhook_wrong_signature: true });
    const found = await harness.ordered(account);
    await harness.acts(found, 'deliver');
    await arrived(1);
    expect(receiver.received[0]?.headers['x-signature']).not.toBe(
      hmac(account.webhook_secret, receiver.received[0]?.raw ?? ''),
    );
    await harness.settings(account, { webhook_wrong_signature: false });
    const renewed = await harness.control<TestAccount>('PATCH', `accounts/${account.id}`, {
      regenerate_webhook_secret: true,
    });
    expect(renewed.body.webhook_secret).not.toBe(account.webhook_secret);
    await harness.acts(found, 'open');
    await arrived(2);
    const [, second] = receiver.received;
    expect(second?.headers['x-signature']).toBe(hmac(renewed.body.webhook_secret, second?.raw ?? ''));
  });
});

describe('retries, order, duplicates, loss [certn-api 5.4]', () => {
  it('retries with growing gaps and the same bytes until it is taken', async () => {
    const account = await listening();
    receiver.statuses = [500, 404, 503];
    await harness.acts(await harness.ordered(account), 'deliver');
    await arrived(4);
    const { received } = receiver;
    expect(new Set(received.map((post) => post.raw)).size).toBe(1);
    const gaps = received.slice(1).map((post, index) => post.at - (received[index]?.at ?? 0));
    expect(gaps[0]).toBeGreaterThanOrEqual(19);
    expect(gaps[1]).toBeGreaterThanOrEqual(39);
    expect(gaps[2]).toBeGreaterThanOrEqual(79);
    const log = await eventually('all attempts are logged', async () => {
      const seen = await attempts(account);
      return seen.length === 4 && seen;
    });
    expect(log.map((entry) => [entry.attempt, entry.outcome, entry.status])).toEqual([
      [1, 'failed', 500],
      [2, 'failed', 404],
      [3, 'failed', 503],
      [4, 'delivered', 200],
    ]);
  });

  it('gives up at the end of the window', async () => {
    const account = await listening({ webhook_retry_window_ms: 100 });
    receiver.statuses = Array.from({ length: 50 }, () => 500);
    await harness.acts(await harness.ordered(account), 'deliver');
    const last = await eventually('it gives up', async () =>
      (await attempts(account)).find((entry) => entry.outcome === 'given_up'),
    );
    expect(last.attempt).toBe(receiver.received.length);
    expect(last.attempt).toBeGreaterThan(1);
  });

  it('an answer that does not come in time is a failure, and tried again', async () => {
    const account = await listening({ webhook_timeout_ms: 60 });
    receiver.statuses = [0];
    await harness.acts(await harness.ordered(account), 'deliver');
    const [first, second] = await eventually('the second try is logged', async () => {
      const seen = await attempts(account);
      return seen.length === 2 && seen;
    });
    expect(first).toMatchObject({ outcome: 'failed', status: null, error: expect.stringContaining('timeout') });
    expect(second).toMatchObject({ outcome: 'delivered', event: first?.event, body: first?.body });
  });

  it('duplicates carry the same id', async () => {
    await harness.acts(await harness.ordered(await listening({ webhook_duplicates: 2 })), 'deliver');
    await arrived(3);
    expect(new Set(idsOf(receiver.received)).size).toBe(1);
  });

  it('reorders: holds some and lets them go the other way round', async () => {
    const account = await listening({ webhook_reorder: 'reverse', webhook_variant: 'wild', webhook_reorder_hold: 3 });
    const found = await harness.ordered(account);
    await harness.acts(found, 'deliver', 'open', 'start');
    await arrived(3);
    const events = await harness.control<{ id: string }[]>('GET', `events?account=${account.id}`);
    const log = await eventually('all are logged', async () => {
      const seen = await attempts(account);
      return seen.length === 3 && seen;
    });
    expect(log.map((entry) => entry.event).sort()).toEqual(events.body.map((event) => event.id).sort());
    expect(receiver.received[0]?.body.case_status).toBe('APPLICANT_STARTED');
  });

  it('releases what it holds after a while also when nothing follows', async () => {
    const account = await listening({ webhook_reorder: 'random', webhook_reorder_wait_ms: 60 });
    await harness.acts(await harness.ordered(account), 'deliver');
    await arrived(1);
  });

  it('delays', async () => {
    const account = await listening({ webhook_delay_ms: 150 });
    const started = Date.now();
    await harness.acts(await harness.ordered(account), 'deliver');
    await arrived(1);
    expect((receiver.received[0]?.at ?? 0) - started).toBeGreaterThanOrEqual(149);
  });

  it('loses the next or every n-th; the feed has them all', async () => {
    const account = await listening({ webhook_drop_next: 1 });
    const found = await harness.ordered(account);
    await harness.acts(found, 'deliver', 'open');
    await arrived(1);
    await harness.settings(account, { webhook_drop_every: 2 });
    await harness.acts(found, 'start', 'submit');
    await arrived(2);
    const feed = await harness.api<{ results: Record<string, string>[] }>(account, 'GET', 'events/');
    expect(feed.body.results).toHaveLength(4);
    const dropped = (await attempts(account)).filter((entry) => entry.outcome === 'dropped');
    expect(dropped).toHaveLength(2);
    expect(idsOf(receiver.received)).not.toContain(dropped[0]?.event);
  });

  it('paused: nothing goes out until it is lifted, then all of it', async () => {
    const paused = await listening({ webhook_paused: true });
    const other = await listening();
    const found = await harness.ordered(paused);
    const passing = await harness.ordered(other);
    await harness.acts(found, 'deliver', 'open');
    await harness.acts(passing, 'deliver', 'open', 'start');
    await arrived(3);
    expect(receiver.received.map((post) => post.body.object_id)).toEqual([passing.id, passing.id, passing.id]);
    await harness.settings(paused, { webhook_paused: false });
    await arrived(5);
    expect(receiver.received.slice(3).map((post) => post.body.object_id)).toEqual([found.id, found.id]);
  });
});

describe('the feed [certn-api 2.7]', () => {
  it('has everything, oldest first, ten a page, and only what follows the last one handled', async () => {
    const account = await harness.account();
    for (let number = 0; number < 4; number += 1) {
      await harness.acts(await harness.ordered(account), 'deliver', 'open', 'cancel');
    }
    const all = (await harness.control<{ id: string }[]>('GET', `events?account=${account.id}`)).body.map(
      ({ id }) => id,
    );
    const read = async (query: string) =>
      (await harness.api<{ results: { id: string }[] }>(account, 'GET', `events/${query}`)).body.results.map(
        ({ id }) => id,
      );
    expect(all).toHaveLength(12);
    expect(await read('?page_size=100')).toEqual(all.slice(0, 10));
    expect(await read('?page=2')).toEqual(all.slice(10));
    expect(await read(`?last_processed_event_id=${all[9]}`)).toEqual(all.slice(10));
    expect(await read(`?last_processed_event_id=${all[11]}`)).toEqual([]);
  });

  it('an unknown last event is 400', async () => {
    const account = await harness.account();
    const query = 'last_processed_event_id=7f1c2f0e-5b0e-4c1e-9a53-0d0f6f1f3a11';
    expect((await harness.api(account, 'GET', `events/?${query}`)).status).toBe(400);
  });
});
