/** One sealed secret as stored in the database. */
export interface StoredSecret {
  teamId: string;
  connectionId: string;
  column: 'api_key' | 'webhook_secret' | 'previous_webhook_secret';
  sealed: string;
}

/** All sealed secrets of all teams, for the command that rotates the sealing key. */
export abstract class SealedSecrets {
  /** Teams that have a secret sealed with any key but this one, in a stable order. */
  abstract teamsNotSealedWith(kid: string): Promise<string[]>;
  abstract ofTeam(teamId: string): Promise<StoredSecret[]>;
  /** Replaces the stored value with the same secret sealed by another key. `false`: another secret was saved meanwhile. */
  abstract replace(stored: StoredSecret, sealed: string): Promise<boolean>;
}
