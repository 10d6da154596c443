import { Button, Group, List, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { dependents } from './connection';

/** Switches Certn off, after saying what that does and what it does not. */
export function DisableConnection(): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const disable = useAct(() => answer(api.DELETE('/ats/v0/integrations/certn')), {
    errorShown: true,
    done: 'Certn is disabled.',
    refresh: dependents,
    onDone: close,
  });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Disable
      </Title>
      <Text size="sm" c="dimmed">
        Nobody can send checks while Certn is disabled. What was saved is kept.
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
        otherwise="Keep it on"
        act={disable}
      >
        <List size="sm" spacing="xs">
          <List.Item>No check can be sent or re-sent, and none can be added to an interview plan.</List.Item>
          <List.Item>Checks that have not reached Certn yet are not sent.</List.Item>
          <List.Item>Checks under way at Certn go on: their status, results and cancelling keep working.</List.Item>
          <List.Item>Interview plans and everything that was sent stay as they are.</List.Item>
          <List.Item>Saving the connection again switches it back on.</List.Item>
        </List>
      </Confirm>
    </Stack>
  );
}
