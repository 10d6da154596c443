import tseslint from 'typescript-eslint';

/** One configuration for every folder. Prettier checks formatting and the compiler checks types; these rules cover the rest. */
export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'node_modules/',
      '.data/',
      'coverage/',
      '**/*.cjs',
      '**/*.mjs',
      '*.config.js',
      'test/architecture/probes/',
      // Generated from openapi.json.
      'packages/client/src/generated/',
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Nest modules and marker classes are decorated classes without members.
      '@typescript-eslint/no-extraneous-class': 'off',
      // Port implementations and handlers are async by contract, even if a fake has nothing to await.
      '@typescript-eslint/require-await': 'off',
      'max-lines': ['error', { max: 300, skipBlankLines: false, skipComments: false }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    // Ids come from the port `Ids` or from `readId`. A cast would accept any spelling.
    files: ['src/**'],
    ignores: [
      'src/kernel/id.ts',
      'src/platform/system.ts',
      'src/platform/http/ids.ts',
      '**/*.spec.ts',
      '**/*.db-spec.ts',
    ],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: "TSAsExpression > TSTypeReference[typeName.name='Id']",
          message: 'Read it with readId instead: a cast accepts any text as an id.',
        },
      ],
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          paths: [
            { name: '@nestjs/common', importNames: ['Param'], message: 'Use IdInPath: paths name things by ids.' },
          ],
        },
      ],
    },
  },
  {
    // Programs that write to a terminal.
    files: ['scripts/**', 'packages/testkit/**', 'test/support/**', 'test/browser/support/**'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**', '**/*.spec.ts', '**/*.db-spec.ts', '**/*.flow-spec.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      // Jest types its matchers (`expect.any`, `expect.objectContaining`) as any.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
    },
  },
  {
    files: ['test/**'],
    ignores: ['test/support/own-processes.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:child_process',
              importNames: ['spawn', 'fork', 'exec', 'execFile'],
              message: 'Use startProcess (test/support/own-processes.ts): a failed test must leave no process behind.',
            },
          ],
        },
      ],
    },
  },
);
