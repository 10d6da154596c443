import type { FastifyInstance } from 'fastify';
import { type CertnEvent, eventBody } from '../events.ts';
import type { World } from '../world.ts';
import { type Answer, invalidData } from './answers.ts';
import { type Call, publicRoute } from './gate.ts';
import { page } from './pages.ts';

/** docs/certn-api.md 2.7: the events feed, oldest first, with everything after the last handled event. */
export function registerEvents(app: FastifyInstance, world: World): void {
  publicRoute(app, world, { name: 'events', method: 'GET', path: 'events/' }, listEvents);
}

function listEvents(call: Call): Answer {
  const { account } = call;
  const events = after(call, visible(call, call.world.store.eventsOf(account.id)));
  return page(call, events, (event) => eventBody(account, event), account.settings.events_page_size);
}

/** A lagging account hides the events of cases that its list hides. */
function visible({ world, account }: Call, events: readonly CertnEvent[]): readonly CertnEvent[] {
  if (account.settings.list_lag_ms === 0) return events;
  const until = new Date(Date.now() - account.settings.list_lag_ms).toISOString();
  return events.filter((event) => (world.store.cases.get(event.case)?.created ?? '') <= until);
}

function after({ query }: Call, events: readonly CertnEvent[]): readonly CertnEvent[] {
  const last = query.get('last_processed_event_id');
  if (last === null || last === '') return events;
  const index = events.findLastIndex((event) => event.id === last);
  if (index === -1) {
    throw invalidData([{ code: 'does_not_exist', detail: 'No such event.', attr: 'last_processed_event_id' }]);
  }
  return events.slice(index + 1);
}
