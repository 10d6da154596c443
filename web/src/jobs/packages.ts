import { queryOptions, useQueryClient } from '@tanstack/react-query';
import { api, type Schemas } from '../api/client';
import { type Act, useAct } from '../shell/useAct';

/** The packages of the team's account at a vendor, as of the last refresh. */
export interface Packages {
  packages: Schemas['PackageResponse'][];
  fetchedAt: string | null;
  /** The vendor is unreachable: this is the last known list. */
  stale: boolean;
  /** The environment of checks that are sent now. */
  environment: 'production' | 'sandbox';
}

/** Of all vendors. */
export const packagesKey = ['packages'] as const;

export const packagesQuery = (vendor: string) =>
  queryOptions({
    queryKey: [...packagesKey, vendor],
    queryFn: ({ signal }) => read(vendor, false, signal),
    staleTime: 60_000,
  });

async function read(vendor: string, refresh: boolean, signal?: AbortSignal): Promise<Packages> {
  const query = refresh ? { refresh } : {};
  const { data, response } = await api.GET('/ats/v0/integrations/{vendor}/packages', {
    params: { path: { vendor }, query },
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

/** Reads the packages from the vendor now, so that a new package appears at once. Plans show removed ones. */
export function useRefreshPackages(vendor: string): Act<void> {
  const client = useQueryClient();
  return useAct(() => read(vendor, true), {
    refresh: [['stages']],
    onDone: (packages) => client.setQueryData(packagesQuery(vendor).queryKey, packages),
  });
}
