import { Alert } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { exactTime } from '../shell/When';
import { type Connection, connectionsQuery, endsSoon, mismatchTitle, rejectionTitle } from './connection';

/** What an admin must do about a vendor, on every screen until it is done. Other users cannot do it. */
export function ConnectionBanner(): ReactNode {
  const { data: connections = [] } = useQuery({
    ...connectionsQuery,
    enabled: useMay('manage_integrations'),
    refetchInterval: 60_000,
  });
  return connections.map((connection) => {
    const trouble = troubleOf(connection);
    if (trouble === null) return null;
    return (
      <Alert key={connection.vendor} color="yellow" mb="md" role="status" icon={<IconKey aria-hidden />}>
        {trouble}{' '}
        <AppLink to="/admin/integrations/{-$vendor}" params={{ vendor: connection.vendor }} c="inherit">
          Open Integrations
        </AppLink>
      </Alert>
    );
  });
}

function troubleOf(connection: Connection): string | null {
  const { name, state, api_key, health } = connection;
  const { webhooks } = health;
  if (state === 'action_required')
    return `${rejectionTitle(connection)}. Checks are on hold until an admin updates it.`;
  if (state === 'enabled' && webhooks.state === 'refused') {
    const since = webhooks.since === null ? '' : ` since ${exactTime(webhooks.since)}`;
    const why =
      webhooks.likely_cause === 'wrong_secret'
        ? `Copy the webhook secret key again from ${name}.`
        : `The secret was changed in ${name}, or another sender uses the webhook URL.`;
    return `${mismatchTitle(webhooks)}${since}. ${why}`;
  }
  if (state !== 'enabled' || !endsSoon(api_key.expires_at)) return null;
  const days = dayjs(api_key.expires_at).diff(dayjs(), 'day');
  const renew = `Create a new one in ${name} and save it.`;
  if (days < 0) return `The ${name} API key has probably expired. ${renew}`;
  return `The ${name} API key expires in ${days === 1 ? '1 day' : `${days} days`}. ${renew}`;
}
