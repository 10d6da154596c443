import { existsSync, globSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';
import { Refused } from './draft.ts';
import { contextIn, type Kind, provider, read } from './kind.ts';

interface Rule {
  name: string;
  to: { pathNot?: string | string[] };
}

/** Whether the boundaries let a context import another. */
function knows(root: string, context: string, other: string): boolean {
  const { forbidden } = createRequire(import.meta.url)(join(root, '.dependency-cruiser.cjs')) as { forbidden: Rule[] };
  const rule = forbidden.find(({ name }) => name.startsWith(`${context}-knows-`));
  return new RegExp(String(rule?.to.pathNot)).test(`src/contexts/${other}/`);
}

const pascal = (kebab: string): string => kebab.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());

const contextOf = (path: string): string => path.split('/')[2] ?? '';

/** Values for the constructor of an event, by type. Payloads hold ids. */
const samples: Readonly<Record<string, string>> = { string: `'team'`, Id: 'anId()', number: '1', boolean: 'true' };

/** Where an event is published: in the contract of any context, or among the own context's events. */
function published(root: string, event: string, context: string): { file: string; fields: string[] } {
  const own = `src/contexts/${context}/**/domain/events.ts`;
  const files = globSync(['src/contexts/*/contract.ts', 'src/contexts/*/contract/*.ts', own], { cwd: root });
  const start = `export class ${event} {`;
  const file = files.find((path) => read(root, path).includes(start));
  const [, rest = ''] = file ? read(root, file).split(start) : [];
  const body = rest.split('\n}')[0] ?? '';
  if (!file || !body.includes('wireName')) {
    throw new Refused(`No contract publishes ${event}. It must be a class with a wireName there: --event <Event>.`);
  }
  return { file, fields: [...body.matchAll(/readonly \w+: ([^,)=]+)/g)].map(([, type = '']) => type.trim()) };
}

export const eventHandler: Kind = {
  usage: 'event-handler <what-it-does> --in <context>[/<room>] --event <Event>   (also: reaction)',
  options: ['in', 'event'],

  prepare(name, options, root) {
    const { folder, module, top } = contextIn(root, options.in);
    const event = options.event ?? '';
    const context = contextOf(folder);
    const { file, fields } = published(root, event, context);
    const foreign = contextOf(file) !== context;
    if (foreign && !knows(root, context, contextOf(file))) {
      throw new Refused(`${context} does not know ${contextOf(file)} (.dependency-cruiser.cjs).`);
    }
    const near = posix
      .relative(`${folder}/application`, file)
      .replace(/contract\/[^/]+\.ts$/, 'contract.ts')
      .replace(/\.ts$/, '.js');
    const when = `when${event.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    // The first handler of an event has its name alone.
    const taken = existsSync(join(root, folder, `application/${when}.ts`));
    return {
      name,
      root,
      folder,
      module,
      top,
      event,
      from: foreign ? `#contexts/${contextOf(file)}` : near,
      values: fields.map((type) => samples[type] ?? '{} as never').join(', '),
      needsId: fields.includes('Id'),
      ...(taken
        ? { file: `${name}-${when}`, handler: pascal(`${name}-${when}`) }
        : { file: when, handler: pascal(when) }),
    };
  },

  steps: ({ root, folder, module, file }) => [
    {
      type: 'create',
      path: `${folder as string}/application/${file as string}.ts`,
      template: 'event-handler/when.ts.tpl',
    },
    {
      type: 'create',
      path: `${folder as string}/application/${file as string}.spec.ts`,
      template: 'event-handler/when.spec.ts.tpl',
    },
    ...provider(root as string, module as string, '{{handler}}', 'eventHandlers', `./application/${file as string}.js`),
  ],

  next: ({ folder, file }) => [
    `${folder as string}/application/${file as string}.ts: replace "Write me" until its spec passes; until then its jobs fail and wait`,
  ],
};
