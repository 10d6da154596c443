import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useMay } from '../../session/me';
import { AppLink } from '../../shell/links';

/** Explains why background checks are missing among the activities. */
export function NotConnected(): ReactNode {
  const mayConnect = useMay('manage_integrations');
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
