import { Alert } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/client';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { dueCountQuery } from './retention';

/** Whom the retention rule takes next cannot be brought back: admins are told before, on every screen. */
export function DueBanner(): ReactNode {
  const isAdmin = useIsAdmin();
  const { data: due } = useQuery({ ...dueCountQuery, enabled: isAdmin });
  if (!isAdmin || !due || due.total === 0) return null;
  return (
    <Alert color="yellow" mb="md" role="status" icon={<IconUserOff aria-hidden />}>
      {howMany(due)} will be anonymised within a week.{' '}
      <AppLink to="/admin/privacy" search={{ show: 'due' }} c="inherit">
        See whom
      </AppLink>
    </Alert>
  );
}

function howMany({ total, capped }: Page<unknown>): string {
  if (total === 1) return '1 candidate';
  return `${capped ? 'More than ' : ''}${total.toLocaleString()} candidates`;
}
