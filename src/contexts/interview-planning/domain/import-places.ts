/** How many imports of a team may run at a time, on all replicas together. A place that is not kept is free after a minute. */
export abstract class ImportPlaces {
  /** False: all places of the team are taken. */
  abstract take(teamId: string, importId: string): Promise<boolean>;
  /** To be called every `keepEveryMs`, as long as the import runs. */
  abstract keep(teamId: string, importId: string): Promise<void>;
  abstract leave(teamId: string, importId: string): Promise<void>;
}

export const keepEveryMs = 20_000;
