import { Divider, Stack, Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AdminsOnly } from '../integrations/AdminsOnly';
import { useIsAdmin } from '../session/me';
import { AppLink } from '../shell/links';
import { Page } from '../shell/Page';
import { DueCandidates, DueResults } from './DueSoon';
import { Erasures } from './Erasures';
import { Failures } from './Failures';
import { RemovedResults } from './RemovedResults';
import { RetentionRule } from './RetentionRule';
import { candidateRule, resultRule } from './rules';

const route = getRouteApi('/console/admin/privacy');

/** The open tab, as in the URL. Absent for the rules. */
export type Part = 'due' | 'anonymised' | 'removed';

export function DataRetentionPage(): ReactNode {
  return (
    <Page title="Data retention" above={<AppLink to="/admin">Admin settings</AppLink>}>
      {useIsAdmin() ? <Parts /> : <AdminsOnly />}
    </Page>
  );
}

/** The rules, what is due next, and what was erased. The URL names the open tab, so that it can be shared. */
function Parts(): ReactNode {
  const { show = 'rule' } = route.useSearch();
  const navigate = route.useNavigate();
  const choose = (part: string | null): void => {
    void navigate({ search: { show: part === 'rule' ? undefined : (part as Part) }, replace: true });
  };
  return (
    <Tabs value={show} onChange={choose} keepMounted={false}>
      <Tabs.List mb="md" aria-label="Data retention">
        <Tabs.Tab value="rule">Rules</Tabs.Tab>
        <Tabs.Tab value="due">Due soon</Tabs.Tab>
        <Tabs.Tab value="anonymised">Anonymised</Tabs.Tab>
        <Tabs.Tab value="removed">Results removed</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="rule">
        <Stack gap="xl">
          <RetentionRule rule={candidateRule} />
          <Divider />
          <RetentionRule rule={resultRule} />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="due">
        <Stack gap="xl">
          <Failures />
          <DueCandidates />
          <Divider />
          <DueResults />
        </Stack>
      </Tabs.Panel>
      <Tabs.Panel value="anonymised">
        <Erasures />
      </Tabs.Panel>
      <Tabs.Panel value="removed">
        <RemovedResults />
      </Tabs.Panel>
    </Tabs>
  );
}
