import { AppShell, Burger, Group, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ConnectionBanner } from '../integrations/ConnectionBanner';
import { DueBanner } from '../privacy/DueBanner';
import { AdminNotices } from '../session/AdminNotices';
import { useMe } from '../session/me';
import classes from './Shell.module.css';
import { Sidebar } from './Sidebar';
import { Offline } from './Offline';
import { useLiveUpdates } from './useLiveUpdates';

/** The frame of every screen for a signed-in user. */
export function Shell(): ReactNode {
  const [opened, { toggle, close }] = useDisclosure();
  const { team } = useMe();
  const connection = useLiveUpdates();
  return (
    <AppShell
      padding={{ base: 'md', sm: 'xl' }}
      header={{ height: { base: 52, sm: 0 } }}
      navbar={{ width: 250, breakpoint: 'sm', collapsed: { mobile: !opened } }}
    >
      <a className={classes.skip} href="#main">
        Skip to content
      </a>
      <AppShell.Header hiddenFrom="sm">
        <Group h="100%" px="md" gap="sm">
          <Burger opened={opened} onClick={toggle} size="sm" aria-label="Menu" aria-expanded={opened} />
          <Text fw={700} truncate>
            {team.name}
          </Text>
        </Group>
      </AppShell.Header>
      <Sidebar onGo={close} />
      <AppShell.Main id="main" tabIndex={-1} style={{ outline: 'none' }} data-live={connection}>
        <Offline lost={connection === 'lost'} />
        <AdminNotices />
        <ConnectionBanner />
        <DueBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
