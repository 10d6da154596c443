import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Me = Schemas['MeResponse'];
export type Capability = Me['capabilities'][number];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/me', { signal })),
  staleTime: 60_000,
});

/** Who is signed in. Every page below the shell has it from the start. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** Whether I may do that in the whole team; a job's own `capabilities` say what I may do there. */
export const useMay = (capability: Capability): boolean => useMe().capabilities.includes(capability);

/** Whether I see and change what is the whole team's, such as the retention rule: none of the capabilities says that. */
export const useIsAdmin = (): boolean => useMe().access_level === 'admin';
