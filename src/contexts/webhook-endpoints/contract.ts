/** What endpoints of other systems are told. The words are part of the API and never change their meaning. */

/** Events that an endpoint can ask for. */
export const subscribableTypes = [
  'background_check.requested',
  'background_check.status_changed',
  'background_check.completed',
  'background_check.needs_attention',
  'integration.state_changed',
  'candidate.anonymised',
  'webhook_endpoint.disabled',
] as const;
export type SubscribableType = (typeof subscribableTypes)[number];

/** `test` is sent when an admin asks for it, whatever the endpoint asked for. */
export type EventType = SubscribableType | 'test';
