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

type Delivery = Schemas['DeliveryResponse'];
type Outcome = NonNullable<Delivery['outcome']>;

const outcomes: Record<Outcome, { word: string; tone: Tone }> = {
  applied: { word: 'Applied', tone: 'good' },
  unchanged: { word: 'Nothing new', tone: 'neutral' },
  duplicate: { word: 'Repeated', tone: 'neutral' },
  not_ours: { word: 'Not ours', tone: 'neutral' },
  failed: { word: 'Failed', tone: 'bad' },
};

const choices = [
  { value: '', label: 'All' },
  ...Object.entries(outcomes).map(([value, { word }]) => ({ value, label: word })),
];

/** What Certn told us, and what became of it. */
export function Deliveries(): ReactNode {
  const [outcome, setOutcome] = useState<Outcome | ''>('');
  const [at, setAt] = useState(1);
  const deliveries = useQuery({
    queryKey: ['certn_deliveries', outcome, at],
    queryFn: ({ signal }) => {
      const query = { outcome: outcome === '' ? undefined : [outcome], page: at, per_page: perPage };
      return page(api.GET('/ats/v0/integrations/certn/deliveries', { params: { query }, signal }));
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
      <Loaded query={deliveries} what="Loading the deliveries">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title="No deliveries">The first one comes after a check is sent.</Empty>
          ) : (
            <>
              <DeliveryTable deliveries={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function DeliveryTable({ deliveries }: { deliveries: Delivery[] }): ReactNode {
  return (
    <Table.ScrollContainer
      minWidth={680}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Deliveries' } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Received</Table.Th>
            <Table.Th>Event</Table.Th>
            <Table.Th>Outcome</Table.Th>
            <Table.Th>Background check</Table.Th>
            <Table.Th>Again</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {deliveries.map((delivery) => (
            <DeliveryRow key={delivery.id} delivery={delivery} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function DeliveryRow({ delivery }: { delivery: Delivery }): ReactNode {
  const { id, received_at, event_type, case_id, outcome, failure, background_check_id: check } = delivery;
  const replay = useAct(
    () => answer(api.POST('/ats/v0/integrations/certn/deliveries/{id}/replay', { params: { path: { id } } })),
    { done: 'The event is being worked on again.', refresh: [['certn_deliveries']] },
  );
  // Its case is being read.
  const { word, tone } = outcome === null ? { word: 'Being read', tone: 'moving' as const } : outcomes[outcome];
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
            Show
          </AppLink>
        )}
      </Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="default" loading={replay.running} onClick={() => replay.run()}>
          Replay
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
