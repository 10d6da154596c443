import { queryOptions, useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Vendor } from './vendor-words';

/** Every vendor of the service, and whether the team is connected to it. Admins read the whole connection. */
export const integrationsQuery = queryOptions({
  queryKey: ['integrations'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/integrations', { signal })),
});

/** The vendors that a sentence about the team is about: those it was ever connected to, otherwise all. Empty while unknown. */
export function useVendors(): Vendor[] {
  const { data = [] } = useQuery({ ...integrationsQuery, staleTime: 60_000 });
  const connected = data.filter(({ state }) => state !== 'not_connected');
  return (connected.length > 0 ? connected : data).map(({ vendor, name }) => ({ id: vendor, name }));
}

/** Their names; see `allOf` and `anyOf`. */
export const useVendorNames = (): string[] => useVendors().map(({ name }) => name);
