import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { brokenCitations, codeFiles, commentsOf, documents, projectRoot } from '../support/citations.js';

const textOf = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');
const inCode = (comment: string): string[] => brokenCitations(comment, 'src/main.ts');

/** The last column of the first table of docs/security.md. */
const namedBySecurity = textOf('docs/security.md')
  .split('\n')
  .filter((line) => /^\| V\d/.test(line))
  .flatMap((line) => [...(line.split('|').at(-2) ?? '').matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
/** An id in the titles of tests, a command, or another file. */
const isNoTest = (name: string): boolean => /^([A-I]\d{1,2}|R-\d\d)$|^npm run |\.json$/.test(name);

describe('Citations', () => {
  it('in comments lead to something in the project', () => {
    expect(codeFiles.length).toBeGreaterThan(500);
    expect(codeFiles.flatMap((file) => brokenCitations(commentsOf(textOf(file)), file))).toEqual([]);
  });

  it('in documents lead to something in the project', () => {
    expect(documents.length).toBeGreaterThan(20);
    expect(documents.flatMap((file) => brokenCitations(textOf(file), file))).toEqual([]);
  });

  it('of tests in docs/security.md name tests that exist', () => {
    const tests = codeFiles.map((file) => basename(file)).filter((file) => file.endsWith('spec.ts'));
    const exists = (name: string): boolean =>
      tests.some((file) => (name.endsWith('*') ? file.startsWith(name.slice(0, -1)) : file.startsWith(`${name}.`)));
    expect(namedBySecurity.length).toBeGreaterThan(60);
    expect(namedBySecurity.filter((name) => !isNoTest(name) && !exists(name))).toEqual([]);
  });

  it.each([
    'docs/certn-api.md 2.4',
    'docs/certn-api.md 1.2, 1.3, checklist 3',
    'docs/certn-api.md 5.2-5.4',
    '`docs/certn-api.md` 7.12',
    'decision 5',
    'decisions 5 and 16',
    'test/architecture/citations.spec.ts',
    'test/architecture/citations',
    'kernel/caller.ts',
    'https://centric-api-docs.certn.co/reference/cases.md 9',
    'src/contexts/<context>/application',
  ])('that lead somewhere are accepted: %s', (comment) => {
    expect(inCode(comment)).toEqual([]);
  });

  it.each([
    'certn-api.md 2.4',
    'docs/certn-api.md 2.99',
    'docs/certn-api.md 1.2, 9.9',
    'docs/certn-api.md 2.2, checklist 99',
    'docs/reliability.md 3, rule 7',
    'reliability.md',
    ...['rest-api', 'product', 'design', 'console', 'next-api', 'vocabulary', 'style'].map((name) => `${name}.md`),
    'decision 99',
    'docs/flows.md#no-such-heading',
    'test/flows/no-such-story',
    'kernel/no-such-file.ts',
  ])('that lead nowhere are found: %s', (comment) => {
    expect(inCode(comment)).toHaveLength(1);
  });

  it('are searched in comments only, at their place', () => {
    const [line, block] = ['// a comment', '/* another */'];
    expect(commentsOf(`const a = '#'; ${line}\n${block} b('src/*');`)).toBe(`               ${line}\n${block}`);
  });
});
