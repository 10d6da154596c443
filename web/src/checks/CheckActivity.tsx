import { Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useRef } from 'react';
import { vendorOf } from '../integrations/vendor-words';
import { Pill } from '../shell/StatusBadge';
import { CheckCard } from './CheckCard';
import { SendCheck } from './SendCheck';
import type { Recipient } from './SendCheckForm';
import { endsInResend, type PlanItem, whyNoSending } from './words';

/** An activity in a candidate's plan that sends background checks: the button or the reason it is missing, and every check sent from it. */
export function CheckActivity({ item, recipient }: { item: PlanItem; recipient: Recipient }): ReactNode {
  const title = useRef<HTMLHeadingElement>(null);
  const { display_name, package: own, cannot_send_reason: reason } = item;
  const { name: vendor } = vendorOf(item);
  const latest = item.background_checks[0] ?? null;
  return (
    <Stack gap="sm">
      <Group justify="space-between">
        <div>
          <Title order={3} size="h5" ref={title} tabIndex={-1} style={{ outline: 'none' }}>
            {display_name ?? `Send ${vendor} background check`}
          </Title>
          <Group gap="xs">
            {own !== null && own.name !== null && (
              <Text size="sm" c="dimmed">
                Package: {own.name}
              </Text>
            )}
            {own?.available === false && <Pill tone="waiting">Unavailable at {vendor}</Pill>}
            {item.deleted_at !== null && <Pill tone="neutral">Removed from the plan</Pill>}
          </Group>
        </div>
        {!endsInResend(latest) && (
          <SendCheck item={item} latest={latest} recipient={recipient} onGone={() => title.current?.focus()} />
        )}
      </Group>
      {!item.can_send && reason !== null && <Text size="sm">{whyNoSending(item, reason)}</Text>}
      {item.background_checks.map((check) => (
        <CheckCard key={check.id} check={check} />
      ))}
    </Stack>
  );
}
