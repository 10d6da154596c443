import { Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { notifications } from '@mantine/notifications';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { attemptsKey, type Endpoint } from './endpoint';

const spans = [
  { value: '1', label: 'The last hour' },
  { value: '24', label: 'The last day' },
  { value: '168', label: 'The last 7 days' },
  { value: '720', label: 'The last 30 days' },
];

const hourMs = 3_600_000;

/** Sends what happened since a time again. */
export function ReplayEvents({ endpoint: { id } }: { endpoint: Endpoint }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const [hours, setHours] = useState('24');
  const replay = useAct(
    () => {
      const since = new Date(Date.now() - Number(hours) * hourMs).toISOString();
      return answer(api.POST('/ats/v0/webhook_endpoints/{id}/replay', { params: { path: { id } }, body: { since } }));
    },
    {
      errorShown: true,
      refresh: [attemptsKey],
      onDone: ({ events }) => {
        close();
        notifications.show({ message: events === 1 ? '1 event is sent again' : `${events} events are sent again` });
      },
    },
  );
  return (
    <>
      <Button variant="default" onClick={open}>
        Replay…
      </Button>
      <Modal opened={asking} onClose={close} title="Send events again">
        <Stack>
          <Text size="sm">
            The newest event of each type about each check or candidate is sent, with what is true now. Receivers
            recognise repeated events by their id.
          </Text>
          <NativeSelect
            label="From"
            data={spans}
            value={hours}
            onChange={(event) => setHours(event.currentTarget.value)}
            data-autofocus
          />
          <ErrorAlert error={replay.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button loading={replay.running} onClick={() => replay.run()}>
              Send again
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
