import { Alert, Stack, Text } from '@mantine/core';
import { queryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, page } from '../api/client';
import { AppLink } from '../shell/links';
import { type Candidate, fullName } from './candidate';

/** Who exists already with an address, among those whom the reader sees. */
export const peopleWith = (email: string) =>
  queryOptions({
    queryKey: ['candidates', 'with_address', email],
    enabled: email.includes('@'),
    // Offline it fails at once instead of waiting to be online.
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      const query = { email: [email], per_page: 3 };
      return (await page(api.GET('/ats/v0/candidates', { params: { query }, signal }))).items;
    },
  });

/** Said before a second person is made. */
export function KnownPeople({ people }: { people: Candidate[] }): ReactNode {
  return (
    <Alert color="yellow" p="xs" role="status" title="This address is known already">
      <Stack gap={4}>
        {people.map((person) => (
          <Text key={person.id} size="sm">
            <AppLink to="/candidates/$candidateId" params={{ candidateId: person.id }} c="inherit">
              {fullName(person)}
            </AppLink>{' '}
            has this address.
          </Text>
        ))}
        <Text size="sm">
          Is it the same person? Then use what is there: a second record can be checked, and paid, twice.
        </Text>
      </Stack>
    </Alert>
  );
}
