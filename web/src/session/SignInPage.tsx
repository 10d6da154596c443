import { Alert, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Loaded } from '../shell/states';
import { signInConfig } from './config';
import { DemoPeople } from './DemoPeople';
import { ProviderSignIn } from './ProviderSignIn';
import { safeReturn } from './return-to';
import { TeamChoice } from './TeamChoice';

const route = getRouteApi('/sign-in');

/** Why somebody is here, as the address says it (`why`). */
const sentences: Record<string, string | undefined> = {
  ended: 'Your session has ended. Sign in again.',
  unknown: 'You signed in, but your account is not known here. Ask an admin of your team to add you.',
  cancelled: 'Signing in was not finished. Try again.',
  failed: 'Signing in did not work: it took too long, or was begun in another browser. Try again.',
  unavailable: "Your company's sign-in cannot be reached just now. Try again in a moment.",
  not_set_up: 'Signing in is not set up here yet: whoever runs this installation has to set AUTH_CLIENT_ID.',
};

export function SignInPage(): ReactNode {
  const { return_to, why } = route.useSearch();
  const config = useQuery({ queryKey: ['sign-in-config'], queryFn: signInConfig, staleTime: Infinity });
  const returnTo = safeReturn(return_to);
  const sentence = sentences[why ?? ''];
  return (
    <Center component="main" mih="100dvh" p="md">
      <title>Sign in · ATS</title>
      <Paper withBorder p={{ base: 'lg', sm: 'xl' }} w="100%" maw={460}>
        <Stack>
          <div>
            <Title order={1} size="h2">
              Sign in
            </Title>
            <Text c="dimmed">Jobs, candidates and their background checks</Text>
          </div>
          {sentence !== undefined && (
            <Alert color="yellow" role="status">
              {sentence}
            </Alert>
          )}
          {why === 'choose_team' && <TeamChoice />}
          <Loaded query={config} what="Finding out how to sign in">
            {({ mode }) =>
              mode === 'local' ? (
                <DemoPeople returnTo={returnTo} />
              ) : (
                <ProviderSignIn returnTo={returnTo} asAnother={why === 'unknown' || why === 'choose_team'} />
              )
            }
          </Loaded>
        </Stack>
      </Paper>
    </Center>
  );
}
