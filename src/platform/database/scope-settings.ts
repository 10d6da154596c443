import type { Work } from './scope.js';
import { acrossTeamsRole, teamSetting } from './wall.js';

/** Settings of a transaction, in the order in which they are set. */
export type Settings = readonly (readonly [name: string, value: string])[];

const noTeam = '';
const ownRole = 'none';

/** Whose rows are seen, in both settings that say so: in a transaction either may hold what an earlier statement set. */
export function scopeSettings(work: Work | undefined): Settings {
  const scope = work?.scope;
  return [
    [teamSetting, scope && 'teamId' in scope ? scope.teamId : noTeam],
    ['role', scope && 'acrossTeams' in scope ? acrossTeamsRole : ownRole],
  ];
}

/** What must be set where nothing was set before. */
export const differingFromDefault = (settings: Settings): Settings =>
  settings.filter(([, value]) => value !== noTeam && value !== ownRole);
