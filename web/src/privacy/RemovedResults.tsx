import { Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { removedResultsQuery } from './retention';

/** The proofs that results were removed. */
export function RemovedResults(): ReactNode {
  const [at, setAt] = useState(1);
  const removed = useQuery({ ...removedResultsQuery(at), placeholderData: keepPreviousData });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Kept as proof: which result was removed, and when. The result itself is not kept.
      </Text>
      <Loaded query={removed} what="Loading removed results">
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title="No results removed">Results that the rule removes are listed here.</Empty>
            ) : (
              <RemovedTable removed={list.items} />
            )}
            <Pages list={list} page={at} onPage={setAt} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function RemovedTable({ removed }: { removed: Schemas['RemovedResultResponse'][] }): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label="Removed results">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>Candidate</Table.Th>
          <Table.Th>Check</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {removed.map(({ id, candidate_id, candidate_name, package: name, removed_at }) => (
          <Table.Tr key={id}>
            <Table.Td>
              {exactDay(removed_at)}
              <Text size="xs" c="dimmed">
                <When at={removed_at} />
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/candidates/$candidateId" params={{ candidateId: candidate_id }}>
                {candidate_name}
              </AppLink>
            </Table.Td>
            <Table.Td>
              <AppLink
                to="/background_checks/$checkId"
                params={{ checkId: id }}
                aria-label={`Open check ${name} of ${candidate_name}`}
              >
                {name}
              </AppLink>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
