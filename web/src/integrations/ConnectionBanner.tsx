import { Alert } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { exactTime } from '../shell/When';
import { type CertnConnection, connectionQuery, endsSoon, mismatchTitle, rejectionTitle } from './connection';

/** What an admin must do about Certn, on every screen until it is done. Other users cannot do it. */
export function ConnectionBanner(): ReactNode {
  const { data } = useQuery({
    ...connectionQuery,
    enabled: useMay('manage_integrations'),
    refetchInterval: 60_000,
  });
  const trouble = data && troubleOf(data);
  if (!trouble) return null;
  return (
    <Alert color="yellow" mb="md" role="status" icon={<IconKey aria-hidden />}>
      {trouble}{' '}
      <AppLink to="/admin/integrations" c="inherit">
        Open Integrations
      </AppLink>
    </Alert>
  );
}

function troubleOf({ state, api_key, health }: CertnConnection): string | null {
  const { webhooks } = health;
  if (state === 'action_required') return `${rejectionTitle(health)}. Checks are on hold until an admin updates it.`;
  if (state === 'enabled' && webhooks.state === 'refused') {
    const since = webhooks.since === null ? '' : ` since ${exactTime(webhooks.since)}`;
    const why =
      webhooks.likely_cause === 'wrong_secret'
        ? 'Copy the webhook secret key again from Certn.'
        : 'The secret was changed in Certn, or another sender uses the webhook URL.';
    return `${mismatchTitle(webhooks)}${since}. ${why}`;
  }
  if (state !== 'enabled' || !endsSoon(api_key.expires_at)) return null;
  const days = dayjs(api_key.expires_at).diff(dayjs(), 'day');
  if (days < 0) return 'The Certn API key has probably expired. Create a new one in Certn and save it.';
  return `The Certn API key expires in ${days === 1 ? '1 day' : `${days} days`}. Create a new one in Certn and save it.`;
}
