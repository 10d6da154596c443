import type { Work } from './scope.js';
import { acrossTeamsRole, teamSetting } from './wall.js';

/** Settings of a transaction, in the order in which they are set. */
export type Settings = readonly (readonly [name: string, value: string])[];

const noTeam = '';
const ownRole = 'none';

/** Whose rows are visible, in both settings that control it: either may still hold the value of an earlier statement. */
export function scopeSettings(work: Work | undefined): Settings {
  const scope = work?.scope;
  return [
    [teamSetting, scope && 'teamId' in scope ? scope.teamId : noTeam],
    ['role', scope && 'acrossTeams' in scope ? acrossTeamsRole : ownRole],
  ];
}

/** The settings that must be made where none were made before. */
export const differingFromDefault = (settings: Settings): Settings =>
  settings.filter(([, value]) => value !== noTeam && value !== ownRole);
