import { anExpiredCheck, shows } from './checks.js';
import { eventually } from './eventually.js';
import { aMachine, aServiceAccount } from './machines.js';
import { aColleague, type Person } from './people.js';
import {
  aCandidate,
  aCertnItem,
  aJob,
  anApplication,
  aSentCheck,
  aStage,
  aTask,
  type ConnectedTeam,
  type ReadyToSend,
  readyToSend,
  send,
} from './fixtures.js';

/** Personal data in these requests. None of it may be in the audit log. */
export const personal = ['Ottoline', 'Quillfeather', 'ottoline@example.org', 'quill@example.org', '+49 555 0199'];
const [firstName, lastName, email, otherEmail, phone] = personal as [string, string, string, string, string];

/** The records that the requests are about. */
export interface AuditFixture {
  team: ConnectedTeam;
  admin: Person;
  ready: ReadyToSend;
}

interface Request {
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A successful call of the route writes these entries, or none for the stated reason. */
export type Audited = { leaves: string[]; ask: (fixture: AuditFixture) => Promise<Request> } | { exempt: string };

const ndjson = { 'content-type': 'application/x-ndjson' };
const jsonLines = (...lines: unknown[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function undecided({ team }: AuditFixture): Promise<string> {
  const { control } = team.sandbox;
  // An order of an earlier request may still be in progress and get the fault first.
  await control.fault({ account: team.account.id, route: 'order-package', kind: 'reset-before', times: 5 });
  const { body } = await send(team.admin, await readyToSend(team));
  await shows(team, body.id, 'that a decision is needed', ({ status }) => status === 'needs_decision', 20_000);
  await control.clearFaults();
  return body.id;
}

/** At an address that answers nobody. */
const aWebhookEndpoint = { url: 'http://127.0.0.1:9/hook', event_types: ['webhook_endpoint.disabled'] };

async function webhookEndpoint(admin: Person): Promise<string> {
  const { body } = await admin.post<{ id: string }>('/webhook_endpoints', aWebhookEndpoint);
  return `/webhook_endpoints/${body.id}`;
}

async function anInboundEvent({ team }: AuditFixture): Promise<string> {
  await aSentCheck(team);
  const deliveries = await eventually(
    'a webhook event was stored',
    async () => (await team.admin.get<{ id: string }[]>('/integrations/certn/webhook_events')).body,
    (found) => found.length > 0,
  );
  return deliveries[0]?.id ?? '';
}

/** Every call that changes data, by method and path. A route that is missing here fails the test. */
export const auditedRoutes: Record<string, Audited> = {
  'POST /dev/sign-in': { exempt: 'the choice of demo people; no such route in production' },
  'POST /dev/sessions': { exempt: 'as POST /dev/sign-in' },
  'POST /auth/sign-out': { exempt: "needs a browser's session: sessions-ended.flow-spec reads its entry" },
  'POST /auth/teams': { exempt: 'needs a sign-in at a provider: sessions-several-teams.flow-spec reads its entry' },
  'POST /ats/v0/background_checks/{id}/refresh': { exempt: 'a read: the case is read again at the vendor' },
  'POST /ats/v0/integrations/{vendor}/test': { exempt: 'a read with the saved key; nothing is stored' },

  'POST /ats/v0/users': {
    leaves: ['user.create'],
    ask: async () => ({ path: '/users', body: { name: 'Grace', email: 'grace@scene.test', access_level: 'limited' } }),
  },
  'PATCH /ats/v0/users/{id}': {
    leaves: ['user.update'],
    ask: async ({ admin }) => {
      const { id } = await aColleague(admin, 'limited');
      return { path: `/users/${id}`, body: { access_level: 'standard' } };
    },
  },
  'POST /ats/v0/users/{id}/erase': {
    leaves: ['user.erase'],
    ask: async ({ admin }) => ({ path: `/users/${(await aColleague(admin, 'limited')).id}/erase` }),
  },
  'POST /ats/v0/service_accounts': {
    leaves: ['service_account.create'],
    ask: async () => ({ path: '/service_accounts', body: { name: 'Feed', access_level: 'limited', scopes: [] } }),
  },
  'PATCH /ats/v0/service_accounts/{id}': {
    leaves: ['service_account.update'],
    ask: async ({ admin }) => ({ path: `/service_accounts/${await aServiceAccount(admin)}`, body: { scopes: [] } }),
  },
  'DELETE /ats/v0/service_accounts/{id}': {
    leaves: ['service_account.delete'],
    ask: async ({ admin }) => ({ path: `/service_accounts/${await aServiceAccount(admin)}` }),
  },
  'POST /ats/v0/service_accounts/{id}/keys': {
    leaves: ['service_account.key_create'],
    ask: async ({ admin }) => {
      return { path: `/service_accounts/${await aServiceAccount(admin)}/keys`, body: { expires_in_days: 1 } };
    },
  },
  'DELETE /ats/v0/service_accounts/{id}/keys/{key_id}': {
    leaves: ['service_account.key_revoke'],
    ask: async ({ admin }) => {
      const { id, keyId } = await aMachine(admin);
      return { path: `/service_accounts/${id}/keys/${keyId}` };
    },
  },
  'POST /ats/v0/jobs': {
    leaves: ['job.create'],
    ask: async () => ({ path: '/jobs', body: { name: 'Beekeeper', confidential: true } }),
  },
  'PATCH /ats/v0/jobs/{id}': {
    leaves: ['job.update'],
    ask: async ({ admin }) => ({ path: `/jobs/${await aJob(admin)}`, body: { confidential: true } }),
  },
  'PUT /ats/v0/jobs/{id}/permissions': {
    leaves: ['permissions.replace'],
    ask: async ({ admin }) => ({ path: `/jobs/${await aJob(admin)}/permissions`, body: [] }),
  },
  'POST /ats/v0/candidates': {
    leaves: ['candidate.create'],
    ask: async () => ({
      path: '/candidates',
      body: {
        first_name: firstName,
        last_name: lastName,
        email_addresses: [{ value: email, is_primary: true }],
        phone_numbers: [{ value: phone }],
      },
    }),
  },
  'PATCH /ats/v0/candidates/{id}': {
    leaves: ['candidate.update'],
    ask: async ({ admin }) => ({
      path: `/candidates/${await aCandidate(admin, email)}`,
      body: { last_name: lastName, email_addresses: [{ value: otherEmail }] },
    }),
  },
  'POST /ats/v0/candidates/{id}/anonymise': {
    leaves: ['candidate.anonymise'],
    ask: async ({ admin }) => ({ path: `/candidates/${await aCandidate(admin)}/anonymise` }),
  },
  'PUT /ats/v0/candidates/{id}/legal_hold': {
    leaves: ['candidate.legal_hold'],
    ask: async ({ admin }) => ({ path: `/candidates/${await aCandidate(admin)}/legal_hold`, body: { held: true } }),
  },
  'PUT /ats/v0/retention_rule': {
    leaves: ['retention_rule.update'],
    ask: async () => ({ path: '/retention_rule', body: { months: 24 } }),
  },
  'PUT /ats/v0/result_retention_rule': {
    leaves: ['result_retention_rule.update'],
    ask: async () => ({ path: '/result_retention_rule', body: { months: 12 } }),
  },
  'POST /ats/v0/jobs/{id}/stages': {
    leaves: ['stage.create'],
    ask: async ({ ready }) => ({ path: `/jobs/${ready.jobId}/stages`, body: { name: 'Onsite' } }),
  },
  'PATCH /ats/v0/job_stages/{id}': {
    leaves: ['stage.update'],
    ask: async ({ ready }) => ({ path: `/job_stages/${ready.stageId}`, body: { name: 'Renamed' } }),
  },
  'DELETE /ats/v0/job_stages/{id}': {
    leaves: ['stage.delete'],
    ask: async ({ admin, ready }) => ({ path: `/job_stages/${await aStage(admin, ready.jobId, 'Not needed')}` }),
  },
  'POST /ats/v0/job_stages/{id}/items': {
    leaves: ['item.create'],
    ask: async ({ ready }) => ({
      path: `/job_stages/${ready.stageId}/items`,
      body: { type: 'interview', name: 'A talk' },
    }),
  },
  'PATCH /ats/v0/job_stage_items/{id}': {
    leaves: ['item.update'],
    ask: async ({ team, ready }) => ({
      path: `/job_stage_items/${ready.itemId}`,
      body: { package_id: team.packages[1]?.id },
    }),
  },
  'DELETE /ats/v0/job_stage_items/{id}': {
    leaves: ['item.delete'],
    ask: async ({ team, admin, ready }) => ({
      path: `/job_stage_items/${await aCertnItem(admin, ready.stageId, team.packageId)}`,
    }),
  },
  'POST /ats/v0/applications': {
    leaves: ['application.create', 'application.move'],
    ask: async ({ admin, ready }) => ({
      path: '/applications',
      body: { candidate_id: await aCandidate(admin), job_id: ready.jobId },
    }),
  },
  'PATCH /ats/v0/applications/{id}': {
    leaves: ['application.update', 'application.move'],
    ask: async ({ admin, ready }) => {
      const applicationId = await anApplication(admin, await aCandidate(admin), ready.jobId);
      return { path: `/applications/${applicationId}`, body: { status: 'rejected', stage_id: ready.stageId } };
    },
  },
  'PUT /ats/v0/applications/{id}/tasks/{job_stage_item_id}': {
    leaves: ['task.update'],
    ask: async ({ admin }) => {
      const jobId = await aJob(admin);
      const taskId = await aTask(admin, await aStage(admin, jobId, 'References'));
      const applicationId = await anApplication(admin, await aCandidate(admin), jobId);
      return { path: `/applications/${applicationId}/tasks/${taskId}`, body: { done: true } };
    },
  },
  'POST /ats/v0/imports': {
    leaves: [
      ...['import.start', 'job.create', 'stage.create', 'candidate.create'],
      ...['application.create', 'application.move', 'import.finish'],
    ],
    ask: async () => ({
      path: '/imports',
      headers: ndjson,
      body: jsonLines(
        { type: 'job', external_id: 'j-1', name: 'Diver', stages: [{ name: 'Call' }] },
        { type: 'candidate', external_id: 'c-1', first_name: firstName, last_name: lastName },
        { type: 'application', external_id: 'a-1', candidate: 'c-1', job: 'j-1' },
      ),
    }),
  },
  'POST /ats/v0/applications/{id}/background_checks': {
    leaves: ['background_check.send'],
    ask: async ({ team }) => {
      const { applicationId, itemId } = await readyToSend(team);
      return { path: `/applications/${applicationId}/background_checks`, body: { job_stage_item_id: itemId } };
    },
  },
  'POST /ats/v0/background_checks/{id}/cancel': {
    leaves: ['background_check.cancel'],
    ask: async ({ team }) => ({ path: `/background_checks/${(await aSentCheck(team)).id}/cancel` }),
  },
  'POST /ats/v0/background_checks/{id}/resend': {
    leaves: ['background_check.resend'],
    ask: async ({ team }) => ({
      path: `/background_checks/${(await anExpiredCheck(team)).id}/resend`,
      body: { email: otherEmail },
    }),
  },
  'POST /ats/v0/background_checks/{id}/decide': {
    leaves: ['background_check.decide'],
    ask: async (fixture) => ({
      path: `/background_checks/${await undecided(fixture)}/decide`,
      body: { send_again: true },
    }),
  },
  'POST /ats/v0/integrations/{vendor}/webhook_events/{id}/replay': {
    leaves: ['delivery.replay'],
    ask: async (fixture) => ({ path: `/integrations/certn/webhook_events/${await anInboundEvent(fixture)}/replay` }),
  },
  'PUT /ats/v0/integrations/{vendor}': {
    leaves: ['integration.rotate'],
    ask: async () => ({ path: '/integrations/certn', body: { webhook_secret_key: 'another secret of this webhook' } }),
  },
  'POST /ats/v0/webhook_endpoints': {
    leaves: ['webhook_endpoint.create'],
    ask: async () => ({ path: '/webhook_endpoints', body: aWebhookEndpoint }),
  },
  'PATCH /ats/v0/webhook_endpoints/{id}': {
    leaves: ['webhook_endpoint.update'],
    ask: async ({ admin }) => ({ path: await webhookEndpoint(admin), body: { include_names: true } }),
  },
  'DELETE /ats/v0/webhook_endpoints/{id}': {
    leaves: ['webhook_endpoint.delete'],
    ask: async ({ admin }) => ({ path: await webhookEndpoint(admin) }),
  },
  'POST /ats/v0/webhook_endpoints/{id}/rotate_secret': {
    leaves: ['webhook_endpoint.rotate_secret'],
    ask: async ({ admin }) => ({ path: `${await webhookEndpoint(admin)}/rotate_secret` }),
  },
  'POST /ats/v0/webhook_endpoints/{id}/test': {
    leaves: ['webhook_endpoint.test'],
    ask: async ({ admin }) => ({ path: `${await webhookEndpoint(admin)}/test` }),
  },
  'POST /ats/v0/webhook_endpoints/{id}/replay': {
    leaves: ['webhook_endpoint.replay'],
    ask: async ({ admin }) => ({
      path: `${await webhookEndpoint(admin)}/replay`,
      body: { since: new Date().toISOString() },
    }),
  },
  'DELETE /ats/v0/integrations/{vendor}': {
    leaves: ['integration.disable'],
    ask: async () => ({ path: '/integrations/certn' }),
  },
};
