import { queryOptions } from '@tanstack/react-query';
import { answer, api, page, type Schemas } from '../api/client';
import type { Tone } from '../shell/StatusBadge';

export type Endpoint = Schemas['WebhookEndpointResponse'];
export type EventType = Endpoint['event_types'][number];
export type Attempt = Schemas['WebhookAttemptResponse'];

export const endpointsKey = ['webhook_endpoints'] as const;
export const attemptsKey = ['webhook_attempts'] as const;

/** A team has at most twenty. */
export const endpointsQuery = queryOptions({
  queryKey: [...endpointsKey, 'list'],
  queryFn: async ({ signal }) => (await page(api.GET('/ats/v0/webhook_endpoints', { signal }))).items,
});

export const endpointQuery = (id: string) =>
  queryOptions({
    queryKey: [...endpointsKey, id],
    queryFn: ({ signal }) => answer(api.GET('/ats/v0/webhook_endpoints/{id}', { params: { path: { id } }, signal })),
  });

/** Its screen follows what is sent. */
export const readAgainMs = 3_000;

/** What an endpoint can ask for, in the order of the form. */
export const eventWords: Record<EventType, string> = {
  'background_check.requested': 'A check was requested',
  'background_check.status_changed': 'A check changed',
  'background_check.completed': 'A check was completed',
  'background_check.needs_attention': 'A check needs attention',
  'integration.state_changed': 'An integration was connected, disabled or needs attention',
  'candidate.anonymised': 'A candidate was anonymised',
  'webhook_endpoint.disabled': 'Another endpoint was switched off',
};
export const eventTypes = Object.keys(eventWords) as EventType[];

export const typeWords = (type: Attempt['type']): string => (type === 'test' ? 'Test' : eventWords[type]);

export function stateOf({ disabled_reason: reason, failing_since }: Endpoint): { word: string; tone: Tone } {
  if (reason === 'by_user') return { word: 'Switched off', tone: 'neutral' };
  if (reason !== null) return { word: 'Switched off by the service', tone: 'bad' };
  return failing_since === null ? { word: 'On', tone: 'good' } : { word: 'Failing', tone: 'bad' };
}

/** Why the service switched it off. */
export const whyOff = ({ disabled_reason: reason }: Endpoint): string | null =>
  reason === 'gone'
    ? 'It answered 410: it wants no more events.'
    : reason === 'failing'
      ? 'Every attempt had failed for five days.'
      : null;

/** The form's fields. */
export type Filled = Pick<Endpoint, 'url' | 'description' | 'event_types' | 'include_results' | 'include_names'>;

export const emptyEndpoint: Filled = {
  url: '',
  description: '',
  event_types: ['background_check.status_changed', 'background_check.completed', 'background_check.needs_attention'],
  include_results: false,
  include_names: false,
};
