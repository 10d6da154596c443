import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function ChecksPage(): ReactNode {
  return (
    <Page title="Background checks">
      <Empty title="This screen is being built" />
    </Page>
  );
}
