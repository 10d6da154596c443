import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from './draft.ts';

/** What templates and steps know: the name, the options, and what the kind finds out from them. */
export type Answers = Record<string, unknown> & { name: string };

/** One step. Paths, entries and names are templates, too. */
export type Step =
  | { type: 'create'; path: string; template: string }
  | { type: 'import'; path: string; names: string; from: string }
  | { type: 'list'; path: string; opening: string; entry: string }
  | { type: 'change'; path: string; change: (text: string, render: (template: string) => string) => string };

/** A kind of thing that `npm run new` writes. */
export interface Kind {
  /** `npm run new -- <this>`. */
  readonly usage: string;
  /** The names of its options; every one takes a value. */
  readonly options: readonly string[];
  /** Checks name and options, and adds what the templates need. Throws `Refused`. */
  prepare(name: string, options: Readonly<Record<string, string | undefined>>, root: string): Answers;
  steps(answers: Answers): Step[];
  /** Program to run after the files are written: what is generated from them. */
  readonly afterwards?: (answers: Answers) => readonly string[];
  /** What a person has to do now. */
  next(answers: Answers): string[];
}

export const read = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

interface Place {
  folder: string;
  module: string;
  /** From its layers to the top of the project. */
  top: string;
}

/** The folder of a context, or of a room of `integrations`, with the path of its module. */
export function contextIn(root: string, context: string | undefined): Place {
  if (!context || !/^[a-z-]+(\/[a-z-]+)?$/.test(context)) throw new Refused('Say where: --in <context>.');
  const folder = `src/contexts/${context}`;
  const module = `${folder}/${context.split('/').at(-1)}.module.ts`;
  if (!existsSync(join(root, module))) throw new Refused(`There is no ${module}.`);
  if (existsSync(join(root, folder, 'application')))
    return { folder, module, top: '../'.repeat(folder.split('/').length + 1) };
  throw new Refused(`${folder} has no application/. Name one of its rooms: --in ${context}/<room>.`);
}

/** A provider of a module: into the list `name`, if the module has one, else into its providers. */
export function provider(root: string, module: string, name: string, listName: string, from: string): Step[] {
  const own = `const ${listName} = [`;
  const opening = read(root, module).includes(own) ? own : '\n  providers: [';
  return [
    { type: 'import', path: module, names: name, from },
    { type: 'list', path: module, opening, entry: name },
  ];
}

export const words = (kebab: string): string => kebab.replaceAll('-', ' ');
export const snake = (kebab: string): string => kebab.replaceAll('-', '_');
