import { Alert } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { connectionQuery } from '../integrations/connection';
import { useMay } from '../session/me';
import { SandboxBadge } from '../shell/StatusBadge';

/** Where the next check goes. Only admins may read the connection; once sent, a check names it to everybody. */
export function useEnvironment(): 'production' | 'sandbox' | null {
  const { data } = useQuery({ ...connectionQuery, enabled: useMay('manage_integrations') });
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
