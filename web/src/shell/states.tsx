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

/** An empty state: the reason, and what the user can do. */
export function Empty({ title, children }: { title: string; children?: ReactNode }): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center">
      <IconInbox aria-hidden size={32} stroke={1.5} />
      <Text fw={600}>{title}</Text>
      {children !== undefined && <Text c="dimmed">{children}</Text>}
    </Stack>
  );
}

/** Content that could not be loaded: the service's message, and a retry. */
export function Failed({ error, onRetry }: { error: unknown; onRetry?: () => void }): ReactNode {
  const { message } = asApiError(error);
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} title="Loading failed" role="alert">
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

/** Access is missing: why, and who can grant it. */
export function NotAllowed({ children }: { children: ReactNode }): ReactNode {
  return (
    <Stack align="center" gap="xs" py="xl" ta="center" role="note">
      <IconLock aria-hidden size={32} stroke={1.5} />
      <Text fw={600}>You don&apos;t have access</Text>
      <Text c="dimmed" maw={480}>
        {children}
      </Text>
    </Stack>
  );
}

interface LoadedProps<T> {
  query: UseQueryResult<T>;
  /** Announced to screen readers while loading. */
  what?: string;
  children: (data: T) => ReactNode;
}

/** The loading, error and empty states of a query. Loaded data stays visible while it is read again. */
export function Loaded<T>({ query, what, children }: LoadedProps<T>): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.isPending) return <Loading what={what} />;
  const { status, reason, message } = asApiError(query.error);
  if (reason === 'recent_sign_in_required') return <SignInAgain message={message} />;
  if (status === 403) return <NotAllowed>{message}</NotAllowed>;
  if (status === 404) return <Empty title="Not found">It was removed, or you don&apos;t have access.</Empty>;
  return <Failed error={query.error} onRetry={() => void query.refetch()} />;
}
