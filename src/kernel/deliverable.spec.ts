import { isEmail } from 'class-validator';
import fc from 'fast-check';
import { canonicalEmail, isDeliverable, spellingsOf } from './email.js';

describe('A deliverable address', () => {
  it.each([
    'ada@example.org',
    'ADA+one@Example.org',
    "o'hara@mail.example.co.uk",
    'ada@ex\u00e4mple.org',
    ' ada@example.org ',
  ])('%j is one', (address) => expect(isDeliverable(address)).toBe(true));

  it.each([
    ...[
      'x@@y',
      'x@y',
      'x',
      '',
      '@y.org',
      'x@',
      'x y@z.org',
      'x@y..org',
      '.x@y.org',
      'x.@y.org',
      'x..x@y.org',
      'x@-y.org',
    ],
    ...[
      'x@127.0.0.1',
      'x@[127.0.0.1]',
      'x@y.1',
      'x@y.z',
      '"x"@y.org',
      'Ada <ada@example.org>',
      'a@y.org,b@y.org',
      'x@y_z.org',
    ],
    `${'x'.repeat(65)}@y.org`,
    `x@${'y.'.repeat(130)}org`,
  ])('%j is none', (address) => expect(isDeliverable(address)).toBe(false));

  it('is checked at once, however long it is', () => {
    const han = Array.from({ length: 4_000 }, (_, nth) => String.fromCodePoint(0x4e00 + ((nth * 7_919) % 20_000)));
    const long = `x@${han.join('')}.org`;
    const begun = performance.now();
    for (let times = 0; times < 200; times += 1) expect(isDeliverable(long)).toBe(false);
    expect(performance.now() - begun).toBeLessThan(500);
  });

  it('is never one whose canonical spelling the library refuses', () => {
    const parts = fc.string({ unit: fc.constantFrom(...'aZ0.-_+@" <é漢'), maxLength: 8 });
    fc.assert(
      fc.property(parts, parts, fc.constantFrom('.org', '.c', '.1', '', '.co.uk'), (local, domain, end) => {
        const address = `${local}@${domain}${end}`;
        expect(isDeliverable(address) && !isEmail(canonicalEmail(address))).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('The spellings of an address', () => {
  it.each([
    ['Ada@Ex\u00e4mple.org', ['ada@xn--exmple-cua.org', 'ada@ex\u00e4mple.org']],
    ['ada@xn--exmple-cua.org', ['ada@xn--exmple-cua.org', 'ada@ex\u00e4mple.org']],
    ['ada@example.org', ['ada@example.org']],
    ['nonsense', ['nonsense']],
  ])('of %j are %j', (address, spellings) => expect(spellingsOf(address)).toEqual(spellings));
});
