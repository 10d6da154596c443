import { existsSync, globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const web = join(import.meta.dirname, '..', '..');
const library = dirname(createRequire(join(web, 'package.json')).resolve('@mantine/core/styles.css'));

/** The library's components that files here import. */
function componentsInUse(): string[] {
  const files = globSync('src/**/*.tsx', { cwd: web }).map((file) => readFileSync(join(web, file), 'utf8'));
  const imports = files.flatMap((text) => [...text.matchAll(/import \{([^}]*)\} from '@mantine\/core'/g)]);
  const names = imports.flatMap(([, list = '']) => list.split(',').map((name) => name.trim()));
  return [...new Set(names)].filter((name) => existsSync(join(library, 'styles', `${name}.layer.css`)));
}

it('includes the styles of every component in use', () => {
  const styles = readFileSync(join(import.meta.dirname, 'styles.ts'), 'utf8');
  const components = componentsInUse();
  expect(components).toContain('Button');
  expect(components.filter((name) => !styles.includes(`/styles/${name}.layer.css`))).toEqual([]);
});
