import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { activities } from '../../src/contexts/interview-planning/activities/index.js';
import { codeFiles, projectRoot } from '../support/citations.js';

const kinds = 'src/contexts/interview-planning/activities';
const drawings = 'web/src/activities';
const types = activities.map(({ type }) => type);
/** What the console calls them. */
const shownTypes = new Set(activities.map(({ type, shownAs }) => shownAs?.type ?? type));

/** Where a kind may be named: its folders, the two registries, what was released, and the API's description. */
const own = [
  `${kinds}/index.ts`,
  `${drawings}/index.ts`,
  ...types.map((type) => `${kinds}/${type}/`),
  ...[...shownTypes].map((type) => `${drawings}/${type}/`),
];
const mayName = (file: string): boolean =>
  own.some((path) => file.startsWith(path)) || /\/migrations\/|[.-]spec\.ts$|^web\/src\/api\/schema\.ts$/.test(file);

/** A type in quotes, and one of several words wherever it stands. */
const naming = (text: string): string[] =>
  types.filter((type) => new RegExp(`(['"\`])${type}\\1${type.includes('_') ? `|${type}` : ''}`).test(text));

const foldersIn = (path: string): string[] =>
  readdirSync(join(projectRoot, path), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

describe('A kind of activity', () => {
  it('has a folder of its name in the service and in the console, and no folder is without its line', () => {
    expect(foldersIn(kinds).sort()).toEqual([...types].sort());
    expect(foldersIn(drawings).sort()).toEqual([...shownTypes].sort());
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
    ["where type = 'certn_background_check'", ['certn_background_check']],
    ['// certn_background_check stands here', ['certn_background_check']],
    ['/** Every task of an interview plan. */', []],
    ["fetch('/interview_plan')", []],
  ])('is found in %s', (text, expected) => {
    expect(naming(text)).toEqual(expected);
  });
});
