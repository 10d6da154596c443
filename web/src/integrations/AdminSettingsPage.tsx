import { Card, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { AdminsOnly } from './AdminsOnly';

export function AdminSettingsPage(): ReactNode {
  return (
    <Page title="Admin settings">
      {useMay('manage_integrations') ? (
        <Card withBorder maw={480}>
          <Title order={2} size="h4">
            <AppLink to="/admin/integrations">Integrations</AppLink>
          </Title>
          <Text c="dimmed">Connect the services that your team works with, such as Certn.</Text>
        </Card>
      ) : (
        <AdminsOnly />
      )}
    </Page>
  );
}
