import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..', 'src', 'contexts');
const views = globSync('**/views/*.ts', { cwd: root })
  .filter((file) => !file.endsWith('spec.ts'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const filesWith = (form: RegExp): string[] => views.filter(({ text }) => form.test(text)).map(({ file }) => file);

const pagesByItself = /\boffset \$\{|\bcountCap\b/;
const locks = /\bfor (no key )?update\b|\bfor (key )?share\b|_advisory_|\block table\b/i;
const writes = /\binsert into\b|\bdelete from\b|\bupdate \w+\.\w+\s+(\w+\s+)?set\b/i;

describe('The views', () => {
  it('page and count by one helper, so that all lists have the same limits', () => {
    expect(filesWith(/\bpageOf\(/).length).toBeGreaterThan(8);
    expect(filesWith(pagesByItself)).toEqual([]);
  });

  it('only read: they take no lock and write nothing', () => {
    expect(views.length).toBeGreaterThan(20);
    expect(filesWith(locks)).toEqual([]);
    expect(filesWith(writes)).toEqual([]);
  });

  it('would be found to do it', () => {
    expect('select 1 limit ${limit} offset ${offset}').toMatch(pagesByItself);
    expect('select 1 from hiring.job for update skip locked').toMatch(locks);
    expect('select pg_advisory_xact_lock(1)').toMatch(locks);
    expect('update hiring.job j set name = 1').toMatch(writes);
    expect('/** An update of the job, or a share of it. */').not.toMatch(locks);
  });
});
