import { queryOptions } from '@tanstack/react-query';
import { answer, api } from '../api/client';

/** Write me: ask for what this screen shows. */
export const {{camelCase name}}Query = queryOptions({
  queryKey: ['{{snakeCase name}}'],
  queryFn: ({ signal }) => answer(api.GET('/ats/v0/activity_types', { signal })),
});
