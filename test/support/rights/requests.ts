import { aCandidate, aCertnItem, anApplication, aStage } from '../fixtures.js';
import { aMachine } from '../machines.js';
import { type CallerName, type Callers, permissionsOn } from './callers.js';
import { anEndpoint, type Place, type PlaceName, placesOf, teamOf, type World } from './world.js';

export interface Asked {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

export interface Cell {
  world: World;
  people: Callers;
  caller: CallerName;
  /** The first team's own place if a row names none. */
  place: Place;
}

let count = 0;
const next = (): number => (count += 1);

/** The kind of id in a path, by the segment before it. */
function idIn(path: string, { place, people }: Cell): string {
  if (path.includes('/webhook_endpoints/')) return place.webhookEndpointId;
  if (path.includes('/webhook_events/')) return place.deliveryIds[0] ?? '';
  if (path.includes('/service_accounts/')) return place.accountId;
  if (path.includes('/users/') && place.userId) return place.userId;
  if (path.includes('/users/')) return place.name === 'foreign' ? people.stranger.id : people.viewer.id;
  if (path.includes('/jobs/')) return place.jobId;
  if (path.includes('/candidates/')) return place.candidateId;
  if (path.includes('/applications/')) return place.applicationId;
  if (path.includes('/job_stages/')) return place.stageId;
  if (path.includes('/job_stage_items/')) return place.itemId;
  return place.checkId;
}

const aPerson = () => ({ name: 'Grace', email: `grace-${next()}@matrix.test`, access_level: 'limited' });
const packageOf = ({ world, place }: Cell): string => teamOf(world, place.name).packageId;

/** A body for each route that changes data. It leaves records as they are, or creates new ones. */
const bodies: Record<string, (cell: Cell) => unknown> = {
  'POST /ats/v0/users': aPerson,
  'PATCH /ats/v0/users/{id}': () => ({ name: `Grace ${next()}` }),
  'POST /ats/v0/service_accounts': () => ({ name: 'Feed', access_level: 'limited', scopes: [] }),
  'PATCH /ats/v0/service_accounts/{id}': () => ({ name: `Feed ${next()}` }),
  'POST /ats/v0/service_accounts/{id}/keys': () => ({ expires_in_days: 1 }),
  'POST /ats/v0/jobs': () => ({ name: 'Another job' }),
  'PATCH /ats/v0/jobs/{id}': ({ place }) => ({ name: `Job ${place.mark}` }),
  'PUT /ats/v0/jobs/{id}/permissions': ({ place, people }) => permissionsOn(place, people),
  'POST /ats/v0/candidates': () => ({ first_name: 'Grace', last_name: 'Hopper' }),
  'PATCH /ats/v0/candidates/{id}': () => ({ first_name: `Ada ${next()}` }),
  'POST /ats/v0/applications': ({ place }) => ({ candidate_id: place.candidateId, job_id: place.jobId }),
  'PATCH /ats/v0/applications/{id}': () => ({ status: 'active' }),
  'PUT /ats/v0/applications/{id}/tasks/{job_stage_item_id}': () => ({ done: true }),
  'POST /ats/v0/jobs/{id}/stages': () => ({ name: 'Another stage' }),
  'PATCH /ats/v0/job_stages/{id}': () => ({ name: `Stage ${next()}` }),
  'POST /ats/v0/job_stages/{id}/items': () => ({ type: 'interview', name: 'Another interview' }),
  'PATCH /ats/v0/job_stage_items/{id}': (cell) => ({ package_id: packageOf(cell) }),
  'POST /ats/v0/background_checks/{id}/resend': () => ({}),
  'POST /ats/v0/background_checks/{id}/decide': () => ({ send_again: true }),
  'PUT /ats/v0/candidates/{id}/legal_hold': () => ({ held: false }),
  'PUT /ats/v0/retention_rule': () => ({ months: null }),
  'PUT /ats/v0/result_retention_rule': () => ({ months: null }),
  'PUT /ats/v0/integrations/{vendor}': () => ({}),
  'POST /ats/v0/webhook_endpoints': () => anEndpoint,
  'PATCH /ats/v0/webhook_endpoints/{id}': () => ({ description: `Endpoint ${next()}` }),
  'POST /ats/v0/webhook_endpoints/{id}/replay': () => ({ since: new Date().toISOString() }),
  'POST /dev/sessions': ({ people }) => ({ user_id: people.admin.id }),
  'POST /auth/teams': ({ world }) => ({ team_id: world.home.team.teamId }),
  'POST /dev/sign-in': ({ people }) => ({ user_id: people.admin.id }),
};

/** Calls that use up a record first get their own, created by the admin of its team. */
const ownThings: Record<string, (cell: Cell) => Promise<Partial<Place>>> = {
  'DELETE /ats/v0/job_stages/{id}': async ({ world, place }) => ({
    stageId: await aStage(teamOf(world, place.name).admin, place.jobId, 'To be removed'),
  }),
  'DELETE /ats/v0/job_stage_items/{id}': freshItem,
  'DELETE /ats/v0/service_accounts/{id}': freshAccount,
  'POST /ats/v0/service_accounts/{id}/keys': freshAccount,
  'DELETE /ats/v0/service_accounts/{id}/keys/{key_id}': freshAccount,
  'POST /ats/v0/applications/{id}/background_checks': freshItem,
  // The candidate is known through the job, but has no active application on it.
  'POST /ats/v0/applications': async ({ world, place }) => {
    const { admin } = teamOf(world, place.name);
    const candidateId = await aCandidate(admin);
    const applicationId = await anApplication(admin, candidateId, place.jobId);
    await admin.patch(`/applications/${applicationId}`, { status: 'rejected' });
    return { candidateId };
  },
  'POST /ats/v0/candidates/{id}/anonymise': async ({ world, place }) => {
    const { admin } = teamOf(world, place.name);
    const candidateId = await aCandidate(admin);
    await anApplication(admin, candidateId, place.jobId);
    return { candidateId };
  },
  'DELETE /ats/v0/webhook_endpoints/{id}': async ({ world, place }) => {
    const { admin } = teamOf(world, place.name);
    return { webhookEndpointId: (await admin.post<{ id: string }>('/webhook_endpoints', anEndpoint)).body.id };
  },
  'POST /ats/v0/users/{id}/erase': async ({ world, place }) => {
    const { body } = await teamOf(world, place.name).admin.post<{ id: string }>('/users', aPerson());
    return { userId: body.id };
  },
};

async function freshItem(cell: Cell): Promise<Partial<Place>> {
  const { admin } = teamOf(cell.world, cell.place.name);
  return { itemId: await aCertnItem(admin, cell.place.stageId, packageOf(cell)) };
}

async function freshAccount({ world, place }: Cell): Promise<Partial<Place>> {
  const { id, keyId } = await aMachine(teamOf(world, place.name).admin);
  return { accountId: id, keyId };
}

/** The request of one cell. A call that will be refused uses up no record, so it gets none of its own. */
export async function requestFor(route: string, cell: Cell, refused: boolean): Promise<Asked & { method: string }> {
  const [method = '', template = ''] = route.split(' ');
  const place = { ...cell.place, ...(refused ? {} : await ownThings[route]?.(cell)) };
  const own = { ...cell, place };
  const path = template
    .replace('{vendor}', 'certn')
    .replace('{id}', () => idIn(template, own))
    .replace('{job_stage_item_id}', place.taskId)
    .replace('{key_id}', place.keyId);
  if (route === 'POST /ats/v0/imports') {
    return { method, path, body: '\n', headers: { 'content-type': 'application/x-ndjson' } };
  }
  if (route.endsWith('/applications/{id}/background_checks')) {
    return { method, path, body: { job_stage_item_id: place.itemId } };
  }
  return { method, path, body: bodies[route]?.(own) };
}

/** Fills placeholders such as `{secret.jobId}` in a list's query. */
export const filled = (query: string, world: World): string =>
  query.replaceAll(/\{(\w+)\.(\w+)\}/g, (_, name: PlaceName, field: keyof Place) =>
    String(placesOf(world)[name][field]),
  );
