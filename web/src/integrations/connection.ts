import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type CertnConnection = Schemas['IntegrationResponse'];

/** The path of routes about Certn. */
export const ofCertn = { vendor: 'certn' } as const;

export const connectionQuery = queryOptions({
  queryKey: ['certn_connection'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/integrations/{vendor}', { params: { path: ofCertn }, signal })),
});

const soonMs = 30 * 24 * 3600 * 1000;

/** Whether to replace the API key now. Certn's keys expire after 365 days. */
export const endsSoon = (at: string | null): boolean => at !== null && new Date(at).getTime() - Date.now() < soonMs;

/** The queries that depend on the connection and its account. */
export const dependents = [['certn_connection'], ['packages'], ['activity_types'], ['interview_plan']] as const;

export type Webhooks = CertnConnection['health']['webhooks'];

export const mismatchTitle = ({ refused_events }: Webhooks): string =>
  `${refused_events === 1 ? '1 event' : `${refused_events.toLocaleString()} events`} didn't match the webhook secret key`;

/** Why the state is `action_required`: Certn rejected the key, or does not take our calls at this address. */
export const rejectionTitle = ({ last_error }: CertnConnection['health']): string =>
  last_error?.reason === 'misdirected' ? 'Certn rejected our requests' : 'Certn rejected the API key';

export const regions = [
  { value: 'ca', label: 'Canada' },
  { value: 'uk', label: 'United Kingdom' },
  { value: 'au', label: 'Australia' },
];

export const environments = [
  { value: 'production', label: 'Production' },
  { value: 'sandbox', label: 'Sandbox' },
];
