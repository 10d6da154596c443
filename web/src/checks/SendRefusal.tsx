import { Alert, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ApiError } from '../api/errors';
import { AppLink } from '../shell/links';
import { Refusal } from '../shell/Refusal';
import { StatusBadge } from '../shell/StatusBadge';
import { When } from '../shell/When';
import { checkQuery } from './check';
import { personName } from './words';

/** Why it was not sent; where another check is in the way, which one. */
export function SendRefusal({ error }: { error: ApiError | null }): ReactNode {
  const other = error?.errors.json?.background_check_id?.[0];
  if (other !== undefined) return <InTheWay checkId={other} />;
  if (error?.reason === 'idempotency_key_reused') return <SentBefore />;
  return <Refusal error={error} />;
}

function InTheWay({ checkId }: { checkId: string }): ReactNode {
  const { data: check } = useQuery(checkQuery(checkId));
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" title="Sent already">
      {check && (
        <Group gap="xs" mb="xs">
          <Text size="sm">
            {personName(check.requested_by)} sent {check.package.name} <When at={check.requested_at} />.
          </Text>
          <StatusBadge check={check} />
        </Group>
      )}
      Nothing was sent again.{' '}
      <AppLink to="/background_checks/$checkId" params={{ checkId }}>
        Show that check
      </AppLink>
    </Alert>
  );
}

/** The answer to the first try was lost on the way, and something else was chosen since. */
function SentBefore(): ReactNode {
  return (
    <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="alert" title="Sent already">
      Your first try did arrive: the check was sent with the package that was chosen then. Nothing was sent again.
    </Alert>
  );
}
