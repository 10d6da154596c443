import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type CertnConnection = Schemas['CertnConnectionResponse'];

export const connectionQuery = queryOptions({
  queryKey: ['certn_connection'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/integrations/certn', { signal })),
});

const soonMs = 30 * 24 * 3600 * 1000;

/** Whether an API key is to be replaced now: Certn's end after 365 days. */
export const endsSoon = (at: string | null): boolean => at !== null && new Date(at).getTime() - Date.now() < soonMs;

/** What depends on whether, and with which account, Certn is connected. */
export const dependents = [['certn_connection'], ['certn_packages'], ['activity_types'], ['interview_plan']] as const;

export type Webhooks = CertnConnection['health']['webhooks'];

export const refusedTitle = ({ refused_events }: Webhooks): string =>
  refused_events === 1
    ? '1 event from Certn was refused'
    : `${refused_events.toLocaleString()} events from Certn were refused`;

export const regions = [
  { value: 'ca', label: 'Canada' },
  { value: 'uk', label: 'United Kingdom' },
  { value: 'au', label: 'Australia' },
];

export const environments = [
  { value: 'production', label: 'Production' },
  { value: 'sandbox', label: 'Sandbox' },
];
