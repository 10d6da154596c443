import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const specs = ['test', 'src', 'packages'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /spec\.ts$/.test(file))
    .map((file) => basename(file)),
);

/** The rows of the tables. The last cell names the test that fails without the defence. */
const rows = readFileSync(join(root, 'docs', 'threat-model.md'), 'utf8')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter((cells) => cells.length === 5 && !/^(-+|Goal|Test.*)$/.test(cells[1] ?? ''));

describe('The threat model', () => {
  it('names a test for every defence', () => {
    expect(rows.length).toBeGreaterThan(30);
    expect(rows.filter((cells) => !cells[3]?.includes('`'))).toEqual([]);
  });

  it('names only tests that exist', () => {
    const named = rows.flatMap((cells) =>
      [...(cells[3] ?? '').matchAll(/`([a-z][\w.-]*)`/g)].map(([, name = '']) => name),
    );
    const missing = named.filter((name) => !specs.some((file) => file === `${name}.ts` || file.startsWith(`${name}.`)));
    expect(missing).toEqual([]);
  });
});
