import type { Connection } from './connection.js';

export const webhookStates = ['waiting', 'working', 'refused'] as const;
export const refusalCauses = ['wrong_secret', 'secret_changed'] as const;

/**
 * `waiting`: no event that the saved secret fits has come yet, so nothing is known · `working`: they come · `refused`: several
 * in a row about the team's own cases did not fit. `since`: of the last two.
 */
export interface WebhookStanding {
  state: (typeof webhookStates)[number];
  since: Date | null;
  /** `wrong_secret`: none ever fitted · `secret_changed`: they did before; it was changed at the vendor, or a stranger sends. */
  likelyCause: (typeof refusalCauses)[number] | null;
  /** Refused since the last good event. */
  refused: number;
}

/** What is known of the webhook of each connection. */
export abstract class WebhookStandings {
  abstract of(connection: Pick<Connection, 'teamId' | 'id'>): Promise<WebhookStanding>;
  /** Good events came for these connections, signed with the newest secret. Ends refusals. */
  abstract arrived(connections: { teamId: string; connectionId: string }[]): Promise<void>;
  /** Another secret was saved: nothing is known of it. */
  abstract restart(connection: Pick<Connection, 'teamId' | 'id'>): Promise<void>;
}
