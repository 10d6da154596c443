import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Receiver, challengeOf } from './receiver.ts';
import { Harness, type TestAccount, eventually } from './harness.ts';

interface Registered {
  id: string;
  enabled: boolean;
  webhook_secret: string;
  last_handshake: { ok: boolean; reason: string | null };
}

let harness: Harness;
let receiver: Receiver;
let account: TestAccount;

beforeAll(async () => {
  harness = await Harness.start();
});
afterAll(() => harness.stop());
beforeEach(async () => {
  receiver = await Receiver.start();
  account = await harness.account();
});
afterEach(() => receiver.stop());

const register = async (url = receiver.url) => {
  const reply = await harness.control<Registered>('POST', `accounts/${account.id}/webhooks`, { url });
  expect(reply.status).toBe(201);
  return reply.body;
};

/** A second URL gets two events. By then the first URL would have got them too. */
const hearsNothing = async () => {
  const other = await Receiver.start();
  await register(other.url);
  await harness.acts(await harness.ordered(account), 'deliver', 'open');
  await eventually('the other url hears of both', () => other.received.length === 2);
  expect(receiver.received).toEqual([]);
  await other.stop();
};

const good = { 'content-type': 'text/plain', 'x-content-type-options': 'nosniff' };

describe('the handshake [certn-api 5.1]', () => {
  it('a url that echoes the challenge is enabled and shows the signing secret', async () => {
    const made = await register();
    expect(made).toMatchObject({ enabled: true, webhook_secret: account.webhook_secret });
    expect(made.last_handshake).toMatchObject({ ok: true, reason: null });
  });

  it('the challenge comes beside what the url already asks', async () => {
    const asked: string[] = [];
    const echo = receiver.onChallenge;
    receiver.onChallenge = (request, response) => {
      asked.push(request.url ?? '');
      echo(request, response);
    };
    expect((await register(`${receiver.url}?team=7`)).enabled).toBe(true);
    expect(asked[0]).toMatch(/^\/hooks\/certn\?team=7&challenge=.{16,}$/);
  });

  it.each([
    ['a body with a line break more', 200, good, '\n', 'The body is not exactly the challenge.'],
    ['another status', 202, good, '', 'Answered 202 instead of 200.'],
    ['a redirect', 302, { ...good, location: '/' }, '', 'Answered 302 instead of 200.'],
    ['HTML', 200, { ...good, 'content-type': 'text/html' }, '', 'Content-Type is text/html, not text/plain.'],
    ['no nosniff', 200, { 'content-type': 'text/plain' }, '', 'X-Content-Type-Options: nosniff is missing.'],
  ])('%s disables delivery', async (_what, status, headers, extra, reason) => {
    receiver.onChallenge = (request, response) => {
      response.writeHead(status, headers).end(`${challengeOf(request)}${extra}`);
    };
    const made = await register();
    expect(made.enabled).toBe(false);
    expect(made.last_handshake.reason).toBe(reason);
    await hearsNothing();
  });

  it('no answer in time disables delivery; the time is 10 s unless a test shortens it', async () => {
    const { body } = await harness.control<{ settings: Record<string, number> }>('GET', `accounts/${account.id}`);
    expect(body.settings.handshake_timeout_ms).toBe(10_000);
    await harness.settings(account, { handshake_timeout_ms: 80 });
    receiver.onChallenge = () => undefined;
    const made = await register();
    expect(made).toMatchObject({ enabled: false, last_handshake: { reason: 'No answer within 0.08 s.' } });
  });

  it('an unreachable url disables delivery', async () => {
    const made = await register('http://127.0.0.1:1/hooks');
    expect(made.enabled).toBe(false);
    expect(made.last_handshake.reason).toMatch(/could not be reached/);
  });

  it('it recurs: a later failure disables, a later success enables again', async () => {
    const made = await register();
    const again = async () =>
      (await harness.control<Registered>('POST', `accounts/${account.id}/webhooks/${made.id}/handshake`)).body.enabled;
    const echo = receiver.onChallenge;
    receiver.onChallenge = (_request, response) => response.writeHead(500).end();
    expect(await again()).toBe(false);
    receiver.onChallenge = echo;
    expect(await again()).toBe(true);
    await harness.acts(await harness.ordered(account), 'deliver');
    await eventually('the event arrives', () => receiver.received.length === 1);
  });

  it('an account may have several urls, and one can be switched off silently', async () => {
    const other = await Receiver.start();
    const first = await register();
    await register(other.url);
    await harness.control('PATCH', `accounts/${account.id}/webhooks/${first.id}`, { enabled: false });
    await harness.acts(await harness.ordered(account), 'deliver', 'open');
    await eventually('the other url hears of both', () => other.received.length === 2);
    expect(receiver.received).toEqual([]);
    await other.stop();
  });
});
