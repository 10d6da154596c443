import type { OpenAPIObject } from '@nestjs/swagger';
import { operationsOf } from './operations.js';

interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  minimum?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
}

const id = '01980f3e-7c55-7d2a-9a51-6f1f0c3b7e21';
const moment = '2026-03-02T09:30:00.000Z';

/** Values by field, or by schema and field where the schema decides. Every other field gets one by its type. */
const values: Record<string, unknown> = {
  action: 'background_check.send',
  available_actions: ['refresh', 'cancel'],
  case_id: 'b7c2a9f4-18d0-4f0a-8a55-0f6f2c1d9e10',
  cannot_change_reason: null,
  cannot_send_reason: null,
  client_id: null,
  'ServiceAccountResponse.client_id': 'nightly-import',
  configuration: null,
  'ChangesResponse.cursor': 'MS4wMTk4MGYzZS03YzU1',
  deleted: false,
  deleted_at: null,
  detail: 'The vendor accepts the saved API key.',
  'ServiceAccountResponse.disabled': false,
  'CreateServiceAccountRequest.disabled': false,
  'ChangeServiceAccountRequest.disabled': false,
  display_name: 'Phone interview',
  done_at: null,
  done_by: null,
  email: 'jane.doe@example.com',
  entity: 'background_check',
  entity_id: id,
  errors: {},
  event_id: 'evt_4821',
  event_type: 'CASE_STATUS_CHANGED',
  expires_in_days: 90,
  external_id: 'crm-1042',
  failure: null,
  first_name: 'Jane',
  from: null,
  'AuditResponse.from': { status: 'active' },
  has_more: false,
  ip: '192.0.2.10',
  key: 'ats_000000000000000000000000000000002xVZSZ',
  last4: '7f3a',
  'IssuedKeyResponse.last4': 'VZSZ',
  last_error: null,
  likely_cause: null,
  last_name: 'Doe',
  message: null,
  'LastErrorResponse.message': 'The vendor refused the API key.',
  name: 'Support engineer',
  'PackageResponse.name': 'Basic criminal check',
  'OrderedPackageResponse.name': 'Basic criminal check',
  'ItemPackageResponse.name': 'Basic criminal check',
  'PlanPackageResponse.name': 'Basic criminal check',
  'StageResponse.name': 'Phone screen',
  'PlanStageResponse.name': 'Phone screen',
  'CreateStageRequest.name': 'Phone screen',
  'ChangeStageRequest.name': 'Phone screen',
  'CreateInterviewRequest.name': 'Phone interview',
  'ChangeInterviewRequest.name': 'Phone interview',
  'PersonResponse.name': 'Jane Doe',
  'PersonShown.name': 'Jane Doe',
  'UserResponse.name': 'Jane Doe',
  'MeResponse.name': 'Jane Doe',
  'MeResponse.scopes': null,
  'ServiceAccountResponse.name': 'Job board feed',
  'CreateServiceAccountRequest.name': 'Job board feed',
  'ChangeServiceAccountRequest.name': 'Job board feed',
  'CreateUserRequest.name': 'Jane Doe',
  'ChangeUserRequest.name': 'Jane Doe',
  'SavedByResponse.name': 'Jane Doe',
  'VendorResponse.name': 'Example Vendor',
  'IntegrationResponse.name': 'Example Vendor',
  'ListedIntegrationResponse.name': 'Example Vendor',
  package: 'Basic criminal check',
  package_id: 'basic',
  'PackageResponse.id': 'basic',
  'OrderedPackageResponse.id': 'basic',
  'ItemPackageResponse.id': 'basic',
  'PlanPackageResponse.id': 'basic',
  paused_until: null,
  portal_url: 'https://vendor.example.com/cases',
  provider_url: null,
  reason: 'vendor_unreachable',
  region: 'ca',
  removed_at: moment,
  replaced_by_id: null,
  replaces_id: null,
  requisition_id: 'REQ-17',
  result: null,
  result_label: null,
  result_removed_at: null,
  results_url: null,
  return_to: '/candidates',
  score: null,
  setup_steps: ['Sign in to the vendor.', 'Create an API key and enter it here.'],
  short_id: 'CS_4821',
  status_label: 'Invited',
  'CheckResponse.status': 'invited',
  'PlanItemResponse.background_checks': [],
  title: 'Call the reference',
  to: null,
  'AuditResponse.to': { status: 'rejected' },
  value: 'jane.doe@example.com',
  'PhoneFields.value': '+1 604 555 0123',
  vendor: 'example_vendor',
  vendor_name: 'Example Vendor',
  'VendorResponse.id': 'example_vendor',
  'VendorResponse.status': 'INVITED',
  webhook_url: 'https://ats.example.com/webhooks',
  'RegionResponse.id': 'ca',
  'RegionResponse.label': 'Canada',
  environments: ['production', 'sandbox'],
  'IntegrationResponse.state': 'enabled',
  description: 'Our reports',
  disabled: false,
  disabled_at: null,
  disabled_reason: null,
  error: null,
  failing_since: null,
  host: 'hooks.example.com',
  http_status: 204,
  include_names: false,
  include_results: false,
  next_try_at: null,
  'DisabledEndpointResponse.reason': 'gone',
  'ReplayRequest.event_id': id,
  'TestEventResponse.event_id': id,
  'WebhookAttemptResponse.event_id': id,
  'WebhookAttemptResponse.status': 'succeeded',
  'WebhookAttemptResponse.type': 'background_check.completed',
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  url: 'https://hooks.example.com/ats',
  webhook_endpoint: null,
  'SaveConnectionRequest.api_key': 'the API key',
  'SaveConnectionRequest.webhook_secret_key': 'the webhook secret key',
};

