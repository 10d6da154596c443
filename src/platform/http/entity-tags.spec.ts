import { encodedTag, partsOf, readTags, valueOf } from './entity-tags.js';

const strong = (value: string) => ({ isWeak: false, value });
const weak = (value: string) => ({ isWeak: true, value });

describe('A list of entity tags', () => {
  it.each([
    ['*', '*'],
    [' * ', '*'],
    ['"a"', [strong('a')]],
    ['""', [strong('')]],
    ['W/"a"', [weak('a')]],
    ['"a", W/"b","c"', [strong('a'), weak('b'), strong('c')]],
    [',, "a" ,, "b" ,', [strong('a'), strong('b')]],
    ['"a,b"', [strong('a,b')]],
    ['"\u00e9"', [strong('\u00e9')]],
    ['"W/"', [strong('W/')]],
  ])('%j is read', (header, tags) => {
    expect(readTags(header)).toEqual(tags);
  });

  it.each([
    '',
    ',',
    'a',
    '"a',
    'a"',
    '"a" "b"',
    'w/"a"',
    'W/ "a"',
    '"a b"',
    '*, "a"',
    '"a", *',
    '"a"b',
    "'a'",
    '"a\u0001"',
  ])('%j is malformed', (header) => {
    expect(readTags(header)).toBeNull();
  });

  it('is read in a time that grows with its length only', () => {
    const started = performance.now();
    expect(readTags(`${', '.repeat(100_000)}x`)).toBeNull();
    expect(readTags(`${'"a",'.repeat(50_000)}"`)).toBeNull();
    expect(performance.now() - started).toBeLessThan(1_000);
  });
});

describe("The service's own tag", () => {
  const [version, hash] = ['v'.repeat(16), 'h'.repeat(22)];

  it.each([
    [`${version}.${hash}`, { version, hash }],
    [hash, { version: null, hash }],
    [`${version}.${hash}:br`, { version, hash }],
    [`${hash}:gzip`, { version: null, hash }],
  ])('%s has its parts, whatever the encoding', (value, parts) => {
    expect(partsOf(value)).toEqual(parts);
    expect(value.startsWith(valueOf(parts))).toBe(true);
  });

  it.each(['', version, `${version}.`, `.${hash}`, `${version}.${hash}.`, `${hash}:`, `x${hash}`])(
    '%j is not one',
    (value) => {
      expect(partsOf(value)).toBeNull();
    },
  );

  it('is another one for a compressed answer', () => {
    expect(encodedTag('"abc"', 'br')).toBe('"abc:br"');
  });
});
