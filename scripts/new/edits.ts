import { Refused } from './draft.ts';

const closing: Record<string, string> = { '[': ']', '{': '}', '`': '`' };

/** Where what was opened at `start` (a bracket or a backtick) is closed. */
function closeOf(text: string, start: number): number {
  const open = text.charAt(start);
  const close = closing[open];
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const here = text.charAt(at);
    if (here === close && (open === close ? at > start : depth === 1)) return at;
    if (here === open) depth += 1;
    else if (here === close) depth -= 1;
  }
  throw new Refused(`What begins at ${start} with ${open} does not end.`);
}

/** Adds an entry to the end of the list, object or text that `opening` begins. `opening` ends with its bracket or backtick. */
export function addTo(text: string, opening: string, entry: string): string {
  const start = text.indexOf(opening);
  if (start < 0) throw new Refused(`There is no "${opening}" to add to.`);
  const close = closeOf(text, start + opening.length - 1);
  const before = text.slice(0, close).trimEnd();
  if (opening.endsWith('`')) return `${before}\n\n${entry}\n${text.slice(close)}`;
  const comma = /[[{,]$/.test(before) ? '' : ',';
  return `${before}${comma}\n${entry},\n${text.slice(close)}`;
}

const anImport = /^import (?:type )?[^;]*? from '([^']+)';$/gm;

/** Imports `names` (with braces) from a module: into an import that is there, else in alphabetical order. */
export function addImport(text: string, name: string, from: string): string {
  const present = `} from '${from}';`;
  const at = text.indexOf(present);
  if (at >= 0) return `${text.slice(0, at).trimEnd().replace(/,$/, '')}, ${name} ${text.slice(at)}`;
  const line = `import { ${name} } from '${from}';\n`;
  const imports = [...text.matchAll(anImport)];
  const relative = imports.filter(([, module = '']) => module.startsWith('.') === from.startsWith('.'));
  const after = relative.find(([, module = '']) => module > from);
  if (after) return text.slice(0, after.index) + line + text.slice(after.index);
  const last = relative.at(-1) ?? imports.at(-1);
  const end = last ? last.index + last[0].length + 1 : 0;
  return text.slice(0, end) + line + text.slice(end);
}

/** Puts `part` before the last place where `anchor` stands. */
export function addBefore(text: string, anchor: string, part: string): string {
  const at = text.lastIndexOf(anchor);
  if (at < 0) throw new Refused(`There is no "${anchor.trim()}" to add before.`);
  return text.slice(0, at) + part + text.slice(at);
}
