import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AdminsOnly } from '../integrations/AdminsOnly';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Empty, Loaded } from '../shell/states';
import { AccountCard } from './AccountCard';
import { accountsQuery } from './accounts';
import { NewAccount } from './NewAccount';

export function ServiceAccountsPage(): ReactNode {
  const isAdmin = useIsAdmin();
  return (
    <Page
      title="Service accounts"
      above={<AppLink to="/admin">Admin settings</AppLink>}
      actions={isAdmin && <NewAccount />}
    >
      {isAdmin ? <Accounts /> : <AdminsOnly />}
    </Page>
  );
}

function Accounts(): ReactNode {
  const accounts = useQuery(accountsQuery);
  return (
    <Stack maw={800}>
      <Text c="dimmed">Your own programs use the API as a service account. Scopes limit what each can do.</Text>
      <Loaded query={accounts} what="Loading the service accounts">
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No service accounts yet">Create one for each program that uses the API.</Empty>
          ) : (
            items.map((account) => <AccountCard key={account.id} account={account} />)
          )
        }
      </Loaded>
    </Stack>
  );
}
