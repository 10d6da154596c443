import type { ReactNode } from 'react';
import { Page } from '../shell/Page';
import { Empty } from '../shell/states';

export function CandidatePage(): ReactNode {
  return (
    <Page title="Candidate">
      <Empty title="This screen is being built" />
    </Page>
  );
}
