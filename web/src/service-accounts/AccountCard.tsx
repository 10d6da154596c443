import { Alert, Card, Group, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { Pill } from '../shell/StatusBadge';
import { exactDay, When } from '../shell/When';
import { AccountActions } from './AccountActions';
import { type Account, type Key, levelWord, lifeOf, scopeWords } from './accounts';
import { KeyTable } from './KeyTable';

/** One service account: what it may do, its keys, and what needs attention. */
export function AccountCard({ account }: { account: Account }): ReactNode {
  const id = useId();
  const { name, access_level, scopes, client_id, disabled, last_used_at, keys } = account;
  return (
    <Card withBorder component="section" aria-labelledby={id}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={2} size="h4" id={id} style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          {disabled && <Pill tone="neutral">Disabled</Pill>}
        </Group>
        <Text size="sm" c="dimmed">
          {levelWord(access_level)} · {last_used_at === null ? 'Never used' : <LastUsed at={last_used_at} />}
          {client_id !== null && ` · Client ${client_id}`}
        </Text>
        <Text size="sm">
          {scopes.length === 0 ? 'No scopes' : scopes.map((scope) => scopeWords[scope]).join(' · ')}
        </Text>
        <Expiry keys={keys} />
        {keys.length === 0 ? <Text size="sm">No keys</Text> : <KeyTable account={account} />}
        <AccountActions account={account} />
      </Stack>
    </Card>
  );
}

const LastUsed = ({ at }: { at: string }): ReactNode => (
  <>
    Last used <When at={at} />
  </>
);

/** Warns before a program stops. A key that was replaced in time needs no warning. */
function Expiry({ keys }: { keys: Key[] }): ReactNode {
  const [last] = keys.toSorted((a, b) => b.expires_at.localeCompare(a.expires_at));
  if (!last || lifeOf(last) === 'long') return null;
  const over = lifeOf(last) === 'over';
  return (
    <Alert color={over ? 'danger' : 'yellow'} icon={<IconAlertTriangle aria-hidden />} role="status">
      {over ? 'The last key has expired. ' : `The last key expires ${exactDay(last.expires_at)}. `}
      Create a new key and give it to the program.
    </Alert>
  );
}
