import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src', 'contexts');
const pagesByItself = (text: string): boolean => /\boffset \$\{|\bcountCap\b/.test(text);

describe('The paged lists of the views', () => {
  it('are read and counted by one helper, so that all of them have the same limits', () => {
    const files = globSync('**/views/*.ts', { cwd: root }).filter((file) => !file.endsWith('spec.ts'));
    const texts = files.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
    expect(texts.filter(({ text }) => text.includes('pageOf(')).length).toBeGreaterThan(8);
    expect(texts.filter(({ text }) => pagesByItself(text)).map(({ file }) => file)).toEqual([]);
  });

  it('would be found to page by themselves', () => {
    expect(pagesByItself('select 1 limit ${limit} offset ${offset}')).toBe(true);
  });
});
