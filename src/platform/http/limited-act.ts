/** An act that costs others more than a request. Its limit is per team and minute, over all users. Registered as a provider. */
export abstract class LimitedAct {
  /** Names its counts, which the replicas of all running releases share. */
  abstract readonly name: string;
  abstract readonly perMinute: number;
  /** The sentence of the refusal. */
  abstract readonly refusal: string;
}
