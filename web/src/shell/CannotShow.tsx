import { Box, Button, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { ButtonLink } from './links';
import { Failed, Loading } from './states';

/** Shown when the session could not be read. */
export function CannotShow({ error }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  // Already redirecting to the sign-in page.
  if (asApiError(error).status === 401) return <Loading />;
  return (
    <Box component="main" maw={560} mx="auto" p="xl">
      <Broken />
      <Failed error={error} onRetry={() => void router.invalidate()} />
    </Box>
  );
}

export function PageNotFound(): ReactNode {
  return (
    <Box component="main" p="xl" ta="center">
      <title>Page not found · ATS</title>
      <Title order={1} size="h2">
        Page not found
      </Title>
      <Text c="dimmed" my="md">
        Check the address. The page may have been removed.
      </Text>
      <ButtonLink to="/jobs">Go to Jobs</ButtonLink>
    </Box>
  );
}

/** A fault on one screen. The other screens keep working. */
export function BrokenScreen({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <>
      <Broken />
      <Failed error={error} />
      <Button mt="md" variant="default" onClick={reset}>
        Try again
      </Button>
    </>
  );
}

function Broken(): ReactNode {
  return (
    <Title order={1} size="h2" mb="md">
      <title>Something went wrong · ATS</title>
      Something went wrong
    </Title>
  );
}
