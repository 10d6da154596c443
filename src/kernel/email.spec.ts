import { signInAddress } from './email.js';

describe('The sign-in form of an address', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['ADA@Example.ORG', 'ada@example.org'],
    ['ada+certn@example.org', 'ada+certn@example.org'],
    ['o’hara@example.org', null],
    ["o'hara@example.org", "o'hara@example.org"],
    ['ada@ex\u00e4mple.org', 'ada@xn--exmple-cua.org'],
    ['ada@xn--exmple-cua.org', 'ada@xn--exmple-cua.org'],
    ['ada@EX\u00c4MPLE.org', null],
    ['ada@exa\u0308mple.org', null],
    ['ada@\u0435xample.org', 'ada@xn--xample-2of.org'],
    ['\u212aim@example.org', null],
    ['ada@example.org.', null],
    ['ada@example\u3002org', null],
    ['ada@\u2460.org', null],
    [' ada@example.org', null],
    ['"ada"@example.org', null],
    ['ada@[127.0.0.1]', null],
    ['ada@localhost', null],
    ['ada', null],
    ['@example.org', null],
    ['ada@', null],
    ['', null],
  ])('%j is compared as %j', (written, compared) => {
    expect(signInAddress(written)).toBe(compared);
  });

  it('folds only ASCII letters: no other character becomes an ASCII one', () => {
    // Only these characters have a mapping by which they could become other ones.
    const mapped = /\p{Changes_When_NFKC_Casefolded}/u;
    const folded = [];
    for (let code = 0x80; code <= 0x10ffff; code += 1) {
      const letter = String.fromCodePoint(code);
      if (mapped.test(letter) && signInAddress(`m${letter}ke@example.org`) !== null) folded.push(code);
    }
    expect(folded).toEqual([]);
  });
});
