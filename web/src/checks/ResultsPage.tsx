import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function ResultsPage(): ReactNode {
  return (
    <Page title="Results">
      <Empty title="This screen is being built" />
    </Page>
  );
}
