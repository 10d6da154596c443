/** One sealed secret as it lies in the database. */
export interface StoredSecret {
  teamId: string;
  connectionId: string;
  column: 'api_key' | 'webhook_secret' | 'previous_webhook_secret';
  sealed: string;
}

/** All sealed secrets of all teams, for the command that changes the key they are sealed with. */
export abstract class SealedSecrets {
  /** Teams that have a secret sealed with any key but this one, in a stable order. */
  abstract teamsNotSealedWith(kid: string): Promise<string[]>;
  abstract ofTeam(teamId: string): Promise<StoredSecret[]>;
  /** Puts the same secret, sealed anew, in the place of this one. `false`: another one is there by now. */
  abstract replace(stored: StoredSecret, sealed: string): Promise<boolean>;
}
