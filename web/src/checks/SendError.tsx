import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/errors';
import { AppLink } from '../shell/links';
import { ErrorAlert } from '../shell/ErrorAlert';
import { StatusBadge } from '../shell/StatusBadge';
import { When } from '../shell/When';
import { checkQuery } from './check';
import { personName } from './words';

/** Why the check was not sent, and the check that blocks it, if any. */
export function SendError({ error }: { error: ApiError | null }): ReactNode {
  const other = error?.errors.json?.background_check_id?.[0];
  if (other !== undefined) return <Blocked checkId={other} />;
  if (error?.reason === 'idempotency_key_reused') return <SentBefore />;
  return <ErrorAlert error={error} />;
}

function Blocked({ checkId }: { checkId: string }): ReactNode {
  const { data: check } = useQuery(checkQuery(checkId));
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" title="Already sent">
      {check && (
        <Group gap="xs" mb="xs">
          <Text size="sm">
            {personName(check.requested_by)} sent {check.package.name} <When at={check.requested_at} />.
          </Text>
          <StatusBadge check={check} />
        </Group>
      )}
      No second check was sent.{' '}
      <AppLink to="/background_checks/$checkId" params={{ checkId }}>
        Open check
      </AppLink>
    </Alert>
  );
}

/** The response to the first attempt was lost, and the user chose another package since. */
function SentBefore(): ReactNode {
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" title="Already sent">
      Your first attempt went through, with the package chosen then. No second check was sent.
    </Alert>
  );
}
