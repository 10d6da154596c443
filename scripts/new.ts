import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import nodePlop from 'node-plop';
import { activity } from './new/activity.ts';
import { context } from './new/context.ts';
import { Draft, Refused } from './new/draft.ts';
import { addImport, addTo } from './new/edits.ts';
import { eventHandler } from './new/event-handler.ts';
import { type Answers, type Kind, read, type Step } from './new/kind.ts';
import { screen } from './new/screen.ts';
import { useCase } from './new/use-case.ts';
import { vendor } from './new/vendor.ts';

// `npm run new`: writes the skeleton of something new with its failing test, and enters it wherever it must be listed.

/** A kind is a line here, a file in `scripts/new/` and its templates in `docs/templates/`. */
const kinds: Readonly<Record<string, Kind>> = {
  'use-case': useCase,
  'event-handler': eventHandler,
  reaction: eventHandler,
  context,
  vendor,
  activity,
  screen,
};

const root = resolve(import.meta.dirname, '..');

function usage(): string {
  const lines = [...new Set(Object.values(kinds))].map((kind) => `  npm run new -- ${kind.usage}`);
  return ['Usage:', ...lines, '', 'docs/extending.md explains each.'].join('\n');
}

function optionsOf(kind: Kind, args: string[]): { name: string; options: Record<string, string | undefined> } {
  const options = Object.fromEntries(kind.options.map((option) => [option, { type: 'string' as const }]));
  const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
  const [name = '', ...more] = positionals;
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) throw new Refused(`A name is in kebab-case, such as archive-job.`);
  if (more.length > 0) throw new Refused(`Only one name: "${more.join(' ')}" is too much.`);
  return { name, options: values };
}

/** Applies the steps to the draft: the actions of node-plop, which renders the templates. */
async function draftOf(kind: Kind, answers: Answers): Promise<Draft> {
  const plop = await nodePlop('', { destBasePath: root, force: false });
  const draft = new Draft(root);
  const render = (template: string): string => plop.renderString(template, answers);
  const apply = (step: Step): void => {
    const path = render(step.path);
    if (step.type === 'create') draft.create(path, render(read(root, join('docs/templates', step.template))));
    if (step.type === 'import') draft.change(path, (text) => addImport(text, render(step.names), render(step.from)));
    if (step.type === 'list') draft.change(path, (text) => addTo(text, step.opening, render(step.entry)));
    if (step.type === 'change') draft.change(path, (text) => step.change(text, render));
  };
  const actions = kind.steps(answers).map((step) => async () => {
    apply(step);
    return step.path;
  });
  const { failures } = await plop.setGenerator(kind.usage, { actions }).runActions(answers);
  if (failures[0]) throw new Refused(failures[0].error);
  return draft;
}

async function main([what = '', ...args]: string[]): Promise<void> {
  const kind = Object.hasOwn(kinds, what) ? kinds[what] : undefined;
  if (!kind) throw new Refused(usage());
  const { name, options } = optionsOf(kind, args);
  const answers = kind.prepare(name, options, root);
  const { created, changed } = await (await draftOf(kind, answers)).write();
  const [program, ...programArgs] = kind.afterwards?.(answers) ?? [];
  if (program !== undefined) {
    const { status } = spawnSync(program, programArgs, { cwd: root, stdio: 'ignore' });
    if (status !== 0) throw new Error(`${program} ${programArgs.join(' ')} failed. Run it again.`);
  }
  const ran = program === undefined ? [] : [`  ran      ${[program, ...programArgs].join(' ')}`];
  const lines = [
    ...created.map((path) => `  new      ${path}`),
    ...changed.map((path) => `  changed  ${path}`),
    ...ran,
  ];
  console.log([...lines, '', 'Now:', ...kind.next(answers).map((step) => `  ${step}`)].join('\n'));
}

/** What `parseArgs` throws is the person's mistake, as a wrong name is. */
const isMistake = (error: unknown): error is Error =>
  error instanceof Refused ||
  (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!isMistake(error)) throw error;
  console.error(`${error instanceof Refused ? error.message : `${error.message}\n\n${usage()}`}\nNothing was written.`);
  process.exitCode = 1;
}
