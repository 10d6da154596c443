import { Button, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, page, perPage, type Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { Pill, type Tone } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import { When } from '../shell/When';
import { type Connection, ofVendor } from './connection';

type WebhookEvent = Schemas['WebhookEventResponse'];
type Outcome = NonNullable<WebhookEvent['outcome']>;

const outcomes: Record<Outcome, { word: string; tone: Tone }> = {
  applied: { word: 'Applied', tone: 'good' },
  unchanged: { word: 'No change', tone: 'neutral' },
  duplicate: { word: 'Duplicate', tone: 'neutral' },
  not_ours: { word: 'Not ordered here', tone: 'neutral' },
  failed: { word: 'Failed', tone: 'bad' },
};

const choices = [
  { value: '', label: 'All' },
  ...Object.entries(outcomes).map(([value, { word }]) => ({ value, label: word })),
];

/** A vendor's webhook events and their outcomes. */
export function WebhookLog({ connection }: { connection: Connection }): ReactNode {
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [at, setAt] = useState(1);
  const events = useQuery({
    queryKey: ['webhook_log', connection.vendor, outcome, at],
    queryFn: ({ signal }) => {
      const query = { outcome: outcome === '' ? undefined : [outcome], page: at, per_page: perPage };
      const params = { path: ofVendor(connection), query };
      return page(api.GET('/ats/v0/integrations/{vendor}/webhook_events', { params, signal }));
    },
    placeholderData: keepPreviousData,
  });
  const choose = (chosen: string): void => {
    setOutcome(chosen as Outcome | '');
    setAt(1);
  };
  return (
    <Stack>
      <NativeSelect
        label="Outcome"
        data={choices}
        value={outcome}
        onChange={(event) => choose(event.currentTarget.value)}
        maw={240}
      />
      <Loaded query={events} what="Loading the webhook log">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title={outcome === '' ? 'No events yet' : 'No matches'}>
              {outcome === '' ? 'The first one arrives after a check is sent.' : 'Choose another outcome.'}
            </Empty>
          ) : (
            <>
              <EventTable connection={connection} events={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function EventTable({ connection, events }: { connection: Connection; events: WebhookEvent[] }): ReactNode {
  return (
    <Table.ScrollContainer
      minWidth={680}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Webhook log' } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Received</Table.Th>
            <Table.Th>Event</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Background check</Table.Th>
            <Table.Th>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {events.map((event) => (
            <EventRow key={event.id} connection={connection} event={event} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function EventRow({ connection, event }: { connection: Connection; event: WebhookEvent }): ReactNode {
  const { id, received_at, event_type, case_id, outcome, failure, background_check_id: check } = event;
  const params = { path: { ...ofVendor(connection), id } };
  const retry = useAct(() => answer(api.POST('/ats/v0/integrations/{vendor}/webhook_events/{id}/replay', { params })), {
    done: 'Retrying the event',
    refresh: [['webhook_log']],
  });
  const { word, tone } = outcome === null ? { word: 'Processing', tone: 'moving' as const } : outcomes[outcome];
  return (
    <Table.Tr>
      <Table.Td>
        <When at={received_at} />
      </Table.Td>
      <Table.Td>
        {event_type}
        <Text size="xs" c="dimmed">
          {case_id}
        </Text>
      </Table.Td>
      <Table.Td>
        <Pill tone={tone}>{word}</Pill>
        {failure !== null && <Text size="xs">{failure}</Text>}
      </Table.Td>
      <Table.Td>
        {check === null ? (
          'None'
        ) : (
          <AppLink to="/background_checks/$checkId" params={{ checkId: check }}>
            Open check
          </AppLink>
        )}
      </Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="default" loading={retry.running} onClick={() => retry.run()}>
          Retry
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
