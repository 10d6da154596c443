/** Suites are chosen by suffix: `.spec` needs nothing, `.db-spec` and `.flow-spec` need Postgres and fail without it. */
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleFileExtensions: ['ts', 'js', 'json', 'node'],
  transform: { '^.+\\.ts$': ['@swc/jest', {}] },
  moduleNameMapper: {
    '^#contexts/(.*)$': '<rootDir>/src/contexts/$1/index.ts',
    '^#kernel/(.*)$': '<rootDir>/src/kernel/$1.ts',
    '^#platform/(.*)$': '<rootDir>/src/platform/$1.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
const withDatabase = {
  ...base,
  globalSetup: '<rootDir>/test/support/database/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/database/global-teardown.ts',
};

export default {
  projects: [
    { ...base, displayName: 'unit', testMatch: ['**/*.spec.ts'], testPathIgnorePatterns: ['/node_modules/', '/dist/'] },
    { ...withDatabase, displayName: 'database', testMatch: ['**/*.db-spec.ts'] },
    { ...withDatabase, displayName: 'flows', testMatch: ['**/*.flow-spec.ts'] },
  ],
  testTimeout: 30_000,
};
