import type { FastifyInstance } from 'fastify';
import { type Case, showCase } from '../case.ts';
import { act } from '../case-actions.ts';
import { isClosed } from '../lifecycle.ts';
import type { World } from '../world.ts';
import { type Answer, invalidData, missing } from './answers.ts';
import { caseFilter } from './case-filters.ts';
import { type Call, publicRoute } from './gate.ts';
import { page } from './pages.ts';

export function registerCases(app: FastifyInstance, world: World): void {
  publicRoute(app, world, { name: 'cases', method: 'GET', path: 'cases/' }, listCases);
  publicRoute(app, world, { name: 'case', method: 'GET', path: 'cases/:id/' }, readCase);
  publicRoute(app, world, { name: 'cancel', method: 'POST', path: 'cases/:id/cancel/' }, cancelCase);
}

/** docs/certn-api.md 2.3: newest first. A lagging list hides the newest. */
function listCases(call: Call): Answer {
  const { account, world } = call;
  const matches = caseFilter(call);
  const visibleUntil = new Date(Date.now() - account.settings.list_lag_ms).toISOString();
  const found = world.store
    .casesOf(account.id, call.query.get('email_address'))
    .filter((entry) => entry.created <= visibleUntil && matches(entry))
    .reverse();
  return page(call, found, (entry) => showCase(account, entry, world.url, !account.settings.list_checks));
}

/** docs/certn-api.md 2.4. */
function readCase(call: Call): Answer {
  return { status: 200, body: showCase(call.account, ownCase(call), call.world.url) };
}

/** docs/certn-api.md 2.5: 204, and 400 once the case is closed. */
function cancelCase(call: Call): Answer {
  const found = ownCase(call);
  call.body();
  if (isClosed(found.overall_status)) {
    throw invalidData([{ code: 'invalid', detail: 'This case can no longer be cancelled.', attr: null }]);
  }
  act(call.world, found, 'cancel');
  return { status: 204 };
}

/** The case, if it belongs to this account. Another account's case does not exist (docs/certn-api.md 2.4). */
export function ownCase({ world, account, id }: Call): Case {
  const found = world.store.cases.get(id.toLowerCase());
  if (found?.account !== account.id) throw missing();
  return found;
}
