import { randomUUID } from 'node:crypto';
import { call } from '../people.js';
import { type CallerName, permissionsOn } from './callers.js';
import type { Cell } from './requests.js';
import { placesOf } from './world.js';

/**
 * Every body field and every filter that takes an id, with the places whose ids are accepted: o(wn), t(he other),
 * s(ecret), f(oreign), - none. Accepted means that a change continues to its other rules, or that a list finds something.
 * The other parts of a request belong to `own`. No caller may use another spelling of the same id.
 */
export const idFields = `
                                                                   admin themself standard confidant manager sender reader viewer outsider stranger disabled visitor robot clerk runner
POST /ats/v0/applications job_id                                   ots   ots      ot       ots       o       -      -      -      -        f        -        -        ots   -     -
POST /ats/v0/applications candidate_id                             ots   ots      ot       ots       o       -      -      -      -        -        -        -        ots   -     -
POST /ats/v0/applications stage_id                                 o     o        o        o         o       -      -      -      -        -        -        -        o     -     -
PATCH /ats/v0/applications/{id} stage_id                           o     o        o        o         o       -      -      -      -        -        -        -        o     -     -
POST /ats/v0/applications/{id}/background_checks job_stage_item_id o     -        o        o         o       o      -      -      -        -        -        -        o     -     o
POST /ats/v0/job_stages/{id}/items assignee_id                     ots   ots      ots      ots       ots     -      -      -      -        -        -        -        ots   -     -
PATCH /ats/v0/job_stage_items/{id} assignee_id                     ots   ots      ots      ots       ots     -      -      -      -        -        -        -        ots   -     -
POST /ats/v0/users linked_candidate_ids                            ots   ots      -        -         -       -      -      -      -        f        -        -        -     -     -
PATCH /ats/v0/users/{id} linked_candidate_ids                      ots   ots      -        -         -       -      -      -      -        -        -        -        -     -     -
PUT /ats/v0/jobs/{id}/permissions user_id                          ots   ots      -        -         ots     -      -      -      -        -        -        -        -     -     -
POST /dev/sign-in user_id                                          otsf  otsf     otsf     otsf      otsf    otsf   otsf   otsf   otsf     otsf     otsf     otsf        otsf  otsf  otsf
POST /dev/sessions user_id                                         -     -        -        -         -       -      -      -      -        -        -        -        -     -     -
POST /auth/teams team_id                                           -     -        -        -         -       -      -      -      -        -        -        -        -     -     -
POST /ats/v0/webhook_endpoints/{id}/replay event_id                ots   ots      -        -         -       -      -      -      -        -        -        -        -     -     -
GET /ats/v0/candidates job_id                                      ots   ots      ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/applications job_id                                    ots   ots      ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/applications candidate_id                              ots   ots      ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/applications stage_id                                  ots   ots      ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/background_checks job_id                               ots   ts       ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/background_checks application_id                       ots   ts       ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/background_checks candidate_id                         ots   ts       ot       ots       o       o      o      o      -        f        -        -        ots   ots   o
GET /ats/v0/integrations/{vendor}/webhook_events background_check_id      ots   ts       -        -         -       -      -      -      -        f        -        -        ots   ots   -
GET /ats/v0/audit_log actor_id                                     ots   ots      -        -         -       -      -      -      -        f        -        -        -     -     -
GET /ats/v0/audit_log entity_id                                    ots   ots      -        -         -       -      -      -      -        f        -        -        -     -     -
`;

/** Other spellings that Postgres, a parser or a reader takes for the same id. */
export const spellings: Record<string, (id: string) => string> = {
  capitals: (id) => id.toUpperCase(),
  'one capital': (id) => id.replace(/[a-f]/, (letter) => letter.toUpperCase()),
  braces: (id) => `{${id}}`,
  'a URN': (id) => `urn:uuid:${id}`,
  'no hyphens': (id) => id.replaceAll('-', ''),
  'other hyphens': (id) => id.replaceAll('-', '').replace(/(.{4})(?=.)/g, '$1-'),
  'a space before': (id) => ` ${id}`,
  'a line break after': (id) => `${id}\n`,
  'full-width digits': (id) => id.replace(/\d/g, (digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)),
};

/** The id of one place for a field. Users have no place: those of the first team stand for its own three places. */
const idFor: Record<string, (cell: Cell) => string> = {
  job_id: ({ place }) => place.jobId,
  candidate_id: ({ place }) => place.candidateId,
  linked_candidate_ids: ({ place }) => place.candidateId,
  application_id: ({ place }) => place.applicationId,
  stage_id: ({ place }) => place.stageId,
  job_stage_item_id: ({ place }) => place.itemId,
  background_check_id: ({ place }) => place.checkId,
  entity_id: ({ place }) => place.checkId,
  team_id: ({ place, world }) => (place.name === 'foreign' ? world.away.team.teamId : world.home.team.teamId),
  user_id: ({ place, people }) => (place.name === 'foreign' ? people.stranger.id : people.viewer.id),
  assignee_id: ({ place, people }) => (place.name === 'foreign' ? people.stranger.id : people.viewer.id),
  event_id: ({ place }) => place.webhookEventId,
  actor_id: ({ place, people }) => (place.name === 'foreign' ? people.stranger.id : people.admin.id),
};
export const idIn = (field: string, cell: Cell): string => idFor[field]?.(cell) ?? '';

