import { Button, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import { Loaded } from '../shell/states';
import { useAct } from '../shell/useAct';

/** The last step of signing in for a user of several teams. */
export function TeamChoice(): ReactNode {
  const router = useRouter();
  const teams = useQuery({ queryKey: ['own-teams'], queryFn: () => answer(api.GET('/auth/teams')) });
  const choose = useAct((team_id: string) => answer(api.POST('/auth/teams', { body: { team_id } })), {
    errorShown: true,
    onDone: ({ return_to }) => router.history.push(return_to),
  });
  return (
    <Stack role="group" aria-label="Your teams">
      <Text size="sm">You belong to several teams. Choose one.</Text>
      <ErrorAlert error={choose.error} />
      <Loaded query={teams} what="Loading your teams">
        {(all) =>
          all.map(({ id, name }) => (
            <Button key={id} variant="default" disabled={choose.running} onClick={() => choose.run(id)}>
              {name}
            </Button>
          ))
        }
      </Loaded>
    </Stack>
  );
}
