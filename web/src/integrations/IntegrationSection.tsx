import { Accordion, Group, Text } from '@mantine/core';
import type { ReactNode, Ref } from 'react';
import { Pill, SandboxBadge } from '../shell/StatusBadge';
import type { Connection } from './connection';
import { ConnectionDetails } from './ConnectionDetails';
import { statusOf } from './webhooks';

const categories: Record<Connection['category'], string> = { background_check: 'Background checks' };

interface IntegrationSectionProps {
  connection: Connection;
  isOpen: boolean;
  header: Ref<HTMLButtonElement> | undefined;
  onSaved: () => void;
}

/** A vendor's section of the integrations. The header opens the details; saving closes them. */
export function IntegrationSection({ connection, isOpen, header, onSaved }: IntegrationSectionProps): ReactNode {
  const { vendor, name, category, environment } = connection;
  const { word, tone } = statusOf(connection);
  return (
    <Accordion.Item value={vendor}>
      <Accordion.Control ref={header}>
        <Group gap="sm">
          <Text component="span" fw={600}>
            {name}
          </Text>
          <Pill tone={tone}>{word}</Pill>
          <SandboxBadge environment={environment} />
          <Text component="span" size="sm" c="dimmed">
            {categories[category]}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>{isOpen && <ConnectionDetails connection={connection} onSaved={onSaved} />}</Accordion.Panel>
    </Accordion.Item>
  );
}
