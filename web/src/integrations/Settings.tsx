import { Divider, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { api } from '../api/client';
import { Opened } from '../shell/Opened';
import { type Connection, ofVendor } from './connection';
import { ConnectionForm } from './ConnectionForm';
import { DisableConnection } from './DisableConnection';
import { SetupSteps } from './SetupSteps';
import { TestConnection } from './TestConnection';

interface SettingsProps {
  connection: Connection;
  onSaved: () => void;
}

/** Set up, save, test and disable the connection. */
export function Settings({ connection, onSaved }: SettingsProps): ReactNode {
  const read = () => api.GET('/ats/v0/integrations/{vendor}', { params: { path: ofVendor(connection) } });
  return (
    <Stack gap="lg" maw={640}>
      <SetupSteps connection={connection} />
      <Opened key={connection.state} read={read} what="Loading the connection">
        {(opened) => <ConnectionForm connection={opened} onSaved={onSaved} />}
      </Opened>
      {connection.state !== 'not_connected' && (
        <>
          <Divider />
          <TestConnection connection={connection} />
        </>
      )}
      {(connection.state === 'enabled' || connection.state === 'action_required') && (
        <>
          <Divider />
          <DisableConnection connection={connection} />
        </>
      )}
    </Stack>
  );
}
