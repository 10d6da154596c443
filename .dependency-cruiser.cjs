// The boundaries of the code. Every rule has a probe in test/architecture/probes/ that must be caught.
const spec = '\\.(db-|flow-)?spec\\.ts$';
const context = '^src/contexts/([^/]+)/';
const own = '^src/contexts/$1/';
/** A context has its layers at its top, or in rooms: `integrations/orders/domain/`. */
const layer = '(?:|[^/]+/)';

/** Each context may import the listed contexts, through their front doors, and no others. */
const knows = {
  access: [],
  hiring: ['access'],
  integrations: ['access'],
  'interview-planning': ['access', 'hiring', 'integrations'],
  'background-checks': ['access', 'hiring', 'interview-planning', 'integrations'],
  'webhook-endpoints': ['hiring', 'integrations', 'background-checks'],
};

const only = (others, none) => (others.length === 0 ? none : `only-${others.join('-and-')}`);
const contextOrder = Object.entries(knows).map(([name, others]) => ({
  name: `${name}-knows-${only(others, 'no-context')}`,
  comment: 'An upstream context publishes and does not know its listeners.',
  severity: 'error',
  from: { path: `^src/contexts/${name}/`, pathNot: spec },
  to: { path: '^src/contexts/', pathNot: `^src/contexts/(${[name, ...others].join('|')})/` },
}));

/** The rooms of integrations, each with those that it may import: the rooms to its left. */
const integrations = '^src/contexts/integrations/';
const rooms = {
  gateway: [],
  connections: ['gateway'],
  orders: ['gateway', 'connections'],
  cases: ['gateway', 'connections', 'orders'],
};
const aRoom = `${integrations}(${Object.keys(rooms).join('|')})/`;

const roomOrder = Object.entries(rooms).map(([name, left]) => ({
  name: `${name}-knows-${only(left, 'no-room')}`,
  comment:
    'What a room needs from its right is a port or an event of its own. No room knows a vendor or the composing module.',
  severity: 'error',
  from: { path: `${integrations}${name}/`, pathNot: spec },
  to: { path: integrations, pathNot: `${integrations}((${[name, ...left].join('|')})/|(contract|settings)\\.ts$)` },
}));

