import { Box, Button, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, useRouter } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { ButtonLink } from './links';
import { Failed, Loading } from './states';

/** A screen that could not even begin: signing in or reading who I am failed. */
export function CannotShow({ error }: ErrorComponentProps): ReactNode {
  const router = useRouter();
  // On the way to the sign-in page already.
  if (asApiError(error).status === 401) return <Loading />;
  return (
    <Box component="main" maw={560} mx="auto" p="xl">
      <Broken />
      <Failed error={error} onRetry={() => void router.invalidate()} />
    </Box>
  );
}

export function NoSuchPage(): ReactNode {
  return (
    <Box component="main" p="xl" ta="center">
      <title>No such page · ATS</title>
      <Title order={1} size="h2">
        There is no such page
      </Title>
      <Text c="dimmed" my="md">
        The address may be mistyped, or what it named is gone.
      </Text>
      <ButtonLink to="/jobs">Go to Jobs</ButtonLink>
    </Box>
  );
}

/** A fault of ours on one screen: the others go on. */
export function BrokenScreen({ error, reset }: ErrorComponentProps): ReactNode {
  return (
    <>
      <Broken />
      <Failed error={error} />
      <Button mt="md" variant="default" onClick={reset}>
        Show the page again
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
