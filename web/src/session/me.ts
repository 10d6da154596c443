import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Me = Schemas['MeResponse'];
export type Capability = Me['capabilities'][number];

export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/me', { signal })),
  staleTime: 60_000,
});

/** The signed-in user. Every page inside the shell has it from the start. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

/** Whether the user has a capability in the whole team. A job's own `capabilities` apply to that job. */
export const useMay = (capability: Capability): boolean => useMe().capabilities.includes(capability);

/** Whether the user may see and change team settings such as the retention rule. No capability covers them. */
export const useIsAdmin = (): boolean => useMe().access_level === 'admin';
