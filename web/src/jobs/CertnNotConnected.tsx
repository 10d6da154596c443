import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { Failed } from '../shell/states';
import { activityTypesQuery } from './plan';

/** Explains why background checks are missing among the activities. */
export function CertnNotConnected(): ReactNode {
  const types = useQuery(activityTypesQuery);
  const mayConnect = useMay('manage_integrations');
  if (types.isError && !types.data) return <Failed error={types.error} onRetry={() => void types.refetch()} />;
  if (!types.data || types.data.some(({ type }) => type === 'certn_background_check')) return null;
  return (
    <Alert color="gray" icon={<IconPlugConnectedX aria-hidden />} title="Certn is not connected">
      Connect Certn to add background checks to this plan.{' '}
      {mayConnect ? (
        <AppLink to="/admin/integrations" search={{ open: 'certn' }}>
          Open Integrations
        </AppLink>
      ) : (
        'Ask an admin of your team.'
      )}
    </Alert>
  );
}
