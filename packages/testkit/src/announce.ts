import { randomUUID } from 'node:crypto';
import type { Case } from './case.ts';
import type { CertnEvent, EventType } from './events.ts';
import type { World } from './world.ts';

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
