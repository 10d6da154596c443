import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { checkout } from './local-run.ts';

interface Measured {
  name: string;
  lines: number;
}

function sourceFiles(): string[] {
  const exclude = ['**/*spec.ts', '**/migrations/**', 'web/src/api/schema.ts'];
  return globSync(['src/**/*.ts', 'web/src/**/*.{ts,tsx}'], { cwd: checkout, exclude }).sort();
}

function linesOf(file: string): Measured {
  return { name: file, lines: readFileSync(join(checkout, file), 'utf8').trimEnd().split('\n').length };
}

/** Functions, methods and constructors with a body. A callback counts as part of the function that contains it. */
function functionsIn(file: string): Measured[] {
  const source = ts.createSourceFile(file, readFileSync(join(checkout, file), 'utf8'), ts.ScriptTarget.Latest, true);
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

function row(what: string, value: string | number, aim: string): void {
  console.log(`${what.padEnd(34)}${String(value).padStart(8)}   ${aim}`);
}

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
      const names = readFileSync(join(checkout, file), 'utf8').matchAll(pattern);
      return [...names].map(([, name]) => `${context}: ${name}`);
    });
  const ports = classesIn(
    ['src/kernel/ports.ts', 'src/contexts/**/domain/*.ts'],
    /^export abstract class (\w+)/gm,
    /contexts\/([^/]+)/,
  );
  const fakes = classesIn(['test/fakes/**/*.ts'], /class Fake\w+ extends (\w+)/g, /fakes\/([^/]+)\//);
  const ofProvider = classesIn(['test/support/fake-*.ts'], /class Fake\w+ extends (\w+)/g, /^$/);
  return { ports, faked: new Set([...fakes, ...ofProvider.map((name) => name.replace('kernel', 'integrations'))]) };
}

const { ports, faked } = portsAndFakes();
const without = ports.filter((port) => !faked.has(port));
row('ports', ports.length, '');
row('ports with a fake', ports.length - without.length, '');
for (const port of without) console.log(`  without a fake: ${port}`);
