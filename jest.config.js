/**
 * Suites are chosen by suffix: `.spec` needs nothing; `.db-spec` and `.flow-spec` need Postgres and fail without it; `.long-spec` is
 * a slow flow; `.browser-spec` also needs a browser; `.proof-spec` takes a minute or more (thousands of states, a day of cases).
 */
const compile = {
  // Not .swcrc, which is for the build and excludes the specs.
  swcrc: false,
  sourceMaps: 'inline',
  jsc: {
    target: 'es2024',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
    keepClassNames: true,
  },
  module: { type: 'es6' },
};
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: '<rootDir>/test/support/node-environment.mjs',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: { '^.+\\.ts$': ['@swc/jest', compile] },
  moduleNameMapper: {
    '^#contexts/(.*)$': '<rootDir>/src/contexts/$1/index.ts',
    '^#kernel/(.*)$': '<rootDir>/src/kernel/$1.ts',
    '^#platform/(.*)$': '<rootDir>/src/platform/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', '/\\.data/', '/test/architecture/probes/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/\\.data/', '<rootDir>/test/architecture/probes/'],
};
const withDatabase = {
  ...base,
  globalSetup: '<rootDir>/test/support/database/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/database/global-teardown.ts',
};
const withService = {
  ...withDatabase,
  globalSetup: '<rootDir>/test/support/service-setup.ts',
  testEnvironment: '<rootDir>/test/support/judged-environment.mjs',
};
const withHarness = { ...base, globalSetup: '<rootDir>/test/faults/build-first.ts' };
const withBrowser = { ...withDatabase, globalSetup: '<rootDir>/test/browser/support/global-setup.ts' };
/** Many specs share a suite (`test/suites/together.ts`), unless files are named or watched. */
const named = process.argv.slice(2).some((argument) => /^[^-].*[/.]|^--watch/.test(argument));
const specs = (kind, pattern) => (named ? [pattern] : [`<rootDir>/test/suites/${kind}-*.suite.ts`]);

export default {
  projects: [
    // Rules and use cases, in milliseconds: what `npm run test:unit` and `npm run test:watch` run.
    { ...base, displayName: 'unit', testMatch: specs('unit', '<rootDir>/src/**/*.spec.ts') },
    // The boundaries, the documents, the stand-in and the scripts.
    { ...base, displayName: 'tools', testMatch: ['<rootDir>/{test,packages,scripts,web}/**/*.spec.ts'] },
    { ...withDatabase, displayName: 'database', testMatch: specs('database', '**/*.db-spec.ts') },
    {
      ...withService,
      displayName: 'flows',
      testMatch: [...specs('flows', '**/*.flow-spec.ts'), '**/*.alone.flow-spec.ts'],
    },
    // Kills of its own parts, every route in every spelling, waits for real clocks. Only on request (`npm run test:long`).
    ...(process.env.LONG ? [{ ...withService, displayName: 'long', testMatch: ['**/*.long-spec.ts'] }] : []),
    // The console in a real browser. Only on request (`npm run test:browser`).
    ...(process.env.BROWSER ? [{ ...withBrowser, displayName: 'browser', testMatch: ['**/*.browser-spec.ts'] }] : []),
    // Minutes of computing. Only on request (`npm run test:proofs`).
    ...(process.env.PROOFS ? [{ ...withDatabase, displayName: 'proofs', testMatch: ['**/*.proof-spec.ts'] }] : []),
    // Brings its own database, which it stops and kills. Only on request (`npm run test:faults`).
    ...(process.env.FAULTS ? [{ ...withHarness, displayName: 'faults', testMatch: ['**/*.fault-spec.ts'] }] : []),
    // Suites that fail on purpose: `test/faults/leftovers.fault-spec` runs them and counts the processes they leave.
    ...(process.env.LEFTOVERS
      ? [{ ...withHarness, displayName: 'leftovers', testMatch: ['**/*.leftover-fixture.ts'] }]
      : []),
    // Measures how much one customer slows down another, and therefore runs alone (`npm run test:neighbours`).
    ...(process.env.NEIGHBOURS
      ? [{ ...withHarness, displayName: 'neighbours', testMatch: ['**/*.neighbour-spec.ts'] }]
      : []),
  ],
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/test/support/slowest-files.mjs'],
  // The suites wait for a database and for timers more than they compute, so two cores can run four of them.
  maxWorkers: 4,
};
