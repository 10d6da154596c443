import { Alert, Button, Group, Modal, NativeSelect, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { CopyField } from '../shell/CopyField';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { exactDay } from '../shell/When';
import { type Account, accountsQuery, ofAccount } from './accounts';

const lives = [30, 90, 180, 365].map((days) => ({ value: String(days), label: `${days} days` }));

/** Creates a key and shows it, once. */
export function NewKey({ account }: { account: Account }): ReactNode {
  const [opened, { open, close }] = useDisclosure();
  const [issued, setIssued] = useState<Schemas['IssuedKeyResponse'] | null>(null);
  const leave = (): void => {
    close();
    setIssued(null);
  };
  return (
    <>
      <Button size="xs" onClick={open} aria-label={`New key for ${account.name}`}>
        New key
      </Button>
      {/* A click beside the dialog would lose a key that nobody can see again. */}
      <Modal opened={opened} onClose={leave} title={`Key for ${account.name}`} closeOnClickOutside={issued === null}>
        {issued === null ? (
          <KeyForm account={account} onIssued={setIssued} onCancel={leave} />
        ) : (
          <IssuedKey issued={issued} onDone={leave} />
        )}
      </Modal>
    </>
  );
}

interface KeyFormProps {
  account: Account;
  onIssued: (issued: Schemas['IssuedKeyResponse']) => void;
  onCancel: () => void;
}

function KeyForm({ account, onIssued, onCancel }: KeyFormProps): ReactNode {
  const [days, setDays] = useState('90');
  const issue = useAct(
    () =>
      answer(
        api.POST('/ats/v0/service_accounts/{id}/keys', {
          params: ofAccount(account),
          body: { expires_in_days: Number(days) },
        }),
      ),
    { errorShown: true, refresh: [accountsQuery.queryKey], onDone: onIssued },
  );
  const submit = (event: { preventDefault: () => void }): void => {
    event.preventDefault();
    issue.run();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <NativeSelect
          label="Expires in"
          data={lives}
          value={days}
          onChange={(event) => setDays(event.currentTarget.value)}
          data-autofocus
        />
        <ErrorAlert error={issue.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={issue.running}>
            Create key
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function IssuedKey({ issued, onDone }: { issued: Schemas['IssuedKeyResponse']; onDone: () => void }): ReactNode {
  return (
    <Stack>
      <Alert color="yellow" icon={<IconKey aria-hidden />} role="status">
        Copy the key now. You can&apos;t see it again.
      </Alert>
      <CopyField label="API key" value={issued.key ?? ''} />
      <Text size="sm">Send it in the header X-API-Key. It expires {exactDay(issued.expires_at)}.</Text>
      <Group justify="flex-end">
        <Button onClick={onDone}>Done</Button>
      </Group>
    </Stack>
  );
}
