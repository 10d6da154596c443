import { Box, Group, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { arrivedByNavigation } from './navigation';

interface PageProps {
  title: string;
  /** Above the title: where this page belongs. */
  above?: ReactNode;
  /** Beside the title: what can be done here. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen: its title in the tab and as heading. The heading takes the focus when one comes from another screen. */
export function Page({ title, above, actions, children }: PageProps): ReactNode {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (arrivedByNavigation()) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Box maw={1200} mx="auto">
      <title>{`${title} · ATS`}</title>
      {above}
      <Group justify="space-between" mb="lg" gap="sm">
        <Title order={1} size="h2" ref={heading} tabIndex={-1} style={{ outline: 'none', overflowWrap: 'anywhere' }}>
          {title}
        </Title>
        {actions}
      </Group>
      {children}
    </Box>
  );
}
