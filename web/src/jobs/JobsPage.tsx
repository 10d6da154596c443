import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function JobsPage(): ReactNode {
  return (
    <Page title="Jobs">
      <Empty title="This screen is being built" />
    </Page>
  );
}
