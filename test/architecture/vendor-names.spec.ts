import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const folder = 'src/contexts/integrations/vendors';
const vendors = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isDirectory());
const name = new RegExp(vendors.map((vendor) => vendor.name).join('|'), 'i');

/** Of the product: no specs, and no migrations, because those that were released do not change. */
const naming = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .map((file) => `src/${file}`)
  .filter((file) => file.endsWith('.ts') && !file.endsWith('spec.ts') && !file.includes('/migrations/'))
  .filter((file) => !file.startsWith(`${folder}/`) && name.test(readFileSync(join(root, file), 'utf8')))
  .sort();

describe('The name of a vendor', () => {
  it('is in its folder and on the list of vendors only', () => {
    expect(vendors.length).toBeGreaterThan(0);
    expect(naming).toEqual([]);
  });

  it('is nowhere in the console: files, types and sentences take it from the API', () => {
    const files = readdirSync(join(root, 'web/src'), { recursive: true, encoding: 'utf8' });
    const written = files.filter((file) => /(?<!spec)\.tsx?$/.test(file));
    const texts = written.map((file) => `${file}\n${readFileSync(join(root, 'web/src', file), 'utf8')}`);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => name.test(text)).map((text) => text.split('\n')[0])).toEqual([]);
  });
});
