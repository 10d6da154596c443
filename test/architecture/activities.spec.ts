import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activities } from '../../src/contexts/interview-planning/activities/index.js';
import { codeFiles, projectRoot } from '../support/citations.js';

const kinds = 'src/contexts/interview-planning/activities';
const drawings = 'web/src/activities';
const types = activities.map(({ type }) => type);

/** Where a kind may be named: its folders, the two registries, what was released, and the API's description. */
const own = [
  `${kinds}/index.ts`,
  `${drawings}/index.ts`,
  ...types.map((type) => `${kinds}/${type}/`),
  ...types.map((type) => `${drawings}/${type}/`),
];
const mayName = (file: string): boolean =>
  own.some((path) => file.startsWith(path)) || /\/migrations\/|[.-]spec\.ts$|^web\/src\/api\/schema\.ts$/.test(file);

/** A type in quotes. What is also the name of a resource counts only where it is said to be a type or a kind. */
const naming = (text: string): string[] =>
  types.filter((type) => new RegExp(`${resources.has(type) ? typed : ''}(['"\`])${type}\\1`).test(text));
const resources: ReadonlySet<string> = new Set(['background_check']);
const typed = '\\b(?:type|kind)\\b[^\\n;,]{0,8}';

const foldersIn = (path: string): string[] =>
  readdirSync(join(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('A kind of activity', () => {
  it('has a folder of its name in the service and in the console, and no folder is without its line', () => {
    expect(foldersIn(kinds).sort()).toEqual([...types].sort());
    expect(foldersIn(drawings).sort()).toEqual([...types].sort());
  });

  it('is named in its folders and the registries only', () => {
    const files = codeFiles.filter((file) => /^(src|web\/src)\//.test(file) && !mayName(file));
    expect(files.length).toBeGreaterThan(300);
    const found = files.flatMap((file) =>
      naming(readFileSync(join(projectRoot, file), 'utf8')).map((type) => `${file}: ${type}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ["if (item.type === 'interview') return;", ['interview']],
    ['const kinds = ["task", `interview`];', ['interview', 'task']],
    ["where kind = 'background_check'", ['background_check']],
    ["if (item.type === 'background_check') return;", ['background_check']],
    ["entity: 'background_check', entityId", []],
    ['/** Every task of an interview plan. */', []],
    ["fetch('/interview_plan')", []],
  ])('is found in %s', (text, expected) => {
    expect(naming(text)).toEqual(expected);
  });
});
