import { hashOfKey, newApiKey } from './api-key.js';

describe('An API key', () => {
  it('has a form by which scanners recognise it, and is never made twice', () => {
    const keys = Array.from({ length: 200 }, newApiKey);
    for (const key of keys) expect(key).toMatch(/^ats_[0-9A-Za-z]{32}[0-9A-Za-z]{6}$/);
    expect(new Set(keys).size).toBe(200);
    expect(new Set(keys.join('')).size).toBe(63);
  });

  it('is stored as a hash that shows nothing of it', () => {
    const key = newApiKey();
    expect(hashOfKey(key)).toHaveLength(32);
    expect(hashOfKey(key)).toEqual(hashOfKey(key));
    expect(hashOfKey(newApiKey())).not.toEqual(hashOfKey(key));
  });

  it('has a checksum that has always been the same', () => {
    expect(hashOfKey('ats_000000000000000000000000000000002xVZSZ')).not.toBeNull();
  });

  it('is recognised as mistyped in every single place, without a look at the database', () => {
    const key = newApiKey();
    const slips = [...key].map((letter, at) => key.slice(0, at) + (letter === 'a' ? 'b' : 'a') + key.slice(at + 1));
    expect(slips.filter((slip) => hashOfKey(slip) !== null)).toEqual([]);
  });

  it.each([
    ['nothing', () => ''],
    ['its beginning', (key: string) => key.slice(0, -1)],
    ['more', (key: string) => `${key}0`],
    ['a space behind', (key: string) => `${key} `],
    ['a line break behind', (key: string) => `${key}\n`],
    ['two of them', (key: string) => `${key}, ${key}`],
    ['another prefix', (key: string) => key.replace('ats_', 'ATS_')],
    ['a look-alike', (key: string) => key.replace('ats_', '\u0430ts_')],
    ['full-width letters', (key: string) => key.replace('ats', '\uff41\uff54\uff53')],
    ['a NUL', (key: string) => key.replace('_', '\0')],
    ['very much', () => `ats_${'a'.repeat(1_000_000)}`],
  ])('is none: %s', (_, change) => {
    expect(hashOfKey(change(newApiKey()))).toBeNull();
  });
});
