import { Button, Group, List, Stack, Text, ThemeIcon, Title, VisuallyHidden } from '@mantine/core';
import { IconCheck, IconClock, IconX } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { ErrorAlert } from '../shell/ErrorAlert';
import { useAct } from '../shell/useAct';
import { type Connection, ofVendor } from './connection';
import { integrationsQuery } from './vendors';

type Outcome = Schemas['ConnectionTestResponse'];

const names: Record<Outcome['checks'][number]['name'], string> = {
  api_key: 'API key',
  packages: 'Packages',
  webhook: 'Webhook',
};

/** Tests the saved connection and shows the outcome of each part. */
export function TestConnection({ connection }: { connection: Connection }): ReactNode {
  const params = { path: ofVendor(connection) };
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const test = useAct(() => answer(api.POST('/ats/v0/integrations/{vendor}/test', { params })), {
    errorShown: true,
    refresh: [integrationsQuery.queryKey],
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
      <ErrorAlert error={test.error} />
      <div role="status">{outcome && !test.running && <Checks vendor={connection.name} outcome={outcome} />}</div>
    </Stack>
  );
}

function Checks({ vendor, outcome }: { vendor: string; outcome: Outcome }): ReactNode {
  return (
    <Stack gap="xs">
      <Text fw={600}>{headlineOf(outcome, vendor)}</Text>
      <List spacing="xs" center={false} listStyleType="none">
        {outcome.checks.map(({ name, state, detail }) => (
          <List.Item key={name} icon={<Mark state={state} />}>
            <Text size="sm">
              <strong>{names[name]}</strong>
              <VisuallyHidden>{stateWords[state]}</VisuallyHidden>: {detail}
            </Text>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

type State = Outcome['checks'][number]['state'];

const stateWords: Record<State, string> = { ok: ' OK', waiting: ' waiting', failed: ' failed' };

const colours: Record<State, string> = { ok: 'green.9', waiting: 'gray.7', failed: 'danger' };

function Mark({ state }: { state: State }): ReactNode {
  const Icon = { ok: IconCheck, waiting: IconClock, failed: IconX }[state];
  return (
    <ThemeIcon size={20} radius="xl" color={colours[state]} aria-hidden>
      <Icon size={14} />
    </ThemeIcon>
  );
}

/** Claims only what is known: a working API key says nothing about events. */
function headlineOf({ ok, checks }: Outcome, vendor: string): string {
  if (!ok) return 'The connection needs attention.';
  if (checks.some(({ state }) => state === 'waiting'))
    return `The API key works. Waiting for the first event from ${vendor}.`;
  return 'Everything works.';
}
