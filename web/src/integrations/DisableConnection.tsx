import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { type Connection, dependents, ofVendor } from './connection';

/** Disables a vendor, after a confirmation that lists the consequences. */
export function DisableConnection({ connection }: { connection: Connection }): ReactNode {
  const { name } = connection;
  const [asking, { open, close }] = useDisclosure();
  const params = { path: ofVendor(connection) };
  const disable = useAct(() => answer(api.DELETE('/ats/v0/integrations/{vendor}', { params })), {
    errorShown: true,
    done: `${name} disabled`,
    refresh: dependents,
    onDone: close,
  });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Disable
      </Title>
      <Text size="sm" c="dimmed">
        No checks can be sent while {name} is disabled. Your settings are kept.
      </Text>
      <Group>
        <Button variant="default" onClick={open}>
          Disable {name}
        </Button>
      </Group>
      <Confirm
        opened={asking}
        onClose={close}
        title={`Disable ${name}?`}
        verb={`Disable ${name}`}
        otherwise="Keep connected"
        act={disable}
      >
        <List size="sm" spacing="xs">
          <List.Item>No checks can be sent, resent or added to an interview plan.</List.Item>
          <List.Item>Checks that have not reached {name} yet are not sent.</List.Item>
          <List.Item>Checks in progress at {name} continue. You can still follow and cancel them.</List.Item>
          <List.Item>Interview plans and sent checks stay as they are.</List.Item>
          <List.Item>Save the connection again to turn it back on.</List.Item>
        </List>
      </Confirm>
    </Stack>
  );
}
