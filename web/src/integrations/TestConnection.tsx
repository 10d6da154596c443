import { Button, Group, List, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { Refusal } from '../shell/Refusal';
import { useAct } from '../shell/useAct';
import { connectionQuery } from './connection';

type Outcome = Schemas['ConnectionTestResponse'];

const names: Record<Outcome['checks'][number]['name'], string> = {
  api_key: 'API key',
  packages: 'Packages',
  webhook: 'Webhook',
};

/** Tries what is saved, now, and says of each part how it went. */
export function TestConnection(): ReactNode {
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const test = useAct(() => answer(api.POST('/ats/v0/integrations/certn/test')), {
    errorShown: true,
    refresh: [connectionQuery.queryKey],
    onDone: setOutcome,
  });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        Test
      </Title>
      <Group>
        <Button variant="default" loading={test.running} onClick={() => test.run()}>
          Test connection
        </Button>
      </Group>
      <Refusal error={test.error} />
      <div role="status">{outcome && !test.running && <Checks outcome={outcome} />}</div>
    </Stack>
  );
}

function Checks({ outcome }: { outcome: Outcome }): ReactNode {
  return (
    <Stack gap="xs">
      <Text fw={600}>{outcome.ok ? 'Everything works.' : 'Something needs your attention.'}</Text>
      <List spacing="xs" center={false} listStyleType="none">
        {outcome.checks.map(({ name, ok, detail }) => (
          <List.Item key={name} icon={<Mark ok={ok} />}>
            <Text size="sm">
              <strong>{names[name]}</strong>
              <VisuallyHidden>{ok ? ' in order' : ' not in order'}</VisuallyHidden>: {detail}
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

function Mark({ ok }: { ok: boolean }): ReactNode {
  return (
    <ThemeIcon size={20} radius="xl" color={ok ? 'green.9' : 'danger'} aria-hidden>
      {ok ? <IconCheck size={14} /> : <IconX size={14} />}
    </ThemeIcon>
  );
}
