import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas } from '../api/client';
import { type Act, useAct } from '../shell/useAct';

/** The packages of the team's account at Certn, as they were when Certn was asked last. */
export interface Packages {
  packages: Schemas['PackageResponse'][];
  fetchedAt: string | null;
  /** Certn cannot be asked just now: this is the last list. */
  stale: boolean;
  /** Where a check that is sent now goes. */
  environment: 'production' | 'sandbox';
}

export const packagesQuery = queryOptions({
  queryKey: ['certn_packages'],
  queryFn: ({ signal }) => read(false, signal),
  staleTime: 60_000,
});

async function read(refresh: boolean, signal?: AbortSignal): Promise<Packages> {
  const query = refresh ? { refresh } : {};
  const { data, response } = await api.GET('/ats/v0/certn_packages', { params: { query }, signal });
  const { headers } = response;
  return {
    packages: data ?? [],
    fetchedAt: headers.get('x-fetched-at'),
    stale: headers.get('x-stale') === 'true',
    environment: headers.get('x-environment') === 'sandbox' ? 'sandbox' : 'production',
  };
}

/** Asks Certn now: whoever has just made a package there does not wait for it. Plans show what is gone. */
export function useRefreshPackages(): Act<void> {
  const client = useQueryClient();
  return useAct(() => read(true), {
    refresh: [['stages']],
    onDone: (packages) => client.setQueryData(packagesQuery.queryKey, packages),
  });
}
