import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refused } from './draft.ts';
import { type Kind, snake, words } from './kind.ts';

/** The name of the rule, as `.dependency-cruiser.cjs` makes it from the contexts that it knows. */
const ruleOf = (name: string, known: readonly string[]): string =>
  `${name}-knows-${known.length === 0 ? 'no-context' : `only-${known.join('-and-')}`}`;

const pascalSchema = '{{camelCase name}}Schema';

export const context: Kind = {
  usage: 'context <name> [--knows <context>,<context>]',
  options: ['knows'],

  prepare(name, { knows }, root) {
    const contexts = readdirSync(join(root, 'src/contexts'));
    const known = knows?.split(',') ?? [];
    const unknown = known.filter((one) => !contexts.includes(one));
    if (unknown.length > 0) throw new Refused(`There is no context ${unknown.join(', ')}.`);
    if (contexts.includes(name)) throw new Refused(`src/contexts/${name} exists already.`);
    return { name, snake: snake(name), words: words(name), known, rule: ruleOf(name, known) };
  },

  steps({ name, rule, known }) {
    const folder = `src/contexts/${name}`;
    const probe = `test/architecture/probes/${rule as string}/src/contexts`;
    const list = (known as string[]).map((one) => `'${one}'`).join(', ');
    return [
      { type: 'create', path: `${folder}/contract.ts`, template: 'context/contract.ts.tpl' },
      { type: 'create', path: `${folder}/index.ts`, template: 'context/index.ts.tpl' },
      { type: 'create', path: `${folder}/${name}.module.ts`, template: 'context/module.ts.tpl' },
      { type: 'create', path: `${folder}/adapters/postgres/schema.ts`, template: 'context/schema.ts.tpl' },
      { type: 'create', path: `${folder}/views/find-${name}.ts`, template: 'context/view.ts.tpl' },
      { type: 'create', path: `${folder}/views/find-${name}.spec.ts`, template: 'context/view.spec.ts.tpl' },
      { type: 'create', path: `${probe}/${name}/views/list.ts`, template: 'context/probe.ts.tpl' },
      { type: 'create', path: `${probe}/elsewhere/index.ts`, template: 'context/index.ts.tpl' },
      { type: 'create', path: `${probe}/elsewhere/contract.ts`, template: 'context/probe-contract.ts.tpl' },
      {
        type: 'import',
        path: 'src/schemas.ts',
        names: pascalSchema,
        from: `./contexts/${name}/adapters/postgres/schema.js`,
      },
      {
        type: 'list',
        path: 'src/schemas.ts',
        opening: 'export const schemas: ContextSchema[] = [',
        entry: pascalSchema,
      },
      {
        type: 'import',
        path: 'src/app.module.ts',
        names: '{{pascalCase name}}Module',
        from: `./contexts/${name}/${name}.module.js`,
      },
      { type: 'list', path: 'src/app.module.ts', opening: '\n  imports: [', entry: '{{pascalCase name}}Module' },
      { type: 'list', path: '.dependency-cruiser.cjs', opening: 'const knows = {', entry: `'${name}': [${list}]` },
    ];
  },

  next: ({ name }) => [
    `src/contexts/${name}/contract.ts first: what other contexts may ask, then views/find-${name}.ts until its spec passes`,
    'docs/language.md: its words; CONTRIBUTING.md: its name in the list of contexts',
  ],
};
