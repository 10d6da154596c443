import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Page } from '../shell/Page';

export function JobPage(): ReactNode {
  return (
    <Page title="Job">
      <Outlet />
    </Page>
  );
}
