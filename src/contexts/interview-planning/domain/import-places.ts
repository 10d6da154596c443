/**
 * The places for a team's concurrent imports, on all replicas together. A place that is not renewed with `keep` becomes free
 * after a minute.
 */
export abstract class ImportPlaces {
  /** False: all places of the team are taken. */
  abstract take(teamId: string, importId: string): Promise<boolean>;
  /** Call it every `keepEveryMs` while the import runs. */
  abstract keep(teamId: string, importId: string): Promise<void>;
  abstract leave(teamId: string, importId: string): Promise<void>;
}

export const keepEveryMs = 20_000;
