import { eventually } from './eventually.js';
import type { Person } from './people.js';

export interface Endpoint {
  id: string;
  url: string;
  secret: string;
  disabled: boolean;
  disabled_reason: string | null;
  failing_since: string | null;
}

export interface Attempt {
  id: string;
  event_id: string;
  type: string;
  status: 'pending' | 'succeeded' | 'failed';
  http_status: number | null;
  duration_ms: number | null;
  error: string | null;
  next_try_at: string | null;
}

export const allTypes = [
  'background_check.requested',
  'background_check.status_changed',
  'background_check.completed',
  'background_check.needs_attention',
  'integration.state_changed',
  'candidate.anonymised',
  'webhook_endpoint.disabled',
];

export async function anEndpoint(admin: Person, url: string, more: Record<string, unknown> = {}): Promise<Endpoint> {
  const { status, body } = await admin.post<Endpoint>('/webhook_endpoints', { url, event_types: allTypes, ...more });
  if (status !== 201) throw new Error(`webhook_endpoints answered ${status}: ${JSON.stringify(body)}`);
  return body;
}

export const readEndpoint = async (admin: Person, { id }: Pick<Endpoint, 'id'>): Promise<Endpoint> =>
  (await admin.get<Endpoint>(`/webhook_endpoints/${id}`)).body;

export const attemptsOf = async (admin: Person, { id }: Pick<Endpoint, 'id'>): Promise<Attempt[]> =>
  (await admin.get<Attempt[]>(`/webhook_endpoints/${id}/attempts`)).body;

export const sendTest = async (admin: Person, { id }: Pick<Endpoint, 'id'>): Promise<string> =>
  (await admin.post<{ event_id: string }>(`/webhook_endpoints/${id}/test`)).body.event_id;

/** Sends a test and waits for what its first attempt came to. */
export async function testedOnce(admin: Person, endpoint: Pick<Endpoint, 'id'>): Promise<Attempt> {
  const eventId = await sendTest(admin, endpoint);
  const found = await eventually(
    'the attempt has ended',
    async () => (await attemptsOf(admin, endpoint)).find((one) => one.event_id === eventId),
    (attempt) => attempt !== undefined && attempt.status !== 'pending',
  );
  if (!found) throw new Error('There is no attempt.');
  return found;
}
