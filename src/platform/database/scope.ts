import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The kinds of work that read across teams, because they have to find out the team or because they serve all teams. Keep the list
 * short: each entry is an exception to the isolation between teams.
 */
export const acrossTeamsPurposes = [
  'sign-in',
  'inbound-message',
  'health',
  'scheduling',
  'shared-account',
  'operator',
] as const;
export type AcrossTeamsPurpose = (typeof acrossTeamsPurposes)[number];

/** Whose rows the statements of the current piece of work can access. */
export type DatabaseScope = { readonly teamId: string } | { readonly acrossTeams: AcrossTeamsPurpose };

/** Which share of the connections a piece of work uses (see `lanes.ts`). */
export type Lane = 'requests' | 'jobs' | 'sign-in' | 'inbound' | 'health' | 'upkeep';

/** A scope with the lane that its statements use, and the team whose share of the lane they count against. */
export interface Work {
  scope: DatabaseScope | undefined;
  readonly lane: Lane;
  /** null: they count against no team; the whole lane is the limit. */
  payer: string | null;
  /** A read that costs many times what others do. One team runs few of them at a time (`lanes.ts`). */
  isLarge?: boolean;
}

/** Purposes with connections of their own. Other work across teams uses the lane of the work it belongs to. */
const ownLane: Partial<Record<AcrossTeamsPurpose, Lane>> = {
  'sign-in': 'sign-in',
  'inbound-message': 'inbound',
  health: 'health',
};

const works = new AsyncLocalStorage<Work>();

/** Runs work whose statements see the rows of one team. */
export function asTeam<T>(teamId: string, work: () => T): T {
  const lane = currentWork()?.lane ?? 'requests';
  return works.run({ scope: { teamId }, lane, payer: teamId }, work);
}

/** Runs a job of one team: its statements see that team's rows and use the connections meant for jobs. */
export const asJobOf = <T>(teamId: string, work: () => T): T =>
  works.run({ scope: { teamId }, lane: 'jobs', payer: teamId }, work);

/** Runs work whose statements see every team's rows. */
export function acrossTeams<T>(purpose: AcrossTeamsPurpose, work: () => T): T {
  const outer = currentWork();
  const lane = ownLane[purpose];
  const scope = { acrossTeams: purpose };
  if (lane) return works.run({ scope, lane, payer: null }, work);
  return works.run({ scope, lane: outer?.lane ?? 'upkeep', payer: outer?.payer ?? null }, work);
}

/** Runs work on tables without a team. It sees no team's rows and keeps the lane of the work it belongs to. */
export function withoutTeam<T>(work: () => T): T {
  const outer = currentWork();
  return works.run({ scope: undefined, lane: outer?.lane ?? 'requests', payer: outer?.payer ?? null }, work);
}

/** Runs the work of one request, which sees no team's rows until `enterTeam` sets the team. */
export const inRequest = <T>(work: () => T): T => works.run({ scope: undefined, lane: 'requests', payer: null }, work);

/** From here on the statements of the request see this team's rows. */
export function enterTeam(teamId: string): void {
  const work = works.getStore();
  if (!work) return;
  work.scope = { teamId };
  work.payer = teamId;
}

/** From here on the statements of the request are a large read. It must not request a connection while it holds one. */
export function enterLargeRead(): void {
  const work = works.getStore();
  if (work) work.isLarge = true;
}

/** undefined: no scope was set, and no team's row is visible. */
export const currentScope = (): DatabaseScope | undefined => works.getStore()?.scope;

/** The piece of work that the calling code belongs to. */
export const currentWork = (): Work | undefined => works.getStore();
