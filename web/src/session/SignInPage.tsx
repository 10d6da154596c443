import { Alert, Center, Paper, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Loaded } from '../shell/states';
import { signInConfig } from './config';
import { DemoPeople } from './DemoPeople';
import { ProviderSignIn } from './ProviderSignIn';
import { safeReturn } from './return-to';

const route = getRouteApi('/sign-in');

export function SignInPage(): ReactNode {
  const { return_to, why } = route.useSearch();
  const config = useQuery({ queryKey: ['sign-in-config'], queryFn: signInConfig, staleTime: Infinity });
  const returnTo = safeReturn(return_to);
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
          {why === 'refused' && (
            <Alert color="yellow" role="status">
              Your session has ended, or your account is not known here. Sign in again; if that does not help, ask an
              admin of your team.
            </Alert>
          )}
          <Loaded query={config} what="Finding out how to sign in">
            {({ mode }) =>
              mode === 'local' ? <DemoPeople returnTo={returnTo} /> : <ProviderSignIn returnTo={returnTo} />
            }
          </Loaded>
        </Stack>
      </Paper>
    </Center>
  );
}
