import { Alert } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { packagesQuery } from '../jobs/packages';
import { SandboxBadge } from '../shell/StatusBadge';

/** Where the next check goes; null while that is not known. */
export function useEnvironment(): 'production' | 'sandbox' | null {
  const { data } = useQuery(packagesQuery);
  return data?.environment ?? null;
}

/** Said where it cannot be overlooked: nothing of this is about a real person. */
export function SandboxNotice(): ReactNode {
  return (
    <Alert color="yellow" icon={<IconFlask aria-hidden />} title={<SandboxBadge environment="sandbox" />}>
      This goes to Certn&apos;s sandbox: no real check is made and nothing is charged.
    </Alert>
  );
}
