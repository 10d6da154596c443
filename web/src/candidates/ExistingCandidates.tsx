import { Alert, Stack, Text } from '@mantine/core';
import { queryOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { api, page } from '../api/client';
import { AppLink } from '../shell/links';
import { type Candidate, fullName } from './candidate';

/** Existing candidates with an address, among those the user may see. */
export const candidatesWith = (email: string) =>
  queryOptions({
    queryKey: ['candidates', 'with_address', email],
    enabled: email.includes('@'),
    // Offline it fails at once instead of waiting for a connection.
    networkMode: 'always',
    queryFn: async ({ signal }) => {
      const query = { email: [email], per_page: 3 };
      return (await page(api.GET('/ats/v0/candidates', { params: { query }, signal }))).items;
    },
  });

/** Shown before a duplicate is created. */
export function ExistingCandidates({ people }: { people: Candidate[] }): ReactNode {
  return (
    <Alert color="yellow" p="xs" role="status" title="This email address is already in use">
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
          If this is the same person, use the existing candidate. A duplicate can be checked and charged twice.
        </Text>
      </Stack>
    </Alert>
  );
}
