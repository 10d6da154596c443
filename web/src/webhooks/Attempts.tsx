import { Button, NativeSelect, Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answer, api, page, perPage } from '../api/client';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { Pill, type Tone } from '../shell/StatusBadge';
import { useAct } from '../shell/useAct';
import { When } from '../shell/When';
import { type Attempt, attemptsKey, type Endpoint, readAgainMs, typeWords } from './endpoint';

const statuses: Record<Attempt['status'], { word: string; tone: Tone }> = {
  pending: { word: 'Waiting for the answer', tone: 'moving' },
  succeeded: { word: 'Succeeded', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
};

const choices = [
  { value: '', label: 'All' },
  ...Object.entries(statuses).map(([value, { word }]) => ({ value, label: word })),
];

/** What was sent to the endpoint, and what it answered. */
export function Attempts({ endpoint }: { endpoint: Endpoint }): ReactNode {
  const [status, setStatus] = useState<Attempt['status'] | ''>('');
  const [at, setAt] = useState(1);
  const { id } = endpoint;
  const attempts = useQuery({
    queryKey: [...attemptsKey, id, status, at],
    queryFn: ({ signal }) => {
      const query = { status: status === '' ? undefined : [status], page: at, per_page: perPage };
      return page(api.GET('/ats/v0/webhook_endpoints/{id}/attempts', { params: { path: { id }, query }, signal }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: readAgainMs,
  });
  return (
    <Stack>
      <NativeSelect
        label="Status"
        data={choices}
        value={status}
        onChange={(event) => {
          setStatus(event.currentTarget.value as Attempt['status'] | '');
          setAt(1);
        }}
        maw={240}
      />
      <Loaded query={attempts} what="Loading the attempts">
        {(list) =>
          list.items.length === 0 ? (
            <Empty title={status === '' ? 'Nothing sent yet' : 'No matches'}>
              {status === '' ? 'Send a test to see whether events arrive.' : 'Choose another status.'}
            </Empty>
          ) : (
            <>
              <AttemptTable endpoint={endpoint} attempts={list.items} />
              <Pages list={list} page={at} onPage={setAt} />
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function AttemptTable({ endpoint, attempts }: { endpoint: Endpoint; attempts: Attempt[] }): ReactNode {
  return (
    <Table.ScrollContainer
      minWidth={720}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, 'aria-label': 'Attempts' } }}
    >
      <Table verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Sent</Table.Th>
            <Table.Th>Event</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th>Answer</Table.Th>
            <Table.Th>Duration</Table.Th>
            <Table.Th>Action</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attempts.map((attempt) => (
            <AttemptRow key={attempt.id} endpoint={endpoint} attempt={attempt} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function AttemptRow({ endpoint, attempt }: { endpoint: Endpoint; attempt: Attempt }): ReactNode {
  const { at, type, event_id, status, http_status, duration_ms, error, next_try_at } = attempt;
  const { word, tone } = statuses[status];
  const params = { path: { id: endpoint.id } };
  const replay = useAct(
    () => answer(api.POST('/ats/v0/webhook_endpoints/{id}/replay', { params, body: { event_id } })),
    { done: 'The event is sent again', refresh: [attemptsKey] },
  );
  return (
    <Table.Tr>
      <Table.Td>
        <When at={at} />
      </Table.Td>
      <Table.Td>{typeWords(type)}</Table.Td>
      <Table.Td>
        <Pill tone={tone}>{word}</Pill>
        {error !== null && <Text size="xs">{error}</Text>}
        {next_try_at !== null && (
          <Text size="xs" c="dimmed">
            Next try <When at={next_try_at} />
          </Text>
        )}
      </Table.Td>
      <Table.Td>{http_status ?? 'None'}</Table.Td>
      <Table.Td>{duration_ms === null ? '' : `${duration_ms} ms`}</Table.Td>
      <Table.Td>
        <Button
          size="compact-sm"
          variant="default"
          disabled={endpoint.disabled}
          loading={replay.running}
          onClick={() => replay.run()}
        >
          Send again
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
