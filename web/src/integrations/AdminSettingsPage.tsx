import { Card, Stack, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { AdminsOnly } from './AdminsOnly';
import { allOf } from './vendor-words';
import { integrationsQuery } from './vendors';

export function AdminSettingsPage(): ReactNode {
  return <Page title="Admin settings">{useIsAdmin() ? <Settings /> : <AdminsOnly />}</Page>;
}

function Settings(): ReactNode {
  const { data: vendors = [] } = useQuery(integrationsQuery);
  return (
    <Stack maw={480}>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/integrations/{-$vendor}">Integrations</AppLink>
        </Title>
        <Text c="dimmed">
          Connect services{vendors.length > 0 && ` such as ${allOf(vendors.map(({ name }) => name))}`}.
        </Text>
      </Card>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/webhook_endpoints">Webhook endpoints</AppLink>
        </Title>
        <Text c="dimmed">Tell other systems what happens here, with signed events.</Text>
      </Card>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/privacy">Data retention</AppLink>
        </Title>
        <Text c="dimmed">Set how long candidate data is kept, and see who is anonymised next.</Text>
      </Card>
      <Card withBorder>
        <Title order={2} size="h4">
          <AppLink to="/admin/service_accounts">Service accounts</AppLink>
        </Title>
        <Text c="dimmed">Let your own programs use the API, each with its own keys and scopes.</Text>
      </Card>
    </Stack>
  );
}
