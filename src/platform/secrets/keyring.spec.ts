import { randomBytes } from 'node:crypto';
import { readCredentialsKeys } from '../config/settings.js';
import { Keyring } from './keyring.js';

const key = (kid: string): string => `${kid}:${randomBytes(32).toString('base64')}`;
const [older, newer] = [key('older'), key('newer')];
const keyringOf = (...keys: string[]): Keyring =>
  new Keyring(readCredentialsKeys({ CREDENTIALS_KEYS: keys.join(',') }));

const damaged = expect.objectContaining({ kind: 'unavailable', reason: 'secret_unreadable' });

describe('A sealed secret [F8]', () => {
  it('opens where it was sealed, and cannot be read without its key', () => {
    const sealed = keyringOf(older).seal('a secret of Certn’s', 'connection/1/api_key');
    expect(keyringOf(older).open(sealed, 'connection/1/api_key')).toBe('a secret of Certn’s');
    expect(Buffer.from(sealed.split('.')[1] ?? '', 'base64').toString('utf8')).not.toContain('secret');
    expect(() => keyringOf(newer).open(sealed, 'connection/1/api_key')).toThrow(
      expect.objectContaining({ reason: 'key_missing', kid: 'older' }),
    );
    const namesake = `older:${newer.split(':')[1]}`;
    expect(() => keyringOf(namesake).open(sealed, 'connection/1/api_key')).toThrow(damaged);
  });

  it('does not open in another row or column, nor with a byte changed', () => {
    const keyring = keyringOf(older);
    const sealed = keyring.seal('a secret of Certn’s', 'connection/1/api_key');
    for (const place of ['connection/2/api_key', 'connection/1/webhook_secret', '']) {
      expect(() => keyring.open(sealed, place)).toThrow(damaged);
    }
    const [kid = '', encoded = ''] = sealed.split('.');
    const bytes = Buffer.from(encoded, 'base64');
    for (const at of [0, 12, bytes.length - 1]) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => keyring.open(`${kid}.${changed.toString('base64')}`, 'connection/1/api_key')).toThrow(damaged);
    }
  });

  it('is sealed differently each time, with the newest key; what older ones sealed still opens', () => {
    const before = keyringOf(older).seal('same', 'place');
    const rotated = keyringOf(newer, older);
    expect(rotated.open(before, 'place')).toBe('same');
    const [one, two] = [rotated.seal('same', 'place'), rotated.seal('same', 'place')];
    expect(one).not.toBe(two);
    expect(keyringOf(newer).open(one, 'place')).toBe('same');
  });

  it('that does not open is reported to the operator, once a minute, without its content', () => {
    const said: string[] = [];
    const sealed = keyringOf(older).seal('a secret of Certn’s', 'connection/1/api_key');
    const without = new Keyring(readCredentialsKeys({ CREDENTIALS_KEYS: newer }), (line) => said.push(line));
    for (let i = 0; i < 3; i += 1) expect(() => without.open(sealed, 'connection/1/api_key')).toThrow();
    expect(said).toEqual([expect.stringContaining('CREDENTIALS_KEYS lacks the key "older"')]);
    const having = new Keyring(readCredentialsKeys({ CREDENTIALS_KEYS: older }), (line) => said.push(line));
    for (let i = 0; i < 3; i += 1) expect(() => having.open(sealed, 'connection/2/api_key')).toThrow();
    expect(said.slice(1)).toEqual([expect.stringContaining('connection/2/api_key')]);
    expect(said.join()).not.toContain(sealed.split('.')[1]);
  });
});
