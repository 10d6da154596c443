import type { RunningApp } from '../app.js';
import { eventually } from '../eventually.js';
import { aMachine } from '../machines.js';
import type { Sandbox } from '../sandbox.js';
import {
  aCertnItem,
  aJob,
  anApplication,
  aStage,
  aTask,
  completes,
  connectedTeam,
  type ConnectedTeam,
  reaches,
  send,
} from '../fixtures.js';

/** Jobs as the first team sees them: its own, another one, a confidential one, and one of the other team. */
export const placeNames = ['own', 'other', 'secret', 'foreign'] as const;
export type PlaceName = (typeof placeNames)[number];

/** A job with a plan, a candidate, their application and a complete check. All of them contain the job's mark. */
export interface Place {
  name: PlaceName;
  mark: string;
  email: string;
  jobId: string;
  stageId: string;
  itemId: string;
  taskId: string;
  candidateId: string;
  applicationId: string;
  checkId: string;
  caseId: string;
  deliveryIds: string[];
  /** A service account of the team, and its key. */
  accountId: string;
  keyId: string;
  webhookEndpointId: string;
  webhookEventId: string;
  /** A user whom tests may erase. */
  userId?: string;
}

export interface World {
  home: { team: ConnectedTeam; places: { own: Place; other: Place; secret: Place } };
  away: { team: ConnectedTeam; places: { foreign: Place } };
}

export const placesOf = ({ home, away }: World): Record<PlaceName, Place> => ({ ...home.places, ...away.places });
export const teamOf = ({ home, away }: World, name: PlaceName): ConnectedTeam =>
  name === 'foreign' ? away.team : home.team;

export async function aWorld(app: RunningApp, sandbox: Sandbox): Promise<World> {
  const [home, away] = await Promise.all([connectedTeam(app, sandbox), connectedTeam(app, sandbox)]);
  const [own, other, secret, foreign] = await Promise.all([
    aPlace(home, 'own'),
    aPlace(home, 'other'),
    aPlace(home, 'secret'),
    aPlace(away, 'foreign'),
  ]);
  return { home: { team: home, places: { own, other, secret } }, away: { team: away, places: { foreign } } };
}

/** At an address that answers nobody. Of all events it gets only the tests that a request sends. */
/** Nothing listens there. */
export const anEndpoint = { url: 'http://127.0.0.1:9/mark', event_types: ['webhook_endpoint.disabled'] };

async function aPlace(team: ConnectedTeam, name: PlaceName): Promise<Place> {
  const { admin } = team;
  const mark = `Mark${name}`;
  const email = `${mark.toLowerCase()}@example.org`;
  const jobId = await aJob(admin, { name: `Job ${mark}`, confidential: name === 'secret' });
  const stageId = await aStage(admin, jobId, `Stage ${mark}`);
  const itemId = await aCertnItem(admin, stageId, team.packageId);
  const taskId = await aTask(admin, stageId);
  const candidate = {
    first_name: 'Ada',
    last_name: mark,
    email_addresses: [{ value: email, is_primary: true }],
  };
  const candidateId = (await admin.post<{ id: string }>('/candidates', candidate)).body.id;
  const applicationId = await anApplication(admin, candidateId, jobId);
  const checkId = (await send(admin, { applicationId, itemId })).body.id;
  const caseId = (await reaches(team, checkId, 'invited')).vendor.case_id ?? '';
  await completes(team, caseId, 'REJECT');
  await reaches(team, checkId, 'complete');
  const deliveryIds = await processedInboundEvents(team, checkId);
  const machine = await aMachine(admin);
  const webhookEndpointId = (await admin.post<{ id: string }>('/webhook_endpoints', anEndpoint)).body.id;
  const { body: tested } = await admin.post<{ event_id: string }>(`/webhook_endpoints/${webhookEndpointId}/test`);
  return {
    name,
    mark,
    email,
    jobId,
    stageId,
    itemId,
    taskId,
    candidateId,
    applicationId,
    checkId,
    caseId,
    deliveryIds,
    accountId: machine.id,
    keyId: machine.keyId,
    webhookEndpointId,
    webhookEventId: tested.event_id,
  };
}

/** After every inbound event is processed, no data changes without a request. */
async function processedInboundEvents({ admin }: ConnectedTeam, checkId: string): Promise<string[]> {
  const path = `/integrations/certn/webhook_events?background_check_id=${checkId}`;
  const deliveries = await eventually(
    'the inbound events are processed',
    async () => (await admin.get<{ id: string; outcome: string | null }[]>(path)).body,
    (found) => found.length >= 5 && found.every(({ outcome }) => outcome !== null),
  );
  return deliveries.map(({ id }) => id);
}
