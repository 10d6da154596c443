import { Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { type ReactNode, useId, useState } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { dueQuery } from './retention';

type Due = Schemas['DueCandidateResponse'];

/** Whom the rule takes next: the time to put on hold whom the team must keep. */
export function DueCandidates(): ReactNode {
  const id = useId();
  const [at, setAt] = useState(1);
  const due = useQuery({ ...dueQuery(at), placeholderData: keepPreviousData });
  return (
    <Stack maw={800} component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        Candidates
      </Title>
      <Text size="sm" c="dimmed">
        These candidates are anonymised within a week. To keep one, open the candidate&apos;s page and put them on legal
        hold.
      </Text>
      <Loaded query={due} what="Loading who is due">
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title="No candidates due">No candidate is anonymised within a week.</Empty>
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
                {dayjs(due_on).isAfter(dayjs()) ? <When at={due_on} /> : 'With the next daily run'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
