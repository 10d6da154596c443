import { Button, List, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { Pill } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import { exactDay, When } from '../shell/When';
import { type Account, accountsQuery, type Key, lifeOf } from './accounts';

/** The keys of an account, without the keys themselves. */
export function KeyTable({ account }: { account: Account }): ReactNode {
  return (
    <Table.ScrollContainer
      minWidth={480}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': `Keys of ${account.name}` } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Key</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Expires</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {account.keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>Ends in {key.last4}</Table.Td>
              <Table.Td>{exactDay(key.created_at)}</Table.Td>
              <Table.Td>
                <Expires at={key} />
              </Table.Td>
              <Table.Td>{key.last_used_at === null ? 'Never' : <When at={key.last_used_at} />}</Table.Td>
              <Table.Td>
                <RevokeKey account={account} shown={key} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Expires({ at }: { at: Key }): ReactNode {
  const life = lifeOf(at);
  return (
    <>
      {exactDay(at.expires_at)} {life === 'over' && <Pill tone="bad">Expired</Pill>}
      {life === 'soon' && <Pill tone="waiting">Soon</Pill>}
    </>
  );
}

function RevokeKey({ account, shown }: { account: Account; shown: Key }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const path = { id: account.id, key_id: shown.id };
  const revoke = useAct(() => answer(api.DELETE('/ats/v0/service_accounts/{id}/keys/{key_id}', { params: { path } })), {
    errorShown: true,
    done: 'Key revoked',
    refresh: [accountsQuery.queryKey],
    onDone: close,
  });
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={open} aria-label={`Revoke the key ending in ${shown.last4}`}>
        Revoke
      </Button>
      <Confirm opened={asking} onClose={close} title="Revoke this key?" verb="Revoke key" act={revoke}>
        <List size="sm" spacing="xs">
          <List.Item>The key ending in {shown.last4} stops working immediately.</List.Item>
          <List.Item>Requests that use it are refused, and its open streams end.</List.Item>
        </List>
        <Text size="sm" mt="xs">
          This can&apos;t be undone.
        </Text>
      </Confirm>
    </>
  );
}
