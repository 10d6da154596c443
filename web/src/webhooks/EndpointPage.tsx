import { Alert, Button, Divider, Group, Modal, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { unlessChanged } from '../api/tags';
import { AdminsOnly } from '../integrations/AdminsOnly';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Opened } from '../shell/Opened';
import { Page } from '../shell/Page';
import { Loaded } from '../shell/states';
import { Pill } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import { When } from '../shell/When';
import { Attempts } from './Attempts';
import { DeleteEndpoint, RotateSecret } from './EndpointActions';
import {
  type Endpoint,
  attemptsKey,
  endpointQuery,
  endpointsKey,
  eventWords,
  readAgainMs,
  stateOf,
  whyOff,
  type Filled,
} from './endpoint';
import { EndpointForm } from './EndpointForm';
import { ReplayEvents } from './ReplayEvents';

const route = getRouteApi('/console/admin/webhook_endpoints/$endpointId');

export function EndpointPage(): ReactNode {
  return (
    <Page title="Webhook endpoint" above={<AppLink to="/admin/webhook_endpoints">Webhook endpoints</AppLink>}>
      {useIsAdmin() ? <OneEndpoint /> : <AdminsOnly />}
    </Page>
  );
}

function OneEndpoint(): ReactNode {
  const { endpointId } = route.useParams();
  const endpoint = useQuery({ ...endpointQuery(endpointId), refetchInterval: readAgainMs });
  return (
    <Loaded query={endpoint} what="Loading the webhook endpoint">
      {(loaded) => (
        <Stack gap="lg">
          <Facts endpoint={loaded} />
          <Actions endpoint={loaded} />
          <Divider />
          <Title order={2} size="h4">
            Attempts
          </Title>
          <Attempts endpoint={loaded} />
        </Stack>
      )}
    </Loaded>
  );
}

function Facts({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const { word, tone } = stateOf(endpoint);
  const why = whyOff(endpoint);
  const included = [
    ...(endpoint.include_results ? ['results of checks'] : []),
    ...(endpoint.include_names ? ['names of candidates'] : []),
  ];
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {endpoint.url}
        </Text>
        <Pill tone={tone}>{word}</Pill>
      </Group>
      {endpoint.description !== '' && <Text c="dimmed">{endpoint.description}</Text>}
      {why !== null && (
        <Alert color="danger" icon={<IconAlertTriangle aria-hidden />} role="note">
          {why} Switch it on again once it is repaired, and replay what it missed.
        </Alert>
      )}
      {endpoint.failing_since !== null && !endpoint.disabled && (
        <Text size="sm">
          Every attempt has failed since <When at={endpoint.failing_since} />. After five days it is switched off.
        </Text>
      )}
      <Text size="sm">{endpoint.event_types.map((type) => eventWords[type]).join(' · ')}</Text>
      <Text size="sm">{included.length === 0 ? 'Without results and names' : `With ${included.join(' and ')}`}</Text>
      {endpoint.previous_secret_until !== null && (
        <Text size="sm">
          The previous secret also signs until <When at={endpoint.previous_secret_until} />.
        </Text>
      )}
    </Stack>
  );
}

function Actions({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const { id, disabled } = endpoint;
  const params = { path: { id } };
  const test = useAct(() => answer(api.POST('/ats/v0/webhook_endpoints/{id}/test', { params })), {
    done: 'A test is on its way',
    refresh: [attemptsKey],
  });
  const switchIt = useAct(
    () => answer(api.PATCH('/ats/v0/webhook_endpoints/{id}', { params, body: { disabled: !disabled } })),
    { done: disabled ? 'The endpoint is on' : 'The endpoint is off', refresh: [endpointsKey] },
  );
  return (
    <Group gap="sm">
      {!disabled && (
        <Button loading={test.running} onClick={() => test.run()}>
          Send a test
        </Button>
      )}
      <EditEndpoint endpoint={endpoint} />
      <Button variant="default" loading={switchIt.running} onClick={() => switchIt.run()}>
        {disabled ? 'Switch on' : 'Switch off'}
      </Button>
      {!disabled && <ReplayEvents endpoint={endpoint} />}
      <RotateSecret endpoint={endpoint} />
      <DeleteEndpoint endpoint={endpoint} />
    </Group>
  );
}

function EditEndpoint({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const [editing, { open, close }] = useDisclosure();
  const path = { id: endpoint.id };
  const read = () => api.GET('/ats/v0/webhook_endpoints/{id}', { params: { path } });
  const save = (opened: Endpoint, body: Filled) =>
    answer(api.PATCH('/ats/v0/webhook_endpoints/{id}', { params: { path, header: unlessChanged(opened) }, body }));
  return (
    <>
      <Button variant="default" onClick={open}>
        Edit
      </Button>
      <Modal opened={editing} onClose={close} title="Edit the webhook endpoint">
        <Opened read={read} what="Loading the webhook endpoint">
          {(opened) => (
            <EndpointForm
              initial={filledFrom(opened)}
              verb="Save"
              save={(body) => save(opened, body)}
              onSaved={close}
              onCancel={close}
            />
          )}
        </Opened>
      </Modal>
    </>
  );
}

const filledFrom = ({ url, description, event_types, include_results, include_names }: Endpoint): Filled => ({
  ...{ url, description, event_types, include_results, include_names },
});
