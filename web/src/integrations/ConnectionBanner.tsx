import { Alert } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { exactTime } from '../shell/When';
import { type CertnConnection, connectionQuery, endsSoon, refusedTitle } from './connection';

/** What an admin must do about Certn, on every screen until it is done. Nobody else could. */
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

function troubleOf({ state, api_key, health: { webhooks } }: CertnConnection): string | null {
  if (state === 'attention') return 'Certn turns our calls away: checks wait until the connection is mended.';
  if (state === 'enabled' && webhooks.state === 'refused') {
    const since = webhooks.since === null ? '' : ` since ${exactTime(webhooks.since)}`;
    const why =
      webhooks.likely_cause === 'wrong_secret'
        ? 'the saved webhook secret key is probably the wrong one.'
        : 'the secret was changed in Certn, or somebody else sends them.';
    return `${refusedTitle(webhooks)}${since}: ${why}`;
  }
  if (state !== 'enabled' || !endsSoon(api_key.expires_at)) return null;
  const days = dayjs(api_key.expires_at).diff(dayjs(), 'day');
  if (days < 0) return 'The API key for Certn has probably ended: make a new one in Certn and save it.';
  return `The API key for Certn ends in ${days === 1 ? '1 day' : `${days} days`}: make a new one in Certn and save it.`;
}
