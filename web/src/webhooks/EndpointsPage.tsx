import { Button, Modal, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { AdminsOnly } from '../integrations/AdminsOnly';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Empty, Loaded } from '../shell/states';
import { Pill } from '../shell/StatusBadge';
import { emptyEndpoint, type Endpoint, endpointsQuery, stateOf } from './endpoint';
import { EndpointForm } from './EndpointForm';
import { SecretShown } from './SecretShown';

export function EndpointsPage(): ReactNode {
  const isAdmin = useIsAdmin();
  return (
    <Page
      title="Webhook endpoints"
      above={<AppLink to="/admin">Admin settings</AppLink>}
      actions={isAdmin && <AddEndpoint />}
    >
      {isAdmin ? <Endpoints /> : <AdminsOnly />}
    </Page>
  );
}

function Endpoints(): ReactNode {
  const endpoints = useQuery(endpointsQuery);
  return (
    <Stack>
      <Text c="dimmed" maw={640}>
        Other systems get signed events here, by the Standard Webhooks specification. Events that fail are tried again
        for three days.
      </Text>
      <Loaded query={endpoints} what="Loading the webhook endpoints">
        {(list) =>
          list.length === 0 ? (
            <Empty title="No webhook endpoints yet">Add the address of a system that should know what happens.</Empty>
          ) : (
            <EndpointTable endpoints={list} />
          )
        }
      </Loaded>
    </Stack>
  );
}

function EndpointTable({ endpoints }: { endpoints: Endpoint[] }): ReactNode {
  return (
    <Table.ScrollContainer
      minWidth={560}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Webhook endpoints' } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Address</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Events</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {endpoints.map((endpoint) => (
            <Table.Tr key={endpoint.id}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <AppLink to="/admin/webhook_endpoints/$endpointId" params={{ endpointId: endpoint.id }}>
                  {endpoint.url}
                </AppLink>
                {endpoint.description !== '' && (
                  <Text size="xs" c="dimmed">
                    {endpoint.description}
                  </Text>
                )}
              </Table.Td>
              <Table.Td>
                <Pill tone={stateOf(endpoint).tone}>{stateOf(endpoint).word}</Pill>
              </Table.Td>
              <Table.Td>{endpoint.event_types.length}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function AddEndpoint(): ReactNode {
  const [adding, { open, close }] = useDisclosure();
  const [secret, setSecret] = useState<string | null>(null);
  const end = (): void => {
    close();
    setSecret(null);
  };
  return (
    <>
      <Button onClick={open}>Add endpoint</Button>
      <Modal opened={adding} onClose={end} title="Add a webhook endpoint" closeOnClickOutside={secret === null}>
        {secret === null ? (
          <EndpointForm
            initial={emptyEndpoint}
            verb="Add endpoint"
            save={(body) => answer(api.POST('/ats/v0/webhook_endpoints', { body }))}
            onSaved={(saved) => setSecret(saved.secret ?? null)}
            onCancel={end}
          />
        ) : (
          <SecretShown secret={secret} onDone={end} />
        )}
      </Modal>
    </>
  );
}
