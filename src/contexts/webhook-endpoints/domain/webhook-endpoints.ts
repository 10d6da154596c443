import type { Id } from '#kernel/id';
import type { DisabledReason, WebhookEndpoint } from './webhook-endpoint.js';

/** The endpoints of all teams. Deleted ones are not found. */
export abstract class WebhookEndpoints {
  abstract find(teamId: string, id: Id): Promise<WebhookEndpoint | null>;
  /** As `find`; no one else changes it until the transaction ends. */
  abstract lock(teamId: string, id: Id): Promise<WebhookEndpoint | null>;
  abstract ofTeam(teamId: string): Promise<WebhookEndpoint[]>;
  /** Returns false, and adds nothing, when the team has `most` already. */
  abstract add(endpoint: WebhookEndpoint, most: number): Promise<boolean>;
  abstract save(endpoint: WebhookEndpoint): Promise<void>;
  /** Its secrets go at once, its log a little later. */
  abstract remove(teamId: string, id: Id): Promise<void>;
  /** Notes an attempt that succeeded: the endpoint is not failing. */
  abstract noteSuccess(teamId: string, id: Id): Promise<void>;
  /** Notes an attempt that failed. Returns since when all failed. */
  abstract noteFailure(teamId: string, id: Id): Promise<Date>;
  /** Switches it off. Returns false when it was off already. */
  abstract disable(teamId: string, id: Id, reason: DisabledReason): Promise<boolean>;
}
