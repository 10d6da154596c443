import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useMay } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { Loaded } from '../shell/states';
import { AdminsOnly } from './AdminsOnly';
import { CertnSection } from './CertnSection';
import { connectionQuery } from './connection';

export function IntegrationsPage(): ReactNode {
  return (
    <Page title="Integrations" above={<AppLink to="/admin">Admin settings</AppLink>}>
      {useMay('manage_integrations') ? <Integrations /> : <AdminsOnly />}
    </Page>
  );
}

function Integrations(): ReactNode {
  const connection = useQuery(connectionQuery);
  return (
    <Loaded query={connection} what="Loading the integrations">
      {(certn) => <CertnSection connection={certn} />}
    </Loaded>
  );
}
