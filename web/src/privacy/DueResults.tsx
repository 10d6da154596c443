import { Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { type ReactNode, useId, useState } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { resultDueQuery } from './retention';

/** Which results the rule removes next. */
export function DueResults(): ReactNode {
  const id = useId();
  const [at, setAt] = useState(1);
  const due = useQuery({ ...resultDueQuery(at), placeholderData: keepPreviousData });
  return (
    <Stack maw={800} component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        Results
      </Title>
      <Text size="sm" c="dimmed">
        These results are removed within a week. To keep one, put the candidate on legal hold.
      </Text>
      <Loaded query={due} what="Loading due results">
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title="No results due">No result is removed within a week.</Empty>
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

function DueTable({ due }: { due: Schemas['DueResultResponse'][] }): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label="Results due within a week">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Candidate</Table.Th>
          <Table.Th>Check</Table.Th>
          <Table.Th>Removed from</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {due.map(({ id, candidate_id, candidate_name, package: name, due_on }) => (
          <Table.Tr key={id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/candidates/$candidateId" params={{ candidateId: candidate_id }} fw={600}>
                {candidate_name}
              </AppLink>
            </Table.Td>
            <Table.Td>{name}</Table.Td>
            <Table.Td>
              {exactDay(due_on)}
              <Text size="xs" c="dimmed">
                {dayjs(due_on).isAfter(dayjs()) ? <When at={due_on} /> : 'With the next daily run'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
