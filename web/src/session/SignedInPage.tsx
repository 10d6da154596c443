import { Box, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { ButtonLink } from '../shell/links';
import { Failed, Loading } from '../shell/states';
import { safeReturn } from './return-to';
import { oidcIdentity } from './session';

let returning: Promise<string> | undefined;

/** The code in the address is good for one exchange, however often this is drawn. */
function signedIn(): Promise<string> {
  returning ??= oidcIdentity()
    .then((identity) => identity.signedIn())
    .finally(() => (returning = undefined));
  return returning;
}

/** Back from the identity provider: exchanges the code and goes on to where the person wanted to be. */
export function SignedInPage(): ReactNode {
  const router = useRouter();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    signedIn().then((returnTo) => router.history.replace(safeReturn(returnTo)), setError);
  }, [router]);
  return (
    <Box component="main" maw={480} mx="auto" p="xl">
      <title>Signing in · ATS</title>
      {error === null ? (
        <Loading what="Signing in" />
      ) : (
        <Stack>
          <Failed error={error} />
          <ButtonLink to="/sign-in">Sign in again</ButtonLink>
        </Stack>
      )}
    </Box>
  );
}
