import type { Claim } from './deliveries.js';
import type { WebhookEndpoint } from './webhook-endpoint.js';

/** What events are about, in its present state. */
export abstract class Things {
  /**
   * The `data` of an event as this endpoint may have it now. What was erased or removed since the event is not in it. A thing that no
   * longer exists has only its id.
   */
  abstract dataOf(
    event: Pick<Claim, 'teamId' | 'type' | 'subject'>,
    rights: Pick<WebhookEndpoint, 'includeResults' | 'includeNames'>,
  ): Promise<Record<string, unknown>>;
}
