import type { Account } from './account.ts';

/** The event types used here, of those in docs/certn-api.md 5.2. */
export type EventType = 'CASE_STATUS_CHANGED' | 'CHECK_STATUS_CHANGED' | 'CASE_REPORT_READY';

export interface CertnEvent {
  id: string;
  account: string;
  case: string;
  created: string;
  event_type: EventType;
  object_id: string;
  object_type: 'CASE' | 'CHECK';
  case_status: string;
}

/** The body of a webhook and of a feed item: the official sample or the one seen in the wild (docs/certn-api.md 5.2). */
export function eventBody(account: Account, event: CertnEvent): Record<string, unknown> {
  const { event_type, object_id, object_type } = event;
  if (account.settings.webhook_variant === 'official') return { id: event.id, event_type, object_id, object_type };
  const { created, case_status } = event;
  return { created, event_id: event.id, event_type, object_id, object_type, case_status };
}
