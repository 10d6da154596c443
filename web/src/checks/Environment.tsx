import { Alert } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { packagesQuery } from '../jobs/packages';
import { SandboxBadge } from '../shell/StatusBadge';

/** The environment of the next check at a vendor; null while it is unknown. */
export function useEnvironment(vendor: string): 'production' | 'sandbox' | null {
  const { data } = useQuery(packagesQuery(vendor));
  return data?.environment ?? null;
}

/** A prominent warning: sandbox checks are not about real people. */
export function SandboxNotice({ vendor }: { vendor: string }): ReactNode {
  return (
    <Alert color="yellow" icon={<IconFlask aria-hidden />} title={<SandboxBadge environment="sandbox" />}>
      This goes to {vendor}&apos;s sandbox. No real check is made and nothing is charged.
    </Alert>
  );
}
