/**
 * What a service account may be given. A scope narrows what the account's access level and job permissions allow; it never adds a
 * right. A write or send scope does not include the read scope.
 */
export const scopes = [
  'jobs:read',
  'jobs:write',
  'candidates:read',
  'candidates:write',
  'applications:read',
  'applications:write',
  'background_checks:read',
  'background_checks:send',
  'results:read',
  'imports',
  'integrations:read',
] as const;
export type Scope = (typeof scopes)[number];

/** The scopes among these words, each once, in the order of the list. Other words grant nothing. */
export const scopesIn = (words: readonly unknown[]): Scope[] => scopes.filter((scope) => words.includes(scope));
