import { globSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const projectRoot = join(import.meta.dirname, '..', '..');

const folders = 'src|test|packages|scripts|web|docs';
const probes = 'test/architecture/probes/**';

/** Code whose comments may cite something. */
export const codeFiles = globSync('{src,test,packages,scripts,web/src}/**/*.{ts,tsx,mts,mjs}', {
  cwd: projectRoot,
  exclude: [probes, '**/node_modules/**', '**/dist/**'],
});
/** Documents. The changelog is history: what it names may be gone. */
export const documents = globSync(['*.md', 'docs/**/*.md', 'packages/*/*.md'], {
  cwd: projectRoot,
  exclude: ['CHANGELOG.md'],
});

const files = globSync(`{${folders.replaceAll('|', ',')}}/**/{*.*,Dockerfile}`, {
  cwd: projectRoot,
  exclude: ['**/node_modules/**', '**/dist/**'],
});
/** With the folder that a build makes. */
const known = [...files, ...globSync('{*,.*}', { cwd: projectRoot }), 'web/dist'];

/** A file or a folder of the project; of a test also without its suffix. */
const exists = (path: string): boolean =>
  known.some((file) => file === path || file.startsWith(`${path}/`) || file.startsWith(`${path}.`));

/** Comments keep their place in the file, so that line numbers stay true; everything else becomes blank. */
export function commentsOf(code: string): string {
  const comment = /(?<![^\s;{}(,])\/\*[\s\S]*?\*\/|(?<![^\s;{}(,])\/\/[^\n]*/g;
  let kept = '';
  let end = 0;
  for (const { 0: text, index } of code.matchAll(comment)) {
    kept += code.slice(end, index).replace(/[^\n]/g, ' ') + text;
    end = index + text.length;
  }
  return kept;
}

interface Target {
  /** Numbers of headings, and of the rows of tables that begin with a number. */
  sections: Set<string>;
  /** How links name its headings. */
  anchors: Set<string>;
  /** Numbers of the items of its checklist. */
  checklist: Set<string>;
}

const targets = new Map<string, Target>();

function targetOf(path: string): Target {
  const found = targets.get(path) ?? read(path);
  targets.set(path, found);
  return found;
}

function read(path: string): Target {
  const text = readFileSync(join(projectRoot, path), 'utf8').replace(/^```[\s\S]*?^```/gm, '');
  const headings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading);
  const numbered = [...headings, ...[...text.matchAll(/^\| (\d+\.\d+) /gm)].map(([, number = '']) => number)];
  const [, checklist = ''] = text.split(/^#+ Checklist.*$/m);
  return {
    sections: new Set(numbered.flatMap((heading) => /^\d+(?:\.\d+)*(?=\.? |\.?$)/.exec(heading)?.[0] ?? [])),
    anchors: new Set(headings.map(anchorOf)),
    checklist: new Set([...checklist.matchAll(/^(\d+)\. /gm)].map(([, number = '']) => number)),
  };
}

const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const numbers = String.raw`\d+(?:\.\d+)*(?:(?:, (?:and )?| and |-|–| to )\d+(?:\.\d+)*)*`;
const documentForm = new RegExp(
  String.raw`(?<![\w*-])((?:\.{1,2}\/)*[\w./-]*\w\.md)\b(?:#([\w-]+))?\`?\)?(?:,? (?:section )?(${numbers})(?![\w%]))?(?:[\s\S]{0,8}?checklist (\d+))?`,
  'g',
);

/** Where a document stands that is cited from a file: beside it, or named from the top of the project. */
function documentAt(cited: string, from: string): string | null {
  const beside = posix.normalize(posix.join(posix.dirname(from), cited));
  const candidates = from.endsWith('.md') ? [beside, cited] : [cited];
  return candidates.find((path) => path.endsWith('.md') && known.includes(path)) ?? null;
}

function* brokenDocuments(text: string, from: string): Generator<Broken> {
  for (const { 0: whole, 1: cited = '', 2: anchor, 3: sections, 4: item, index } of text.matchAll(documentForm)) {
    const path = documentAt(cited, from);
    const target = path && targetOf(path);
    const missing = sections?.match(/\d+(?:\.\d+)*/g)?.some((section) => target && !target.sections.has(section));
    if (!target || missing) yield { index, cited: whole };
    else if (anchor && !target.anchors.has(anchor)) yield { index, cited: whole };
    else if (item && !target.checklist.has(item)) yield { index, cited: whole };
  }
}

function* brokenAnchors(text: string, from: string): Generator<Broken> {
  if (!from.endsWith('.md')) return;
  for (const { 0: cited, 1: anchor = '', index } of text.matchAll(/\]\(#([\w-]+)\)/g)) {
    if (!targetOf(from).anchors.has(anchor)) yield { index, cited };
  }
}

function* brokenDecisions(text: string): Generator<Broken> {
  for (const { 0: cited, 1: list = '', index } of text.matchAll(/\bdecisions? (\d+(?:(?:, | and )\d+)*)\b/gi)) {
    const missing = list
      .match(/\d+/g)
      ?.some((number) => !files.some((file) => file.startsWith(`docs/decisions/${number.padStart(4, '0')}-`)));
    if (missing) yield { index, cited };
  }
}

/** Paths from the top of the project, and shorter ones of source files. Patterns and placeholders are no paths. */
function* brokenPaths(text: string): Generator<Broken> {
  const fromTheTop = new RegExp(String.raw`(?<![\w/.$}<-])(?:${folders})\/[\w./-]*\w(?![\w.\/-]*[*<{])`, 'g');
  for (const { 0: cited, index } of text.matchAll(fromTheTop)) if (!exists(cited)) yield { index, cited };
  for (const { 0: cited, index } of text.matchAll(/(?<![\w/.@*…<>}-])[\w-]+(?:\/[\w.-]+)*\.tsx?\b(?![*<{])/g)) {
    if (!files.some((file) => file === cited || file.endsWith(`/${cited}`))) yield { index, cited };
  }
}

interface Broken {
  index: number;
  cited: string;
}

/** Every citation in a text that leads nowhere, as `file:line cited`. */
export function brokenCitations(text: string, from: string): string[] {
  // An address of another site is not ours to follow.
  const own = text.replace(/https?:\/\/[^\s)>`'"]+/g, (address) => ' '.repeat(address.length));
  const broken = [
    ...brokenDocuments(own, from),
    ...brokenAnchors(own, from),
    ...brokenDecisions(own),
    ...brokenPaths(own),
  ];
  const line = (index: number) => own.slice(0, index).split('\n').length;
  return [...new Set(broken.map(({ index, cited }) => `${from}:${line(index)} ${cited}`))];
}
