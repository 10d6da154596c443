import { Alert, Stack, Tabs } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CertnConnection } from './connection';
import { Deliveries } from './Deliveries';
import { Findings } from './Findings';
import { Health } from './Health';
import { Settings } from './Settings';

interface CertnDetailsProps {
  connection: CertnConnection;
  onSaved: () => void;
}

/** Before anything is saved there is nothing but the set-up; afterwards also how the connection is doing. */
export function CertnDetails({ connection, onSaved }: CertnDetailsProps): ReactNode {
  const settings = <Settings connection={connection} onSaved={onSaved} />;
  return (
    <Stack>
      <StateNotice connection={connection} />
      {connection.state === 'not_connected' ? (
        settings
      ) : (
        <Tabs defaultValue="settings" keepMounted={false}>
          <Tabs.List mb="md" aria-label="Certn">
            <Tabs.Tab value="settings">Settings</Tabs.Tab>
            <Tabs.Tab value="health">Health</Tabs.Tab>
            <Tabs.Tab value="deliveries">Deliveries</Tabs.Tab>
            <Tabs.Tab value="findings">Findings</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="settings">{settings}</Tabs.Panel>
          <Tabs.Panel value="health">
            <Health connection={connection} />
          </Tabs.Panel>
          <Tabs.Panel value="deliveries">
            <Deliveries />
          </Tabs.Panel>
          <Tabs.Panel value="findings">
            <Findings />
          </Tabs.Panel>
        </Tabs>
      )}
    </Stack>
  );
}

function StateNotice({ connection: { state, environment, health } }: { connection: CertnConnection }): ReactNode {
  const icon = <IconAlertTriangle aria-hidden />;
  if (state === 'attention') {
    return (
      <Alert color="danger" icon={icon} title="Certn turns our calls away: no checks can be sent">
        {health.last_error?.message} Save a good API key: what is waiting then goes on by itself.
      </Alert>
    );
  }
  if (state === 'disabled') {
    return (
      <Alert color="gray" icon={icon} title="Certn is disabled: no checks can be sent">
        Save & close switches it on again with what is saved. Checks under way are followed to their end.
      </Alert>
    );
  }
  if (environment !== 'sandbox') return null;
  return (
    <Alert color="yellow" icon={icon} title="This is Certn's sandbox">
      Checks sent from here are not real.
    </Alert>
  );
}
