import type { Connection } from './connection.js';

export const webhookStates = ['waiting', 'working', 'refused'] as const;
export const refusalCauses = ['wrong_secret', 'secret_changed'] as const;

/**
 * `waiting`: no event signed with the saved secret has arrived yet · `working`: events arrive · `refused`: several events in a
 * row about the team's own cases did not match the secret. `since` is set for `working` and `refused`.
 */
export interface WebhookStatus {
  state: (typeof webhookStates)[number];
  since: Date | null;
  /** `wrong_secret`: no event ever matched · `secret_changed`: earlier events did. It changed there, or a stranger sends. */
  likelyCause: (typeof refusalCauses)[number] | null;
  /** Number of refused events since the last good one. */
  refused: number;
}

/** The webhook status of each connection. */
export abstract class WebhookStatuses {
  abstract of(connection: Pick<Connection, 'teamId' | 'id'>): Promise<WebhookStatus>;
  /** When the last event arrived, by webhook or feed; null: none did. */
  abstract lastEventAt(connection: Pick<Connection, 'teamId' | 'id'>): Promise<Date | null>;
  /** Records events signed with the newest secret. Ends `refused`. */
  abstract arrived(connections: { teamId: string; connectionId: string }[]): Promise<void>;
  /** Another secret was saved: back to `waiting`. */
  abstract restart(connection: Pick<Connection, 'teamId' | 'id'>): Promise<void>;
}
