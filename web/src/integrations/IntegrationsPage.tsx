import { Accordion } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Loaded } from '../shell/states';
import { AdminsOnly } from './AdminsOnly';
import { type Connection, connectionsQuery } from './connection';
import { IntegrationSection } from './IntegrationSection';

const route = getRouteApi('/console/admin/integrations/{-$vendor}');

export function IntegrationsPage(): ReactNode {
  return (
    <Page title="Integrations" above={<AppLink to="/admin">Admin settings</AppLink>}>
      {useMay('manage_integrations') ? <Integrations /> : <AdminsOnly />}
    </Page>
  );
}

function Integrations(): ReactNode {
  const connections = useQuery(connectionsQuery);
  return (
    <Loaded query={connections} what="Loading the integrations">
      {(list) => <Sections connections={list} />}
    </Loaded>
  );
}

/** A section for each vendor. The address names the one that is open. */
function Sections({ connections }: { connections: Connection[] }): ReactNode {
  const { vendor: open = null } = route.useParams();
  const navigate = route.useNavigate();
  const header = useRef<HTMLButtonElement>(null);
  const show = (section: string | null): void => {
    void navigate({ params: { vendor: section ?? undefined }, replace: true, resetScroll: false });
  };
  const close = (): void => {
    show(null);
    header.current?.focus();
  };
  return (
    <Accordion variant="separated" order={2} value={open} onChange={show}>
      {connections.map((connection) => {
        const isOpen = connection.vendor === open;
        return (
          <IntegrationSection
            key={connection.vendor}
            connection={connection}
            isOpen={isOpen}
            header={isOpen ? header : undefined}
            onSaved={close}
          />
        );
      })}
    </Accordion>
  );
}
