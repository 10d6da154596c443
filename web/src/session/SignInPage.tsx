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

/** The reason for the sign-in, from the URL (`why`). */
const sentences: Record<string, string | undefined> = {
  ended: 'Your session has ended. Sign in again.',
  unknown: 'Your account has no access here. Ask an admin of your team to add you.',
  cancelled: 'Sign-in was cancelled. Try again.',
  failed: 'Sign-in failed. It took too long, or was started in another browser. Try again.',
  unavailable: "Your company's sign-in is unavailable. Try again in a moment.",
  not_set_up: 'Sign-in is not set up. The operator of this installation must set AUTH_CLIENT_ID.',
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
          <Loaded query={config} what="Loading the sign-in">
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
