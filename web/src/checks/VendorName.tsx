import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useVendors } from '../integrations/vendors';
import type { Check } from './words';

/** Who carries a check out. Left out while the team has one vendor only. */
export function VendorName({ check }: { check: Check }): ReactNode {
  const { length } = useVendors();
  if (length < 2) return null;
  return (
    <Text size="sm" c="dimmed">
      {check.vendor.name}
    </Text>
  );
}