type Body = (id: string, cell: Cell) => unknown;

/** Bodies that fail after the rule on the id, where a success would change who sees what. */
const bodies: Record<string, Body> = {
  'POST /ats/v0/applications job_id': (id) => ({ job_id: id, candidate_id: randomUUID() }),
  'POST /ats/v0/applications candidate_id': (id, { world }) => ({
    candidate_id: id,
    job_id: world.home.places.own.jobId,
    stage_id: randomUUID(),
  }),
  'POST /ats/v0/applications stage_id': (id, { world }) => ({
    candidate_id: world.home.places.own.candidateId,
    job_id: world.home.places.own.jobId,
    stage_id: id,
  }),
  'PATCH /ats/v0/applications/{id} stage_id': (id) => ({ stage_id: id }),
  'POST /ats/v0/applications/{id}/background_checks job_stage_item_id': (id) => ({ job_stage_item_id: id }),
  'POST /ats/v0/job_stages/{id}/items assignee_id': (id) => ({ type: 'task', title: 'Call', assignee_id: id }),
  'PATCH /ats/v0/job_stage_items/{id} assignee_id': (id) => ({ assignee_id: id }),
  'POST /ats/v0/users linked_candidate_ids': (id) => ({
    name: 'Grace',
    email: `${randomUUID()}@matrix.test`,
    access_level: 'limited',
    linked_candidate_ids: [id],
  }),
  // Another user has this address, so the request is refused with 409 after the ids were accepted.
  'PATCH /ats/v0/users/{id} linked_candidate_ids': (id) => ({ linked_candidate_ids: [id], email: takenEmail }),
  'PUT /ats/v0/jobs/{id}/permissions user_id': (id, { world, people }) =>
    permissionsOn(world.home.places.own, people).map((entry) =>
      entry.user_id === people.viewer.id ? { ...entry, user_id: id } : entry,
    ),
  'POST /ats/v0/webhook_endpoints/{id}/replay event_id': (id) => ({ event_id: id }),
  'POST /dev/sign-in user_id': (id) => ({ user_id: id }),
  'POST /dev/sessions user_id': (id) => ({ user_id: id }),
  'POST /auth/teams team_id': (id) => ({ team_id: id }),
};
export const takenEmail = 'taken@matrix.test';

/** A field with an unknown id, which is reported after the tested id was accepted. */
const nextFault: Record<string, string> = {
  'POST /ats/v0/applications job_id': 'candidate_id',
  'POST /ats/v0/applications candidate_id': 'stage_id',
};

export interface Tried {
  status: number;
  accepted: boolean;
  body: unknown;
}

/** Sends an id as written in a field of a route. Everything else in the request is valid. */
export async function tries(row: string, id: string, caller: CallerName, cell: Cell): Promise<Tried> {
  const [method = '', template = '', field = ''] = row.split(' ');
  const { own } = placesOf(cell.world);
  const path = template
    .replace('{vendor}', 'certn')
    .replace('/users/{id}', `/users/${cell.people.viewer.id}`)
    .replace('/jobs/{id}', `/jobs/${own.jobId}`)
    .replace('/job_stages/{id}', `/job_stages/${own.stageId}`)
    .replace('/webhook_endpoints/{id}', `/webhook_endpoints/${own.webhookEndpointId}`)
    .replace('/job_stage_items/{id}', `/job_stage_items/${own.taskId}`)
    .replace('{id}', own.applicationId);
  const person = cell.people[caller];
  const { credential } = person;
  if (method === 'GET') {
    // The attempt is in the team's own audit log. The filter selects completed actions only.
    const done = field === 'entity_id' ? '&action=background_check.send' : '';
    const query = `${path}?${field}=${encodeURIComponent(id)}${done}`;
    const { status, body } = await call<unknown>(person.url, method, query, undefined, credential);
    return { status, body, accepted: status === 200 && Array.isArray(body) && body.length > 0 };
  }
  const { status, body } = await call<unknown>(person.url, method, path, bodies[row]?.(id, cell), credential);
  return {
    status,
    body,
    accepted: status < 300 || status === 409 || (status === 422 && complainsOf(body, nextFault[row])),
  };
}

function complainsOf(body: unknown, field: string | undefined): boolean {
  const { errors } = body as { errors: { json?: Record<string, unknown> } };
  return field !== undefined && Object.keys(errors.json ?? {}).join() === field;
}
