import { Alert } from '@mantine/core';
import { queryOptions, useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { api, page } from '../api/client';
import { keys } from '../api/live-queries';
import { AppLink } from '../shell/links';
import { When } from '../shell/When';
import { candidateQuery } from './check';
import type { Check } from './words';

/** For this many days, sending the same package to the same address asks for confirmation. */
const days = 30;

/** What would be sent, and the check it would replace, if any. */
export interface Sending {
  packageId: string;
  address: string | null;
  replaces?: string;
}

/** The last check with the same package to the same address, for any candidate that the user may see. */
export const sentRecently = ({ packageId, address, replaces }: Sending) =>
  queryOptions({
    queryKey: [...keys.checks, 'sent_to', packageId, address, replaces],
    enabled: packageId !== '' && address !== null && address.includes('@'),
    // Offline it fails at once instead of sending later.
    networkMode: 'always',
    queryFn: async ({ signal }): Promise<Check | null> => {
      const since = dayjs().subtract(days, 'day').toISOString();
      const query = { sent_to: [address ?? ''], package_id: [packageId], created_after: since, per_page: 5 };
      const { items } = await page(api.GET('/ats/v0/background_checks', { params: { query }, signal }));
      return items.find(({ id, status }) => id !== replaces && status !== 'not_sent') ?? null;
    },
  });

/** Shown before a second check is ordered. */
export function SentRecently({ check }: { check: Check }): ReactNode {
  const { data: candidate } = useQuery(candidateQuery(check.candidate_id));
  const name = candidate ? ` for ${candidate.first_name} ${candidate.last_name}` : '';
  return (
    <Alert color="yellow" p="xs" role="status">
      {check.package.name} was sent to {check.sent_to ?? 'this address'}
      {name} <When at={check.requested_at} /> and is now {check.status_label.toLowerCase()}. This orders a second check,
      and your team is charged for it.{' '}
      <AppLink to="/background_checks/$checkId" params={{ checkId: check.id }} c="inherit">
        Open check
      </AppLink>
    </Alert>
  );
}
