import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas } from '../api/client';
import { ofCertn } from '../integrations/connection';
import { type Act, useAct } from '../shell/useAct';

/** The packages of the team's Certn account, as of the last refresh. */
export interface Packages {
  packages: Schemas['PackageResponse'][];
  fetchedAt: string | null;
  /** Certn is unreachable: this is the last known list. */
  stale: boolean;
  /** The environment of checks that are sent now. */
  environment: 'production' | 'sandbox';
}

export const packagesQuery = queryOptions({
  queryKey: ['packages'],
  queryFn: ({ signal }) => read(false, signal),
  staleTime: 60_000,
});

async function read(refresh: boolean, signal?: AbortSignal): Promise<Packages> {
  const query = refresh ? { refresh } : {};
  const { data, response } = await api.GET('/ats/v0/integrations/{vendor}/packages', {
    params: { path: ofCertn, query },
    signal,
  });
  const { headers } = response;
  return {
    packages: data ?? [],
    fetchedAt: headers.get('x-fetched-at'),
    stale: headers.get('x-stale') === 'true',
    environment: headers.get('x-environment') === 'sandbox' ? 'sandbox' : 'production',
  };
}

/** Reads the packages from Certn now, so that a new package appears at once. Plans show removed ones. */
export function useRefreshPackages(): Act<void> {
  const client = useQueryClient();
  return useAct(() => read(true), {
    refresh: [['stages']],
    onDone: (packages) => client.setQueryData(packagesQuery.queryKey, packages),
  });
}
