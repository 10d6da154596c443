import { queryOptions } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { integrationsQuery } from './vendors';

/** A vendor, and the team's connection to it as admins read it. */
export type Connection = Schemas['IntegrationResponse'];

const isWhole = (one: Connection | Schemas['ListedIntegrationResponse']): one is Connection => 'health' in one;

/** The connections as admins read them. Empty for other users. */
export const connectionsQuery = queryOptions({
  ...integrationsQuery,
  select: (integrations) => integrations.filter(isWhole),
});

/** The path of routes about the vendor of a connection. */
export const ofVendor = ({ vendor }: Connection) => ({ vendor });

const soonMs = 30 * 24 * 3600 * 1000;

/** Whether to replace the API key now, because the vendor's keys expire. */
export const endsSoon = (at: string | null): boolean => at !== null && new Date(at).getTime() - Date.now() < soonMs;

/** The queries that depend on a connection and its account. */
export const dependents = [integrationsQuery.queryKey, ['packages'], ['activity_types'], ['interview_plan']] as const;

export type Webhooks = Connection['health']['webhooks'];

export const mismatchTitle = ({ refused_events }: Webhooks): string =>
  `${refused_events === 1 ? '1 event' : `${refused_events.toLocaleString()} events`} didn't match the webhook secret key`;

/** Why the state is `action_required`: the vendor rejected the key, or does not take our calls at this address. */
export const rejectionTitle = ({ name, health }: Connection): string =>
  health.last_error?.reason === 'misdirected' ? `${name} rejected our requests` : `${name} rejected the API key`;
