import { Card, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { AdminsOnly } from './AdminsOnly';

export function AdminSettingsPage(): ReactNode {
  return <Page title="Admin settings">{useIsAdmin() ? <Settings /> : <AdminsOnly />}</Page>;
}

function Settings(): ReactNode {
  return (
    <Stack maw={480}>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/integrations">Integrations</AppLink>
        </Title>
        <Text c="dimmed">Connect services such as Certn.</Text>
      </Card>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/privacy">Data retention</AppLink>
        </Title>
        <Text c="dimmed">Set how long candidate data is kept, and see who is anonymised next.</Text>
      </Card>
    </Stack>
  );
}
