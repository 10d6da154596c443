import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The kinds of work that look across teams, because the team is what they find out, or because they serve all teams.
 * Keep it short: each entry is a hole in the wall between teams.
 */
export const acrossTeamsPurposes = ['sign-in', 'webhook-endpoint', 'scheduling', 'vendor-account', 'operator'] as const;
export type AcrossTeamsPurpose = (typeof acrossTeamsPurposes)[number];

/** Whose rows the statements of the current piece of work may touch. */
export type DatabaseScope = { readonly teamId: string } | { readonly acrossTeams: AcrossTeamsPurpose };

const scopes = new AsyncLocalStorage<DatabaseScope>();

/** Runs work whose statements see one team's rows. */
export const asTeam = <T>(teamId: string, work: () => T): T => scopes.run({ teamId }, work);

/** Runs work whose statements see every team's rows. */
export const acrossTeams = <T>(purpose: AcrossTeamsPurpose, work: () => T): T =>
  scopes.run({ acrossTeams: purpose }, work);

/** undefined: no scope was set, and with the wall up no team's row is seen. */
export const currentScope = (): DatabaseScope | undefined => scopes.getStore();
