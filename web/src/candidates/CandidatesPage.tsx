import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function CandidatesPage(): ReactNode {
  return (
    <Page title="Candidates">
      <Empty title="This screen is being built" />
    </Page>
  );
}
