import { AppShell, ScrollArea, Text } from '@mantine/core';
import { IconBriefcase, IconShieldCheck, IconUsers } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useMe } from '../session/me';
import { AccountMenu } from './AccountMenu';
import { SidebarLink } from './links';
import classes from './Shell.module.css';

/** Links to every screen, with the account menu at the bottom. */
export function Sidebar({ onGo }: { onGo: () => void }): ReactNode {
  const { team } = useMe();
  return (
    <AppShell.Navbar p="sm" aria-label="Main">
      <Text fw={700} px="sm" py="xs" truncate visibleFrom="sm">
        {team.name}
      </Text>
      <AppShell.Section grow component={ScrollArea}>
        <div className={classes.section} id="sidebar-ats">
          ATS
        </div>
        <div role="group" aria-labelledby="sidebar-ats" onClick={onGo}>
          <SidebarLink to="/jobs" label="Jobs" leftSection={<IconBriefcase aria-hidden size={18} />} />
          <SidebarLink to="/candidates" label="Candidates" leftSection={<IconUsers aria-hidden size={18} />} />
          <SidebarLink
            to="/background_checks"
            label="Background checks"
            leftSection={<IconShieldCheck aria-hidden size={18} />}
          />
        </div>
      </AppShell.Section>
      <AppShell.Section>
        <AccountMenu onGo={onGo} />
      </AppShell.Section>
    </AppShell.Navbar>
  );
}
