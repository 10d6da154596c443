import { Divider, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Connection } from './connection';
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
  return (
    <Stack gap="lg" maw={640}>
      <SetupSteps connection={connection} />
      <ConnectionForm connection={connection} onSaved={onSaved} />
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
