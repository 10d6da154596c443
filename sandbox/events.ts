import { randomUUID } from 'node:crypto';
import type { Account } from './account.ts';
import type { Case } from './case.ts';
import type { World } from './world.ts';

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

/** Writes the event to the feed and dispatches its delivery. The feed has it whether or not the delivery succeeds. */
export function announce(world: World, found: Case, type: EventType, object?: { id: string; type: 'CHECK' }): void {
  const account = world.store.accounts.get(found.account);
  if (!account) return;
  const event: CertnEvent = {
    id: randomUUID(),
    account: found.account,
    case: found.id,
    created: new Date().toISOString(),
    event_type: type,
    object_id: object?.id ?? found.id,
    object_type: object?.type ?? 'CASE',
    case_status: found.overall_status,
  };
  world.store.addEvent(event);
  world.deliveries.dispatch(account, event);
}

/** The body of a webhook and of a feed item: the official sample or the one seen in the wild (docs/certn-api.md 5.2). */
export function eventBody(account: Account, event: CertnEvent): Record<string, unknown> {
  const { event_type, object_id, object_type } = event;
  if (account.settings.webhook_variant === 'official') return { id: event.id, event_type, object_id, object_type };
  const { created, case_status } = event;
  return { created, event_id: event.id, event_type, object_id, object_type, case_status };
}
