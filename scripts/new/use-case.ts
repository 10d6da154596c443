import { Refused } from './draft.ts';
import { contextIn, type Kind, provider, read, snake, type Step, words } from './kind.ts';

/** What the first part of a path names, and under which tag the API describes it. */
const segments: Readonly<Record<string, { subject: string; tag: string }>> = {
  jobs: { subject: 'job', tag: 'Jobs' },
  candidates: { subject: 'candidate', tag: 'Candidates' },
  applications: { subject: 'application', tag: 'Applications' },
  job_stages: { subject: 'stage', tag: 'Interview plan' },
  job_stage_items: { subject: 'item', tag: 'Interview plan' },
  background_checks: { subject: 'check', tag: 'Background checks' },
  users: { subject: 'user', tag: 'Users' },
};

const callers =
  'admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner'.split(
    ' ',
  );
const places = ['own', 'other', 'secret', 'foreign'];

/** A block of the rights matrix without its answers: they are written by hand, from what is right. */
const unansweredRows = [
  `          ${callers.join(' ')}`,
  ...places.map((place) => `${place.padEnd(8)}${callers.map((caller) => '???'.padStart(caller.length + 1)).join('')}`),
].join('\n');

const sentence = (method: string): string => method.charAt(0) + method.slice(1).toLowerCase();

interface Route {
  method: string;
  segment: string;
  rest: string;
  path: string;
}

function routeIn(given: string | undefined): Route | null {
  if (given === undefined) return null;
  const found = /^(POST|PUT|PATCH|DELETE) (\/(\w+)\/\{id\}(?:\/([a-z_]+))?)$/.exec(given);
  const [, method = '', path = '', segment = '', rest = ''] = found ?? [];
  if (segments[segment]) return { method, path: `/ats/v0${path}`, segment, rest };
  const known = Object.keys(segments).join(', ');
  throw new Refused(`A route is such as "POST /candidates/{id}/flag", and begins with one of: ${known}.`);
}

export const useCase: Kind = {
  usage:
    'use-case <verb-noun> --in <context>[/<room>] [--requires <capability>] [--route "POST /candidates/{id}/flag"]',
  options: ['in', 'requires', 'route'],

  prepare(name, options, root) {
    const [verb = '', ...noun] = name.split('-');
    if (noun.length === 0) throw new Refused('A use case is a verb and a noun, such as archive-job.');
    const capabilities = [...read(root, 'src/kernel/caller.ts').matchAll(/^ {2}(\w+): \{ standard/gm)].map(
      ([, c]) => c,
    );
    const requires = options.requires ?? 'administer_team';
    if (!capabilities.includes(requires)) throw new Refused(`A capability is one of: ${capabilities.join(', ')}.`);
    const route = routeIn(options.route);
    return {
      name,
      root,
      ...contextIn(root, options.in),
      requires,
      entity: snake(noun.join('-')),
      action: `${snake(noun.join('-'))}.${verb}`,
      words: words(name),
      ...(route && { route, decorator: sentence(route.method), ...segments[route.segment] }),
    };
  },

  steps({ name, root, folder, module, route }) {
    const [place, file] = [folder as string, module as string];
    const handler = '{{pascalCase name}}Handler';
    return [
      { type: 'create', path: `${place}/application/${name}.ts`, template: 'use-case/use-case.ts.tpl' },
      { type: 'create', path: `${place}/application/${name}.spec.ts`, template: 'use-case/use-case.spec.ts.tpl' },
      ...provider(root as string, file, handler, 'useCases', `./application/${name}.js`),
      ...(route ? routeSteps(place, file, name, route as Route) : []),
    ];
  },

  afterwards: ({ route }) => (route ? ['npm', 'run', 'client'] : []),

  next: ({ name, folder, route }) => [
    `${folder as string}/application/${name}.ts: replace each "Write me", until its spec passes`,
    ...(route
      ? [
          'test/support/rights/: replace each ??? by the status that is right for that caller',
          'test/support/audited-routes.ts: a request that succeeds',
        ]
      : []),
  ],
};

function routeSteps(folder: string, module: string, name: string, { method, path, rest }: Route): Step[] {
  const controller = '{{pascalCase name}}Controller';
  const label = `${method} ${path}`;
  return [
    {
      type: 'create',
      path: `${folder}/adapters/http/${name}.controller.ts`,
      template: 'use-case/controller.ts.tpl',
    },
    { type: 'import', path: module, names: controller, from: `./adapters/http/${name}.controller.js` },
    { type: 'list', path: module, opening: '\n  controllers: [', entry: controller },
    {
      type: 'list',
      path: 'test/support/rights/job-routes.ts',
      opening: 'jobRoutes = `',
      entry: `${label}\n${unansweredRows}`,
    },
    {
      type: 'list',
      path: 'test/support/audited-routes.ts',
      opening: 'export const auditedRoutes: Record<string, Audited> = {',
      entry: `'${label}': { leaves: ['{{action}}'], ask: async () => ({ path: '/write-me/${rest}' }) }`,
    },
    describedRoute(method, path),
  ];
}

interface Described {
  paths: Record<string, Record<string, Record<string, unknown>>>;
}

/** The answer of the service to `/openapi.json` will hold the same; a test compares them. */
function describedRoute(method: string, path: string): Step {
  return {
    type: 'change',
    path: 'openapi.json',
    change: (text, render) => {
      const document = JSON.parse(text) as Described;
      // It has no refusals of its own either.
      const like = document.paths['/ats/v0/job_stage_items/{id}']?.['delete'];
      const methods = (document.paths[path] ??= {});
      if (methods[method.toLowerCase()]) throw new Refused(`${method} ${path} exists already.`);
      const own = {
        operationId: render('{{camelCase name}}'),
        summary: render('{{sentenceCase words}}'),
        tags: [render('{{tag}}')],
      };
      methods[method.toLowerCase()] = { ...like, ...own };
      return `${JSON.stringify(document, null, 2)}\n`;
    },
  };
}
