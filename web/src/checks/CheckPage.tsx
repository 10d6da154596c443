import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function CheckPage(): ReactNode {
  return (
    <Page title="Background check">
      <Empty title="This screen is being built" />
    </Page>
  );
}
