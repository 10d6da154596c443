import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import ts from 'typescript';
import { percentOf, scores } from '../test/mutation/score.ts';
import { checkout } from './local-run.ts';

interface Measured {
  name: string;
  lines: number;
}

function sourceFiles(): string[] {
  const exclude = ['**/*spec.ts', '**/migrations/**'];
  return globSync(['src/**/*.ts', 'web/src/**/*.{ts,tsx}'], { cwd: checkout, exclude }).sort();
}

function linesOf(file: string): Measured {
  return { name: file, lines: read(file).trimEnd().split('\n').length };
}

/** Functions, methods and constructors with a body. A callback counts as part of the function that contains it. */
function functionsIn(file: string): Measured[] {
  const source = ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true);
  const found: Measured[] = [];
  const visit = (node: ts.Node): void => {
    const name = functionName(node);
    if (name === undefined) {
      ts.forEachChild(node, visit);
      return;
    }
    const from = source.getLineAndCharacterOfPosition(node.getStart()).line;
    const to = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    found.push({ name: `${file} ${name}`, lines: to - from + 1 });
  };
  visit(source);
  return found;
}

function functionName(node: ts.Node): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  const named = ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node);
  if (named) return node.body && node.name ? node.name.getText() : undefined;
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  return value && ts.isArrowFunction(value) ? (node as ts.VariableDeclaration).name.getText() : undefined;
}

function at(sorted: Measured[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.lines ?? 0;
}

function row(what: string, value: string | number, aim = ''): void {
  console.log(`${what.padEnd(44)}${String(value).padStart(8)}   ${aim}`.trimEnd());
}

const read = (file: string): string => readFileSync(join(checkout, file), 'utf8');

function table(kind: string, measured: Measured[], aims: [string, string, string]): void {
  const sorted = measured.toSorted((a, b) => a.lines - b.lines);
  row(`lines per ${kind}, median`, at(sorted, 0.5), aims[0]);
  row(`lines per ${kind}, p90`, at(sorted, 0.9), aims[1]);
  row(`largest ${kind}`, at(sorted, 1), `${aims[2]}   ${sorted.at(-1)?.name ?? ''}`);
}

const files = sourceFiles().map(linesOf);
const tiny = files.filter(({ lines }) => lines <= 15).length;
row('src/, without specs, migrations', files.length, 'aim');
table('file', files, ['40–70', '≤ 150', '≤ 250']);
row('files of ≤ 15 lines', `${Math.round((100 * tiny) / Math.max(1, files.length))} %`, '≤ 15 %');
table('function', sourceFiles().flatMap(functionsIn), ['≤ 10', '≤ 25', '≤ 50']);

/** Ports by context, and those among them that a fake extends. */
function portsAndFakes(): { ports: string[]; faked: Set<string> } {
  const classesIn = (patterns: string[], pattern: RegExp, contextOf: RegExp): string[] =>
    globSync(patterns, { cwd: checkout, exclude: ['**/*spec.ts'] }).flatMap((file) => {
      const context = contextOf.exec(file)?.[1] ?? 'kernel';
      const names = read(file).matchAll(pattern);
      return [...names].map(([, name]) => `${context}: ${name}`);
    });
  const ports = classesIn(
    ['src/kernel/ports.ts', 'src/contexts/**/domain/*.ts'],
    /^export abstract class (\w+)/gm,
    /contexts\/([^/]+)/,
  );
  const fakes = classesIn(['test/fakes/**/*.ts'], /class Fake\w+ extends (\w+)/g, /fakes\/([^/]+)\//);
  const ofProvider = classesIn(['test/support/fake-*.ts'], /class Fake\w+ extends (\w+)/g, /^$/);
  // These run in specs as they are: a use case or an activity that implements a port, and a port that includes another.
  const ownRules = classesIn(
    ['src/contexts/*/{domain,application,activities}/**/*.ts', 'src/contexts/*/*/{domain,application}/**/*.ts'],
    /class \w+ (?:extends|implements) (\w+)/g,
    /contexts\/([^/]+)/,
  );
  const faked = [...fakes, ...ofProvider.map((name) => name.replace('kernel', 'integrations')), ...ownRules];
  return { ports, faked: new Set(faked) };
}

const { ports, faked } = portsAndFakes();
const without = ports.filter((port) => !faked.has(port));
row('ports', ports.length, '');
row('ports with a fake', ports.length - without.length, '');
for (const port of without) console.log(`  without a fake: ${port}`);

/** Lines of the product that name a vendor outside of the vendors' folders. */
function vendorNames(): { lines: number; files: number } {
  const folder = 'src/contexts/integrations/vendors/';
  const vendors = globSync(`${folder}*/index.ts`, { cwd: checkout }).map((file) => dirname(file).slice(folder.length));
  const name = new RegExp(vendors.join('|'), 'i');
  const perFile = sourceFiles()
    .filter((file) => !file.startsWith(folder))
    .map(
      (file) =>
        read(file)
          .split('\n')
          .filter((line) => name.test(line)).length,
    )
    .filter((lines) => lines > 0);
  return { lines: perFile.reduce((sum, lines) => sum + lines, 0), files: perFile.length };
}

const named = vendorNames();
row('lines that name a vendor elsewhere', named.lines, `0   in ${named.files} files`);

/** What was added one day, by its folders, and which files of the product outside of them know it. */
function addition(what: string, folders: string[], knows: RegExp): void {
  const inside = globSync(
    folders.map((folder) => `${folder}/**/*.{ts,tsx}`),
    { cwd: checkout, exclude: ['**/*spec.ts'] },
  );
  const outside = sourceFiles().filter((file) => !inside.includes(file) && knows.test(read(file)));
  row(`files of ${what}`, inside.length);
  row(`files outside that know ${what}`, outside.length, `a line in each list   ${outside.join(', ')}`);
}

addition('the second vendor', ['test/vendors/plainscreen'], /plainscreen/i);
addition(
  'the activity "task"',
  ['src/contexts/interview-planning/activities/task', 'web/src/activities/task'],
  /'\.\/task\//,
);

/** The unit specs, run once. */
function unitSpecs(): void {
  const begun = performance.now();
  const args = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];
  const chosen = ['--selectProjects', 'unit', '--maxWorkers=3', '--silent', '--json'];
  const { stdout } = spawnSync(process.execPath, [...args, ...chosen], {
    cwd: checkout,
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  const seconds = (performance.now() - begun) / 1000;
  const { numPassedTests, numFailedTests } = JSON.parse(stdout) as Record<'numPassedTests' | 'numFailedTests', number>;
  row('unit specs', numPassedTests + numFailedTests, `≥ 500   ${numFailedTests} fail`);
  row('their seconds', seconds.toFixed(1), '< 10');
}

unitSpecs();

for (const [piece, score] of Object.entries(scores())) {
  const { mutants, date, commit } = score;
  row(`mutants killed in ${piece}`, `${percentOf([score]).toFixed(1)} %`, `≥ 80 %   of ${mutants}, ${date}, ${commit}`);
}
row('mutants killed', `${percentOf(Object.values(scores())).toFixed(1)} %`, '≥ 80 %   npm run mutate');
