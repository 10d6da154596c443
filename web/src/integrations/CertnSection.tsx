import { Accordion, Group, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { Pill, SandboxBadge } from '../shell/StatusBadge';
import { CertnDetails } from './CertnDetails';
import type { CertnConnection } from './connection';
import { statusOf } from './webhooks';

const route = getRouteApi('/console/admin/integrations');

/** Certn's section of the integrations. The header opens the details; saving closes them. */
export function CertnSection({ connection }: { connection: CertnConnection }): ReactNode {
  const { open = null } = route.useSearch();
  const navigate = route.useNavigate();
  const header = useRef<HTMLButtonElement>(null);
  const show = (section: string | null): void => {
    void navigate({ search: { open: section ?? undefined }, replace: true });
  };
  const close = (): void => {
    show(null);
    header.current?.focus();
  };
  const { word, tone } = statusOf(connection);
  return (
    <Accordion variant="separated" order={2} value={open} onChange={show}>
      <Accordion.Item value="certn">
        <Accordion.Control ref={header}>
          <Group gap="sm">
            <Text component="span" fw={600}>
              Certn
            </Text>
            <Pill tone={tone}>{word}</Pill>
            <SandboxBadge environment={connection.environment} />
            <Text component="span" size="sm" c="dimmed">
              Background checks
            </Text>
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          {open === 'certn' && <CertnDetails connection={connection} onSaved={close} />}
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );
}
