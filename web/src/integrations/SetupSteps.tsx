import { Button, Collapse, List, Stack, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { CopyField } from '../shell/CopyField';
import type { Connection } from './connection';

/** The steps at the vendor and here, collapsed once it is connected. The webhook URL stays visible. */
export function SetupSteps({ connection }: { connection: Connection }): ReactNode {
  const [shown, { toggle }] = useDisclosure(connection.state === 'not_connected');
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Set up
      </Title>
      {connection.state !== 'not_connected' && (
        <Button variant="default" size="xs" onClick={toggle} aria-expanded={shown} style={{ alignSelf: 'start' }}>
          {shown ? 'Hide steps' : 'Show steps'}
        </Button>
      )}
      <Collapse expanded={shown}>
        <List type="ordered" spacing="xs" size="sm" style={{ overflowWrap: 'anywhere' }}>
          {connection.setup_steps.map((step) => (
            <List.Item key={step}>{step}</List.Item>
          ))}
        </List>
      </Collapse>
      <CopyField label="Webhook URL" value={connection.webhook_url} />
    </Stack>
  );
}
