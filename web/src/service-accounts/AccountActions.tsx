import { Button, Group, List, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { unlessChanged } from '../api/tags';
import { Confirm } from '../shell/Confirm';
import { Opened } from '../shell/Opened';
import { useAct } from '../shell/useAct';
import { AccountForm, bodyOf, type Filled } from './AccountForm';
import { type Account, accountsQuery, ofAccount } from './accounts';
import { NewKey } from './NewKey';

const refresh = [accountsQuery.queryKey];

/** What an admin does with a service account. */
export function AccountActions({ account }: { account: Account }): ReactNode {
  return (
    <Group gap="xs">
      <NewKey account={account} />
      <EditAccount account={account} />
      <SwitchAccount account={account} />
      <DeleteAccount account={account} />
    </Group>
  );
}

function EditAccount({ account }: { account: Account }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const { name } = account;
  const read = () => api.GET('/ats/v0/service_accounts/{id}', { params: ofAccount(account) });
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Edit ${name}`}>
        Edit
      </Button>
      <Modal opened={opened} onClose={close} title={`Edit ${name}`}>
        <Opened read={read} what="Loading the service account">
          {(present) => <ChangeAccount account={present} onClose={close} />}
        </Opened>
      </Modal>
    </>
  );
}

function ChangeAccount({ account, onClose }: { account: Account; onClose: () => void }): ReactNode {
  const { name, access_level: level, scopes, client_id } = account;
  const params = { ...ofAccount(account), header: unlessChanged(account) };
  const save = useAct(
    (filled: Filled) => answer(api.PATCH('/ats/v0/service_accounts/{id}', { params, body: bodyOf(filled) })),
    { errorShown: true, done: 'Service account saved', refresh, onDone: onClose },
  );
  const initial = { name, level, scopes, clientId: client_id ?? '' };
  return <AccountForm initial={initial} verb="Save" act={save} onCancel={onClose} />;
}

/** One button for both directions, so that it keeps the focus. */
function SwitchAccount({ account }: { account: Account }): ReactNode {
  const { name, disabled } = account;
  const turn = useAct(
    () =>
      answer(api.PATCH('/ats/v0/service_accounts/{id}', { params: ofAccount(account), body: { disabled: !disabled } })),
    { done: disabled ? `${name} enabled` : `${name} disabled`, refresh },
  );
  const verb = disabled ? 'Enable' : 'Disable';
  return (
    <Button
      size="xs"
      variant="default"
      aria-busy={turn.running}
      aria-label={`${verb} ${name}`}
      onClick={() => turn.run()}
    >
      {verb}
    </Button>
  );
}

function DeleteAccount({ account }: { account: Account }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const { name } = account;
  const remove = useAct(() => answer(api.DELETE('/ats/v0/service_accounts/{id}', { params: ofAccount(account) })), {
    errorShown: true,
    done: `${name} deleted`,
    refresh,
    onDone: close,
  });
  return (
    <>
      <Button size="xs" variant="default" onClick={open} aria-label={`Delete ${name}`}>
        Delete
      </Button>
      <Confirm opened={asking} onClose={close} title={`Delete ${name}?`} verb="Delete" act={remove}>
        <List size="sm" spacing="xs">
          <List.Item>All of its keys stop working immediately.</List.Item>
          <List.Item>Its permissions on jobs are removed.</List.Item>
          <List.Item>What it did stays in the history and the audit log, under its name.</List.Item>
        </List>
        <Text size="sm" mt="xs">
          This can&apos;t be undone.
        </Text>
      </Confirm>
    </>
  );
}
