import { Button, List, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { exactTime } from '../shell/When';
import { type Endpoint, endpointsKey } from './endpoint';
import { SecretShown } from './SecretShown';

/** Gives the endpoint another secret, after a confirmation, and shows it once. */
export function RotateSecret({ endpoint: { id } }: { endpoint: Endpoint }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const [rotated, setRotated] = useState<Schemas['RotatedSecretResponse'] | null>(null);
  const params = { path: { id } };
  const rotate = useAct(() => answer(api.POST('/ats/v0/webhook_endpoints/{id}/rotate_secret', { params })), {
    errorShown: true,
    refresh: [endpointsKey],
    onDone: (answered) => {
      close();
      setRotated(answered);
    },
  });
  return (
    <>
      <Button variant="default" onClick={open}>
        Rotate secret…
      </Button>
      <Confirm opened={asking} onClose={close} title="Rotate the secret?" verb="Rotate secret" act={rotate}>
        <List size="sm" spacing="xs">
          <List.Item>You get a new secret, which is shown once.</List.Item>
          <List.Item>For a day events are signed with both secrets. Change the receiver over in that time.</List.Item>
        </List>
      </Confirm>
      <Modal
        opened={rotated !== null}
        onClose={() => setRotated(null)}
        title="The new secret"
        closeOnClickOutside={false}
      >
        {rotated !== null && (
          <SecretShown secret={rotated.secret} onDone={() => setRotated(null)}>
            The previous secret also signs until {exactTime(rotated.previous_secret_until)}.
          </SecretShown>
        )}
      </Modal>
    </>
  );
}

/** Deletes the endpoint, after a confirmation. */
export function DeleteEndpoint({ endpoint: { id, url } }: { endpoint: Endpoint }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const navigate = useNavigate();
  const remove = useAct(() => answer(api.DELETE('/ats/v0/webhook_endpoints/{id}', { params: { path: { id } } })), {
    errorShown: true,
    done: 'Webhook endpoint deleted',
    onDone: () => void navigate({ to: '/admin/webhook_endpoints' }),
  });
  return (
    <>
      <Button variant="default" onClick={open}>
        Delete…
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title="Delete the webhook endpoint?"
        verb="Delete endpoint"
        otherwise="Keep endpoint"
        act={remove}
      >
        <List size="sm" spacing="xs">
          <List.Item style={{ overflowWrap: 'anywhere' }}>{url} gets no more events.</List.Item>
          <List.Item>What waits to be sent is dropped, and its attempts are deleted.</List.Item>
          <List.Item>This cannot be undone.</List.Item>
        </List>
      </Confirm>
    </>
  );
}
