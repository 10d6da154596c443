import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HostCookies } from '#platform/auth/host-cookies';
import type { Settings } from '#platform/config/settings';
import { Keyring } from '#platform/secrets/keyring';
import { SealedCookies } from './sealed-cookies.js';

describe('A sealed cookie', () => {
  let now = 0;
  const clock = { now: () => new Date(now) };
  const hosts = new HostCookies({ publicUrl: 'http://localhost' } as Settings);
  const said: string[] = [];
  const keyring = () => new Keyring([{ kid: 'k', key: randomBytes(32) }], (line) => said.push(line));
  const sealing = () => new SealedCookies(keyring(), hosts, clock);
  const cookies = sealing();
  let value = '';
  const reply = { setCookie: (_name: string, set: string) => (value = set) } as unknown as FastifyReply;
  const coming = (name: string, cookie = value) => ({ cookies: { [name]: cookie } }) as unknown as FastifyRequest;

  beforeEach(() => {
    cookies.set(reply, 'a', { secret: 'verifier' }, 600);
  });

  it('is read back, and does not show its value', () => {
    expect(cookies.read(coming('a'), 'a')).toEqual({ secret: 'verifier' });
    expect(Buffer.from(value.slice(2), 'base64').toString('latin1')).not.toContain('verifier');
  });

  it('is valid for ten minutes, also in a browser that keeps it longer', () => {
    now += 599_000;
    expect(cookies.read(coming('a'), 'a')).not.toBeNull();
    now += 2_000;
    expect(cookies.read(coming('a'), 'a')).toBeNull();
  });

  it('is valid only under its own name, unchanged, and with the key that sealed it', () => {
    expect(cookies.read(coming('b'), 'b')).toBeNull();
    expect(cookies.read(coming('a', `${value.slice(0, -4)}AAA=`), 'a')).toBeNull();
    expect(cookies.read(coming('a', 'nonsense'), 'a')).toBeNull();
    expect(sealing().read(coming('a'), 'a')).toBeNull();
  });

  it('that was forged is not reported to the operator', () => {
    expect(cookies.read(coming('a', 'another-key.AAAA'), 'a')).toBeNull();
    expect(cookies.read(coming('a', 'k.AAAA'), 'a')).toBeNull();
    expect(said).toEqual([]);
  });
});
