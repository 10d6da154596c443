import { Alert, Stack, Tabs } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Connection, rejectionTitle } from './connection';
import { Discrepancies } from './Discrepancies';
import { Health } from './Health';
import { Settings } from './Settings';
import { WebhookLog } from './WebhookLog';

interface ConnectionDetailsProps {
  connection: Connection;
  onSaved: () => void;
}

/** The set-up until something is saved; afterwards also the health of the connection. */
export function ConnectionDetails({ connection, onSaved }: ConnectionDetailsProps): ReactNode {
  const settings = <Settings connection={connection} onSaved={onSaved} />;
  return (
    <Stack>
      <StateNotice connection={connection} />
      {connection.state === 'not_connected' ? (
        settings
      ) : (
        <Tabs defaultValue="settings" keepMounted={false}>
          <Tabs.List mb="md" aria-label={connection.name}>
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="health">Health</Tabs.Tab>
            <Tabs.Tab value="webhook_log">Webhook log</Tabs.Tab>
            <Tabs.Tab value="discrepancies">Discrepancies</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="settings">{settings}</Tabs.Panel>
          <Tabs.Panel value="health">
            <Health connection={connection} />
          </Tabs.Panel>
          <Tabs.Panel value="webhook_log">
            <WebhookLog connection={connection} />
          </Tabs.Panel>
          <Tabs.Panel value="discrepancies">
            <Discrepancies connection={connection} />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  );
}

function StateNotice({ connection }: { connection: Connection }): ReactNode {
  const { name, state, environment, health } = connection;
  const icon = <IconAlertTriangle aria-hidden />;
  if (state === 'action_required') {
    return (
      <Alert color="danger" icon={icon} title={rejectionTitle(connection)}>
        {health.last_error?.message} Checks are on hold. Save a valid API key, and they are sent automatically.
      </Alert>
    );
  }
  if (state === 'disabled') {
    return (
      <Alert color="gray" icon={icon} title={`${name} is disabled`}>
        No checks can be sent. Checks in progress continue. Select Save & close to turn it back on.
      </Alert>
    );
  }
  if (environment !== 'sandbox') return null;
  return (
    <Alert color="yellow" icon={icon} title={`This is ${name}'s sandbox`}>
      Checks sent from here are not real.
    </Alert>
  );
}
