import { Button, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { answer, api } from '../api/client';
import { useAct } from '../shell/useAct';
import { AccountForm, bodyOf, type Filled } from './AccountForm';
import { accountsQuery } from './accounts';

const blank: Filled = { name: '', level: 'standard', scopes: [], clientId: '' };

/** Creates a service account. Its keys come afterwards. */
export function NewAccount(): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const create = useAct((filled: Filled) => answer(api.POST('/ats/v0/service_accounts', { body: bodyOf(filled) })), {
    errorShown: true,
    done: 'Service account created. Create a key for it.',
    refresh: [accountsQuery.queryKey],
    onDone: close,
  });
  const leave = (): void => {
    create.reset();
    close();
  };
  return (
    <>
      <Button leftSection={<IconPlus aria-hidden size={16} />} onClick={open}>
        New service account
      </Button>
      <Modal opened={opened} onClose={leave} title="New service account">
        <AccountForm initial={blank} verb="Create" act={create} onCancel={leave} />
      </Modal>
    </>
  );
}
