import { createHmac, randomBytes } from 'node:crypto';
import { verifyWebhook, WebhookVerificationError } from '../src/webhooks.ts';

const [key, former] = [randomBytes(24), randomBytes(24)];
const whsec = (bytes: Buffer): string => `whsec_${bytes.toString('base64')}`;
const body = '{"type":"test","timestamp":"2026-01-01T00:00:00Z","data":{"id":"e1","note":"é"}}';

/** Signed as the specification of Standard Webhooks says, without the library. */
function signed(secret: Buffer, ageSeconds = 0, text = body): Record<string, string> {
  const at = String(Math.floor(Date.now() / 1000) - ageSeconds);
  const signature = createHmac('sha256', secret).update(`msg_1.${at}.${text}`).digest('base64');
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
}

describe('A webhook request', () => {
  it('gives its event when it is signed with the secret, in any kind of headers and body', () => {
    const headers = signed(key);
    for (const given of [headers, new Headers(headers)]) {
      expect(verifyWebhook(body, given, whsec(key))).toMatchObject({ type: 'test', data: { id: 'e1', note: 'é' } });
    }
    const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
    expect(verifyWebhook(new TextEncoder().encode(body), upper, whsec(key)).type).toBe('test');
  });

  it('is accepted with either secret during a rotation, whoever rotates', () => {
    expect(verifyWebhook(body, signed(former), [whsec(key), whsec(former)]).type).toBe('test');
    const [one, two] = [signed(former), signed(key)];
    const both = { ...one, 'webhook-signature': `${one['webhook-signature']} ${two['webhook-signature']}` };
    expect(verifyWebhook(body, both, whsec(key)).type).toBe('test');
  });

  it.each<[string, string, Record<string, string | string[] | undefined>]>([
    ['another secret', body, signed(former)],
    ['a changed body', body.replace('e1', 'e2'), signed(key)],
    ['another id', body, { ...signed(key), 'webhook-id': 'msg_2' }],
    ['another time', body, { ...signed(key), 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 1) }],
    ['an age of six minutes', body, signed(key, 360)],
    ['a time six minutes ahead', body, signed(key, -360)],
    ['no signature', body, { ...signed(key), 'webhook-signature': undefined }],
    ['a repeated signature', body, { ...signed(key), 'webhook-signature': ['v1,a', 'v1,b'] }],
    ['a signature of another version', body, { ...signed(key), 'webhook-signature': 'v2,AAAA' }],
    ['a time that is none', body, { ...signed(key), 'webhook-timestamp': 'now' }],
    ['no headers', body, {}],
  ])('is refused with %s', (_, text, headers) => {
    expect(() => verifyWebhook(text, headers, whsec(key))).toThrow(WebhookVerificationError);
  });

  it('is refused without any secret', () => {
    expect(() => verifyWebhook(body, signed(key), [])).toThrow(WebhookVerificationError);
  });
});
