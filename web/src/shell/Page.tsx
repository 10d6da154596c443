import { Box, Group, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { arrivedByNavigation } from './navigation';

interface PageProps {
  title: string;
  /** Above the title: a link to the parent page. */
  above?: ReactNode;
  /** Beside the title: the page's actions. */
  actions?: ReactNode;
  children: ReactNode;
}

/** A screen with its title in the tab and as heading. After navigation the heading takes the focus. */
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
