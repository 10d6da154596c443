import {
  Avatar,
  Group,
  Menu,
  Text,
  UnstyledButton,
  useComputedColorScheme,
  useMantineColorScheme,
  VisuallyHidden,
} from '@mantine/core';
import { IconLogout, IconMoon, IconSelector, IconSettings, IconSun } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { signOut } from '../session/session';
import { useMe } from '../session/me';
import { useAct } from './useAct';
import classes from './Shell.module.css';

/** The account menu at the bottom of the sidebar. */
export function AccountMenu({ onGo }: { onGo: () => void }): ReactNode {
  const me = useMe();
  const leave = useAct(signOut);
  return (
    <Menu position="top-start" width={240} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.account}>
          <Group wrap="nowrap" gap="sm">
            <Avatar name={me.name} size="sm" aria-hidden />
            <div className={classes.who}>
              <VisuallyHidden>Account</VisuallyHidden>
              <Text size="sm" fw={600} truncate>
                {me.name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {me.email}
              </Text>
            </div>
            <IconSelector aria-hidden size={16} />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/admin" onClick={onGo} leftSection={<IconSettings aria-hidden size={16} />}>
          Admin settings
        </Menu.Item>
        <Appearance />
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout aria-hidden size={16} />} onClick={() => leave.run()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Appearance(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const other = useComputedColorScheme() === 'dark' ? 'light' : 'dark';
  return (
    <Menu.Item
      leftSection={other === 'dark' ? <IconMoon aria-hidden size={16} /> : <IconSun aria-hidden size={16} />}
      onClick={() => setColorScheme(other)}
    >
      {other === 'dark' ? 'Dark appearance' : 'Light appearance'}
    </Menu.Item>
  );
}
