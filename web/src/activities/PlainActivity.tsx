import { Title } from '@mantine/core';
import type { ReactNode } from 'react';
import type { PlanItem } from '../checks/words';

/** An activity on an Application tab of which there is nothing to show but its name. */
export function PlainActivity({ item }: { item: PlanItem }): ReactNode {
  return (
    <Title order={3} size="h5">
      {item.display_name}
    </Title>
  );
}
