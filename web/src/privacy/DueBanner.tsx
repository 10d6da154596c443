import { Alert } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { Page } from '../api/client';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { dueCountQuery, resultDueCountQuery } from './retention';

/** Warns admins on every screen before the retention rules erase data, because that cannot be undone. */
export function DueBanner(): ReactNode {
  const isAdmin = useIsAdmin();
  const { data: people } = useQuery({ ...dueCountQuery, enabled: isAdmin });
  const { data: results } = useQuery({ ...resultDueCountQuery, enabled: isAdmin });
  const sentence = isAdmin ? sentenceOf(people, results) : null;
  if (sentence === null) return null;
  return (
    <Alert color="yellow" mb="md" role="status" icon={<IconUserOff aria-hidden />}>
      {sentence} within a week.{' '}
      <AppLink to="/admin/privacy" search={{ show: 'due' }} c="inherit">
        View list
      </AppLink>
    </Alert>
  );
}

type Due = Page<unknown> | undefined;

function sentenceOf(people: Due, results: Due): string | null {
  const someone = people && people.total > 0 ? `${howMany(people, 'candidate')} will be anonymised` : null;
  const something = results && results.total > 0 ? howMany(results, 'result') : null;
  if (someone === null) return something && `${something} will be removed`;
  return something === null ? someone : `${someone} and ${something} removed`;
}

function howMany({ total, capped }: Page<unknown>, what: string): string {
  if (total === 1) return `1 ${what}`;
  return `${capped ? 'More than ' : ''}${total.toLocaleString()} ${what}s`;
}
