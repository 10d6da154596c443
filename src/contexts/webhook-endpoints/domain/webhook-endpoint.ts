import type { Id } from '#kernel/id';
import type { EventType, SubscribableType } from '../contract.js';

/**
 * Why no events are sent to an endpoint. `by_user`: an admin switched it off · `gone`: it answered 410 · `failing`: no attempt
 * succeeded for five days.
 */
export const disabledReasons = ['by_user', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** What an admin decides about an endpoint. */
export interface EndpointDetails {
  url: string;
  description: string;
  eventTypes: SubscribableType[];
  /** Whether results of checks are sent to it. */
  includeResults: boolean;
  /** Whether names of candidates are sent to it. */
  includeNames: boolean;
}

/** An address of another system that gets signed events of a team. */
export interface WebhookEndpoint extends EndpointDetails {
  teamId: string;
  id: Id;
  /** Sealed, like `previousSecret`, which also signs until `previousUntil`. */
  secret: string;
  previousSecret: string | null;
  previousUntil: Date | null;
  disabledAt: Date | null;
  disabledReason: DisabledReason | null;
  /** When the first of the attempts failed after which none succeeded. */
  failingSince: Date | null;
  createdBy: string;
}

/** The most endpoints of a team. Each event costs a row for each of them. */
export const mostEndpoints = 20;
/** For how long the secret before the present one also signs. */
export const overlapHours = 24;
/** An endpoint is switched off when every attempt of so many days failed. */
export const failingDays = 5;

const dayMs = 24 * 3600 * 1000;

/** Whether attempts have failed for so long that the endpoint is switched off. */
export const hasFailedTooLong = (failingSince: Date, now: Date): boolean =>
  now.getTime() - failingSince.getTime() >= failingDays * dayMs;

/** Whether an endpoint gets events of a type. */
export const wants = (endpoint: Pick<WebhookEndpoint, 'disabledAt' | 'eventTypes'>, type: EventType): boolean =>
  endpoint.disabledAt === null && (type === 'test' || endpoint.eventTypes.includes(type));

/** Where the secret is sealed for. The previous secret is the same ciphertext in another column. */
export const secretPlace = (teamId: string, endpointId: string): string =>
  `webhook_endpoints.endpoint/${teamId}/${endpointId}/secret`;

/** The part of the address that may be logged: paths and queries of other systems often hold a key. */
export const hostOf = (url: string): string => new URL(url).host;
