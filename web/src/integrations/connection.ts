import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import type { Tone } from '../shell/StatusBadge';

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

export const stateWords: Record<CertnConnection['state'], { word: string; tone: Tone }> = {
  not_connected: { word: 'Not connected', tone: 'neutral' },
  enabled: { word: 'Connected', tone: 'good' },
  attention: { word: 'Needs attention', tone: 'bad' },
  disabled: { word: 'Disabled', tone: 'neutral' },
};

export const regions = [
  { value: 'ca', label: 'Canada' },
  { value: 'uk', label: 'United Kingdom' },
  { value: 'au', label: 'Australia' },
];

export const environments = [
  { value: 'production', label: 'Production' },
  { value: 'sandbox', label: 'Sandbox' },
];