module.exports = {
  forbidden: [
    {
      name: 'everything-resolves',
      comment:
        'An import that does not resolve is invisible to every other rule. What tests import of the build is not there yet.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^[./]+/dist/' },
    },
    {
      name: 'no-cycles',
      comment: 'In the product, the console, the stand-in, the tests and the scripts, types included.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    ...contextOrder,
    ...roomOrder,
    {
      name: 'rooms-enter-by-domain-and-application',
      comment: 'Adapters and views belong to their room alone.',
      severity: 'error',
      from: { path: aRoom, pathNot: ['\\.module\\.ts$', spec] },
      to: { path: aRoom, pathNot: [`${integrations}$1/`, '/(domain|application)/'] },
    },
    {
      name: 'room-modules-import-modules',
      comment: 'The module of a room registers what is in its room, and imports the modules to its left.',
      severity: 'error',
      from: { path: `${aRoom}[^/]+\\.module\\.ts$` },
      to: { path: aRoom, pathNot: [`${integrations}$1/`, '\\.module\\.ts$'] },
    },
    {
      name: 'vendors-know-only-the-gateway',
      comment: 'A vendor implements the port of the gateway, over its HTTP. It knows no other vendor.',
      severity: 'error',
      from: { path: `${integrations}vendors/([^/]+)/`, pathNot: spec },
      to: { path: '^src/contexts/', pathNot: [`${integrations}vendors/$1/`, `${integrations}gateway/(domain|http)/`] },
    },
    {
      name: 'contexts-enter-by-the-front-door',
      comment: 'Another context is its index.ts and nothing deeper.',
      severity: 'error',
      from: { path: context, pathNot: spec },
      to: { path: '^src/contexts/', pathNot: [own, '^src/contexts/[^/]+/index\\.ts$'] },
    },
    {
      name: 'foreign-words-stay-at-the-edges',
      comment:
        'Only event handlers, views, adapters, kinds of activity and the module import the front door of another context.',
      severity: 'error',
      from: {
        path: context,
        pathNot: [
          spec,
          `^src/contexts/[^/]+/${layer}application/.*when-`,
          `^src/contexts/[^/]+/${layer}(views|adapters)/`,
          `^src/contexts/[^/]+/${layer}[^/]+\\.module\\.ts$`,
          '^src/contexts/interview-planning/activities/[^/]+/',
        ],
      },
      to: { path: '^src/contexts/', pathNot: own },
    },
    {
      name: 'outsiders-see-front-door-and-module',
      comment:
        'Files that compose the service import modules. Only schemas.ts and settings.ts import what else their names say.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/contexts/', '^src/(schemas|settings)\\.ts$', spec] },
      to: { path: '^src/contexts/', pathNot: '^src/contexts/[^/]+/(index|[^/]+\\.module)\\.ts$' },
    },
    {
      name: 'schemas-list-schemas',
      severity: 'error',
      from: { path: '^src/schemas\\.ts$' },
      to: { path: '^src/contexts/', pathNot: '^src/contexts/[^/]+/adapters/postgres/schema\\.ts$' },
    },
    {
      name: 'settings-list-settings',
      severity: 'error',
      from: { path: '^src/settings\\.ts$' },
      to: { path: '^src/contexts/', pathNot: '^src/contexts/[^/]+/(settings|[^/]+\\.module)\\.ts$' },
    },
    {
      name: 'front-door-is-the-contract',
      comment: 'index.ts re-exports contract.ts, so nothing of domain or adapters gets out.',
      severity: 'error',
      from: { path: '^src/contexts/([^/]+)/index\\.ts$' },
      to: { pathNot: '^src/contexts/$1/contract\\.ts$' },
    },
    {
      name: 'contract-runs-no-foreign-code',
      comment:
        'Published messages hold primitives and import nothing at run time. `contract/` holds the parts of a long contract.',
      severity: 'error',
      from: { path: '^src/contexts/([^/]+)/contract(\\.ts$|/)' },
      to: { pathNot: ['^src/kernel/', '^src/contexts/$1/contract/'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'contract-is-plain',
      severity: 'error',
      from: { path: '^src/contexts/([^/]+)/contract(\\.ts$|/)' },
      to: { pathNot: ['^src/kernel/', '^src/contexts/$1/contract/'], dependencyTypesNot: ['core'] },
    },
    {
      name: 'domain-is-plain',
      comment: 'The domain imports its own domain, its own contract and the kernel.',
      severity: 'error',
      from: { path: `^src/contexts/([^/]+)/${layer}domain/`, pathNot: spec },
      to: {
        pathNot: [`^src/contexts/$1/(${layer}domain/|contract\\.ts$)`, '^src/kernel/'],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'domain-takes-only-types-from-node',
      severity: 'error',
      from: { path: `^src/contexts/[^/]+/${layer}domain/`, pathNot: spec },
      to: { dependencyTypes: ['core'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'application-knows-no-technology',
      severity: 'error',
      from: { path: `^src/contexts/[^/]+/${layer}application/`, pathNot: spec },
      to: {
        path: [
          '/adapters/',
          '^src/platform/(database|http)/',
          'node_modules/(@mikro-orm/|kysely/|axios/|pg/|pg-boss/|@nestjs/swagger/|class-validator/|class-transformer/)',
        ],
      },
    },
    {
      name: 'views-touch-no-model',
      comment: 'A view owns its SQL. It loads no aggregate and runs no use case.',
      severity: 'error',
      from: { path: `^src/contexts/[^/]+/${layer}views/`, pathNot: spec },
      to: { path: `^src/contexts/[^/]+/${layer}(domain|application|adapters)/`, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'vendor-words-stay-in-their-folder',
      comment: 'Only the list of vendors imports the folder of a vendor.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`${integrations}vendors/(index\\.ts$|[^/]+/)`, spec] },
      to: { path: `${integrations}vendors/[^/]+/` },
    },
    {
      name: 'the-list-of-vendors-is-composed',
      comment: 'The composing module makes the registry of vendors. All others ask the registry.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`${integrations}integrations\\.module\\.ts$`, spec] },
      to: { path: `${integrations}vendors/index\\.ts$` },
    },
    {
      name: 'only-vendors-use-their-http',
      comment: 'Everything else reaches a vendor through the parts of its port.',
      severity: 'error',
      from: { path: '^src/', pathNot: [`${integrations}(vendors|gateway/http)/`, spec] },
      to: { path: `${integrations}gateway/http/` },
    },
    {
      name: 'activities-are-known-by-their-registry',
      comment: 'Only activities/index.ts imports the folder of a kind.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/contexts/interview-planning/activities/(index\\.ts$|[^/]+/)', spec] },
      to: { path: '^src/contexts/interview-planning/activities/[^/]+/' },
    },
    {
      name: 'activities-know-no-other',
      severity: 'error',
      from: { path: '^src/contexts/interview-planning/activities/([^/]+)/', pathNot: spec },
      to: {
        path: '^src/contexts/interview-planning/activities/[^/]+/',
        pathNot: '^src/contexts/interview-planning/activities/$1/',
      },
    },
    {
      name: 'use-cases-know-no-kind-of-activity',
      comment: 'Rules, use cases and views ask the port ActivityKinds.',
      severity: 'error',
      from: { path: '^src/contexts/interview-planning/(domain|application|views)/', pathNot: spec },
      to: { path: '^src/contexts/interview-planning/activities/' },
    },
    {
      name: 'kernel-imports-nothing',
      severity: 'error',
      from: { path: '^src/kernel/', pathNot: spec },
      to: { pathNot: '^src/kernel/', dependencyTypesNot: ['core'] },
    },
    {
      name: 'platform-knows-no-context',
      comment: 'The platform imports itself, the kernel and libraries.',
      severity: 'error',
      from: { path: '^src/platform/', pathNot: spec },
      to: { path: '^src/', pathNot: '^src/(platform|kernel)/' },
    },
    {
      name: 'commands-are-programs',
      comment: 'A command starts the application. No part of the application imports a command.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/commands/', spec] },
      to: { path: '^src/commands/' },
    },
    {
      name: 'product-stands-alone',
      comment: 'Nothing that ships imports what only tests, demos or the console need.',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: { path: '^(packages|test|web|scripts|bench)/' },
    },
    {
      name: 'product-needs-no-dev-dependency',
      severity: 'error',
      from: { path: '^src/', pathNot: spec },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'stand-in-shares-no-code',
      comment: 'A stand-in that shares code with the adapter would share its mistakes.',
      severity: 'error',
      from: { path: '^packages/testkit/', pathNot: spec },
      to: { path: '^(src|test|scripts|web|packages/client)/' },
    },
    {
      name: 'client-stands-alone',
      comment: 'The client is published. It knows the API and shares no code with the service.',
      severity: 'error',
      from: { path: '^packages/client/', pathNot: spec },
      to: { path: '^(src|test|scripts|web|packages/testkit)/' },
    },
    {
      name: 'packages-enter-by-their-entries',
      comment: 'We use our packages as others do: through what their `exports` name.',
      severity: 'error',
      from: { pathNot: ['^packages/'] },
      to: {
        path: '^packages/[^/]+/src/',
        pathNot: '^packages/(client/src/(index|webhooks)|testkit/src/(index|testcontainers))\\.ts$',
      },
    },
    {
      name: 'console-knows-only-the-api',
      comment: 'The console is a client of the published API. It shares no code with the service.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^(src|packages/testkit|test|scripts)/' },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^dist/', '^packages/(client|testkit)/dist/', '^test/architecture/probes/'] },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.json'],
    },
  },
};
