import { Alert, Button, Center, Group, Loader, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconInbox, IconLock } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asApiError } from '../api/errors';
import { SignInAgain } from './SignInAgain';

export function Loading({ what = 'Loading' }: { what?: string }): ReactNode {
  return (
    <Center py="xl" role="status" aria-label={what}>
      <Loader size="sm" aria-hidden />
    </Center>
  );
}

/** Nothing to show: why, and what one can do about it. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <IconInbox aria-hidden size={32} stroke={1.5} />
      <Text fw={600}>{title}</Text>
      {children !== undefined && <Text c="dimmed">{children}</Text>}
    </Stack>
  );
}

/** Something could not be read: the service's own sentence, and another try. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { message } = asApiError(error);
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title="This could not be loaded" role="alert">
      <Text size="sm">{message}</Text>
      {onRetry && (
        <Group mt="sm">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}

/** The right is missing: which one, and who can give it. */
export function NotAllowed({ children }: { children: ReactNode }): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center" role="note">
      <IconLock aria-hidden size={32} stroke={1.5} />
      <Text fw={600}>You cannot see this</Text>
      <Text c="dimmed" maw={480}>
        {children}
      </Text>
    </Stack>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** Said to screen readers while waiting. */
  what?: string;
  children: (data: T) => ReactNode;
}

/** The states of a query around what it shows. What is there stays there while it is read again. */
export function Loaded<T>({ query, what, children }: LoadedProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading what={what} />;
  const { status, reason, message } = asApiError(query.error);
  if (reason === 'recent_sign_in_required') return <SignInAgain message={message} />;
  if (status === 403) return <NotAllowed>{message}</NotAllowed>;
  if (status === 404) return <Empty title="There is nothing here">It was removed, or you cannot see it.</Empty>;
  return <Failed error={query.error} onRetry={() => void query.refetch()} />;
}
