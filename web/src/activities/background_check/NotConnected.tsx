import { Alert } from '@mantine/core';
import { IconPlugConnectedX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { anyOf } from '../../integrations/vendor-words';
import { useVendors } from '../../integrations/vendors';
import { useMay } from '../../session/me';
import { AppLink } from '../../shell/links';

/** Explains why background checks are missing among the activities. */
export function NotConnected(): ReactNode {
  const mayConnect = useMay('manage_integrations');
  const vendors = useVendors();
  const [only, ...others] = vendors;
  if (!only) return null;
  const title = others.length === 0 ? `${only.name} is not connected` : 'No vendor of background checks is connected';
  return (
    <Alert color="gray" icon={<IconPlugConnectedX aria-hidden />} title={title}>
      Connect {anyOf(vendors.map(({ name }) => name))} to add background checks to this plan.{' '}
      {mayConnect ? (
        <AppLink to="/admin/integrations/{-$vendor}" params={{ vendor: others.length === 0 ? only.id : undefined }}>
          Open Integrations
        </AppLink>
      ) : (
        'Ask an admin of your team.'
      )}
    </Alert>
  );
}
