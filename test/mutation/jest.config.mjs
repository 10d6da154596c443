import { join } from 'node:path';
import jest from '../../jest.config.js';

const { displayName, ...unit } = jest.projects.find(({ displayName }) => displayName === 'unit');

/** The unit project as the mutation tester runs it: with its own environment, in a copy of the checkout below `.data/`. */
export default {
  ...unit,
  testEnvironment: join(import.meta.dirname, 'environment.mjs'),
  roots: [
    '<rootDir>/src',
    '<rootDir>/test/fakes',
    '<rootDir>/test/contracts',
    '<rootDir>/test/mutation',
    '<rootDir>/test/suites',
  ],
  testMatch: ['<rootDir>/test/mutation/specs.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  setupFiles: ['reflect-metadata'],
  moduleNameMapper: { '^@nestjs/(common|cqrs)$': '<rootDir>/test/mutation/nest.mjs', ...unit.moduleNameMapper },
};
