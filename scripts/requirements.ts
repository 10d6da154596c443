import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { checkout } from './local-run.ts';

interface Promised {
  id: string;
  what: string;
  provenBy: string;
}

/** A table of promises, and where the tests that name them are. */
interface Table {
  title: string;
  document: string;
  id: RegExp;
  tests: string;
}

const tables: Table[] = [
  { title: 'requirements', document: 'requirements.md', id: /\bR-\d\d\b/g, tests: '{src,test}/**/*{.,-}spec.ts' },
  {
    title: 'faults to survive',
    document: 'reliability.md',
    id: /\b[A-G]\d{1,2}\b/g,
    tests: 'test/faults/**/*-spec.ts',
  },
];

/** The rows of a document's table that begin with an id of this form. */
function promisedIn({ document, id: form }: Table): Promised[] {
  const lines = readFileSync(join(checkout, 'docs', document), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, id = '', what = '', provenBy = ''] = line.split('|').map((cell) => cell.trim());
    return id.match(form)?.[0] === id ? [{ id, what, provenBy }] : [];
  });
}

/** Which tests name which id. A skipped test proves nothing and does not count. */
function namedInTests({ tests, id: form }: Table): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const files = globSync(tests, { cwd: checkout, exclude: ['test/architecture/probes/**'] });
  for (const file of files) {
    for (const name of testNames(file)) {
      for (const [id] of name.matchAll(form)) named.set(id, [...(named.get(id) ?? []), `${file}: ${name}`]);
    }
  }
  return named;
}

function testNames(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(join(checkout, file), 'utf8'), ts.ScriptTarget.Latest, true);
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && isTest(node.expression)) {
      const [name] = node.arguments;
      if (name) names.push(name.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return names;
}

/** `it(…)`, `test(…)`, `describe(…)` and their `.each`, not `.skip` or `.todo`. */
function isTest(callee: ts.Expression): boolean {
  const text = callee.getText();
  return /^(it|test|describe)\b/.test(text) && !/\.(skip|todo)\b/.test(text);
}

/** false: no test name contains the id of some promise. */
function check(table: Table): boolean {
  const all = promisedIn(table);
  const named = namedInTests(table);
  const unproven = all.filter(({ id, provenBy }) => provenBy === 'test' && !named.has(id));
  const elsewhere = all.filter(({ id, provenBy }) => provenBy !== 'test' && !named.has(id));
  if (process.argv.includes('--list')) {
    for (const { id, what } of all) console.log([`${id}  ${what}`, ...(named.get(id) ?? [])].join('\n        '));
  }
  console.log(`${all.length} ${table.title}, ${all.filter(({ id }) => named.has(id)).length} named by tests.`);
  for (const { id, provenBy } of elsewhere) console.log(`  ${id}: ${provenBy}`);
  for (const { id, what } of unproven) console.error(`No test names ${id}: ${what}`);
  return all.length > 0 && unproven.length === 0;
}

function unknownRequirements(): string[] {
  const [requirements] = tables;
  if (!requirements) return [];
  const known = promisedIn(requirements).map(({ id }) => id);
  return [...namedInTests(requirements).keys()].filter((id) => !known.includes(id));
}

const complete = tables.map(check).every(Boolean);
const unknown = unknownRequirements();
for (const id of unknown) console.error(`Tests name ${id}, which docs/requirements.md does not know.`);
process.exitCode = complete && unknown.length === 0 ? 0 : 1;
