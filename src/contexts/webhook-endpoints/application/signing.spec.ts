import { Webhook } from 'standardwebhooks';
import { newSecret, signedHeaders } from './signing.js';

const body = JSON.stringify({ type: 'test', timestamp: '2026-10-01T12:00:00.000Z', data: { id: 'é漢' } });

describe('A signature', () => {
  it('is what the reference library of Standard Webhooks makes', () => {
    const secret = newSecret();
    const now = new Date();
    const headers = signedHeaders('an-id', body, [secret], now);
    const theirs = new Webhook(secret).sign('an-id', now, body);
    expect(headers['webhook-signature']).toBe(theirs);
    expect(new Webhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
  });

  it('is made with each secret of a rotation, and matches no other', () => {
    const [present, previous] = [newSecret(), newSecret()];
    const headers = signedHeaders('an-id', body, [present, previous], new Date());
    for (const secret of [present, previous]) expect(new Webhook(secret).verify(body, headers)).toBeDefined();
    expect(() => new Webhook(newSecret()).verify(body, headers)).toThrow(/signature/i);
    expect(() => new Webhook(present).verify(body.replace('test', 'best'), headers)).toThrow(/signature/i);
  });

  it('uses a secret of 32 bytes that is never the same', () => {
    const secrets = Array.from({ length: 100 }, newSecret);
    expect(new Set(secrets).size).toBe(100);
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z\d+/]{43}=$/);
  });
});
