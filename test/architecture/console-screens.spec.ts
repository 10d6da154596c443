import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { consoleScreens } from '../../src/console-screens.js';

const web = join(import.meta.dirname, '..', '..', 'web', 'src');
const paths = globSync('**/routes.tsx', { cwd: web }).flatMap((file) =>
  [...readFileSync(join(web, file), 'utf8').matchAll(/path: '(\/[^']*)'/g)].map(([, path = '']) => path),
);
/** Routes below a route with parameters say only what they add. */
const below = ['/plan', '/pipeline'];

describe('The addresses of the console', () => {
  it('are served, so that a reload or a link opens the screen, and no others are', () => {
    const first = paths.filter((path) => !below.includes(path)).map((path) => `/${path.split('/')[1] ?? ''}`);
    expect([...new Set(first)].sort()).toEqual([...consoleScreens].sort());
  });
});