/** Fields that cannot be given together with another one of the example. */
const leftOut: ReadonlySet<string> = new Set(['ReplayRequest.since']);

const byFormat: Record<string, unknown> = {
  uuid: id,
  'date-time': moment,
  date: moment.slice(0, 10),
  email: values['email'],
  uri: 'https://ats.example.com/candidates',
};

/** Adds an example to every body that is JSON: those of requests, and those of successes. */
export function withExamples(document: OpenAPIObject): OpenAPIObject {
  const schemas = (document.components?.schemas ?? {}) as Record<string, Schema>;
  for (const { described } of operationsOf(document)) {
    const answers = Object.entries(described.responses).filter(([status]) => status.startsWith('2'));
    for (const body of [described.requestBody, ...answers.map(([, answer]) => answer)]) {
      const json = (body as { content?: Record<string, { schema?: Schema; example?: unknown }> } | undefined)
        ?.content?.['application/json'];
      if (json?.schema) json.example ??= exampleOf(json.schema, '', '', schemas);
    }
  }
  return document;
}

function exampleOf(schema: Schema, field: string, owner: string, schemas: Record<string, Schema>): unknown {
  const named = [`${owner}.${field}`, field].find((key) => key in values);
  const ref = schema.$ref?.split('/').at(-1);
  if (named !== undefined && fits(values[named], schema)) return values[named];
  if (ref !== undefined) return exampleOf(schemas[ref] ?? {}, '', ref, schemas);
  const [one] = schema.allOf ?? schema.anyOf ?? schema.oneOf ?? [];
  if (one) return exampleOf(one, field, owner, schemas);
  if (schema.enum) return schema.enum[0];
  const type = [schema.type].flat()[0];
  if (type === 'array') return [exampleOf(schema.items ?? {}, field, owner, schemas)];
  if (type === 'object') return objectOf(schema, owner, schemas);
  if (type === 'boolean') return field !== 'withheld';
  if (type === 'integer') return Math.max(schema.minimum ?? 0, 1);
  return byFormat[schema.format ?? ''] ?? 'text';
}

const objectOf = (schema: Schema, owner: string, schemas: Record<string, Schema>): object =>
  Object.fromEntries(
    Object.entries(schema.properties ?? {})
      .filter(([field]) => !leftOut.has(`${owner}.${field}`))
      .map(([field, of]) => [field, exampleOf(of, field, owner, schemas)]),
  );

/** Whether a value of the table is of the field's type: a field may have the name of another one. */
function fits(value: unknown, { type, enum: words, $ref, anyOf, oneOf, allOf }: Schema): boolean {
  const types = [type].flat();
  if (words) return words.includes(value);
  if (value === null) return types.includes('null') || [anyOf, oneOf].flat().some((one) => one?.type === 'null');
  if ($ref || allOf || anyOf || oneOf) return false;
  if (Array.isArray(value)) return types.includes('array');
  return types.includes(typeof value);
}
