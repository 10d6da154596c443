import { Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { dueQuery } from './retention';

type Due = Schemas['DueCandidateResponse'];

/** Whom the rule takes next: the time to put on hold whom the team must keep. */
export function DueCandidates(): ReactNode {
  const [at, setAt] = useState(1);
  const due = useQuery({ ...dueQuery(at), placeholderData: keepPreviousData });
  return (
    <Stack maw={800}>
      <Text size="sm" c="dimmed">
        The retention rule anonymises these candidates within a week. To keep one, open the candidate&apos;s page and
        put them on legal hold.
      </Text>
      <Loaded query={due} what="Loading who is due">
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title="Nobody is due">The retention rule anonymises nobody within a week.</Empty>
            ) : (
              <DueTable due={list.items} />
            )}
            <Pages list={list} page={at} onPage={setAt} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function DueTable({ due }: { due: Due[] }): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label="Due within a week">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Candidate</Table.Th>
          <Table.Th>Anonymised from</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {due.map(({ id, name, due_on }) => (
          <Table.Tr key={id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/candidates/$candidateId" params={{ candidateId: id }} fw={600}>
                {name}
              </AppLink>
            </Table.Td>
            <Table.Td>
              {exactDay(due_on)}
              <Text size="xs" c="dimmed">
                {dayjs(due_on).isAfter(dayjs()) ? <When at={due_on} /> : 'With the next daily round'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
