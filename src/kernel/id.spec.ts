import { readId } from './id.js';

const id = '0199a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';

describe('An id', () => {
  it('is read in its canonical spelling', () => {
    expect(readId(id)).toBe(id);
    expect(readId('00000000-0000-0000-0000-000000000000')).not.toBeNull();
  });

  it.each([
    ['capitals', id.toUpperCase()],
    ['braces', `{${id}}`],
    ['a URN', `urn:uuid:${id}`],
    ['no hyphens', id.replaceAll('-', '')],
    ['a space around', ` ${id}`],
    ['a line break behind', `${id}\n`],
    ['a digit too few', id.slice(1)],
    ['a letter that is no digit', id.replace('a', 'g')],
    ['full-width digits', id.replaceAll('0', '０')],
    ['a list', [id]],
    ['nothing', undefined],
  ])('is none with %s', (_, given) => {
    expect(readId(given)).toBeNull();
  });
});
