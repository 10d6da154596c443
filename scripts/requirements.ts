import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { checkout } from './local-run.ts';

interface Requirement {
  id: string;
  what: string;
  provenBy: string;
}

/** The table of docs/requirements.md. */
function requirements(): Requirement[] {
  const lines = readFileSync(join(checkout, 'docs', 'requirements.md'), 'utf8').split('\n');
  return lines.flatMap((line) => {
    const [, id = '', what = '', provenBy = ''] = line.split('|').map((cell) => cell.trim());
    return /^R-\d\d$/.test(id) ? [{ id, what, provenBy }] : [];
  });
}

/** Which tests name which requirement. A skipped test proves nothing and does not count. */
function namedInTests(): Map<string, string[]> {
  const named = new Map<string, string[]>();
  const files = globSync('{src,test}/**/*{.,-}spec.ts', {
    cwd: checkout,
    exclude: ['test/architecture/probes/**'],
  });
  for (const file of files) {
    for (const name of testNames(file)) {
      for (const [id] of name.matchAll(/R-\d\d/g)) named.set(id, [...(named.get(id) ?? []), `${file}: ${name}`]);
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

const all = requirements();
const named = namedInTests();
const unproven = all.filter(({ id, provenBy }) => provenBy === 'test' && !named.has(id));
const onlyOnScreen = all.filter(({ id, provenBy }) => provenBy === 'console' && !named.has(id));
const unknown = [...named.keys()].filter((id) => !all.some((requirement) => requirement.id === id));

if (process.argv.includes('--list')) {
  for (const { id, what } of all) console.log([`${id}  ${what}`, ...(named.get(id) ?? [])].join('\n        '));
}
console.log(`${all.length} requirements, ${all.filter(({ id }) => named.has(id)).length} named by tests.`);
console.log(`For the console to show: ${onlyOnScreen.map(({ id }) => id).join(', ') || 'none'}.`);
for (const { id, what } of unproven) console.error(`No test names ${id}: ${what}`);
for (const id of unknown) console.error(`Tests name ${id}, which docs/requirements.md does not know.`);
process.exitCode = all.length === 0 || unproven.length + unknown.length > 0 ? 1 : 0;
