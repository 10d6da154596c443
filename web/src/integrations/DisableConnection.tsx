import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { dependents, ofCertn } from './connection';

/** Disables Certn, after a confirmation that lists the consequences. */
export function DisableConnection(): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const disable = useAct(() => answer(api.DELETE('/ats/v0/integrations/{vendor}', { params: { path: ofCertn } })), {
    errorShown: true,
    done: 'Certn disabled',
    refresh: dependents,
    onDone: close,
  });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Disable
      </Title>
      <Text size="sm" c="dimmed">
        No checks can be sent while Certn is disabled. Your settings are kept.
      </Text>
      <Group>
        <Button variant="default" onClick={open}>
          Disable Certn
        </Button>
      </Group>
      <Confirm
        opened={asking}
        onClose={close}
        title="Disable Certn?"
        verb="Disable Certn"
        otherwise="Keep connected"
        act={disable}
      >
        <List size="sm" spacing="xs">
          <List.Item>No checks can be sent, resent or added to an interview plan.</List.Item>
          <List.Item>Checks that have not reached Certn yet are not sent.</List.Item>
          <List.Item>Checks in progress at Certn continue. You can still follow and cancel them.</List.Item>
          <List.Item>Interview plans and sent checks stay as they are.</List.Item>
          <List.Item>Save the connection again to turn it back on.</List.Item>
        </List>
      </Confirm>
    </Stack>
  );
}
