import { Stack, Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import dayjs from 'dayjs';
import { type ReactNode, useId, useState } from 'react';
import type { Page } from '../api/client';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { dueQuery, type DueRow, resultDueQuery } from './retention';

/** Candidates who are due next: the time to put those the team must keep on legal hold. */
export function DueCandidates(): ReactNode {
  const [at, setAt] = useState(1);
  const due = useQuery({ ...dueQuery(at), placeholderData: keepPreviousData });
  return <DueSoon words={candidates} due={due} at={at} onPage={setAt} />;
}

/** Results that the rule removes next. */
export function DueResults(): ReactNode {
  const [at, setAt] = useState(1);
  const due = useQuery({ ...resultDueQuery(at), placeholderData: keepPreviousData });
  return <DueSoon words={results} due={due} at={at} onPage={setAt} />;
}

const candidates = {
  title: 'Candidates',
  hint: "These candidates are anonymised within a week. To keep one, open the candidate's page and put them on legal hold.",
  loading: 'Loading due candidates',
  none: 'No candidates due',
  noneYet: 'No candidate is anonymised within a week.',
  table: 'Due within a week',
  check: null,
  from: 'Anonymised from',
};

const results = {
  title: 'Results',
  hint: 'These results are removed within a week. To keep one, put the candidate on legal hold.',
  loading: 'Loading due results',
  none: 'No results due',
  noneYet: 'No result is removed within a week.',
  table: 'Results due within a week',
  check: 'Check',
  from: 'Removed from',
};

type Words = typeof candidates | typeof results;

interface DueSoonProps {
  words: Words;
  due: UseQueryResult<Page<DueRow>>;
  at: number;
  onPage: (at: number) => void;
}

/** What one of the two rules erases within a week. */
function DueSoon({ words, due, at, onPage }: DueSoonProps): ReactNode {
  const id = useId();
  return (
    <Stack maw={800} component="section" aria-labelledby={id}>
      <Title order={2} size="h4" id={id}>
        {words.title}
      </Title>
      <Text size="sm" c="dimmed">
        {words.hint}
      </Text>
      <Loaded query={due} what={words.loading}>
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title={words.none}>{words.noneYet}</Empty>
            ) : (
              <DueTable words={words} rows={list.items} />
            )}
            <Pages list={list} page={at} onPage={onPage} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function DueTable({ words, rows }: { words: Words; rows: DueRow[] }): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label={words.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Candidate</Table.Th>
          {words.check !== null && <Table.Th>{words.check}</Table.Th>}
          <Table.Th>{words.from}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ id, candidateId, name, check, dueOn }) => (
          <Table.Tr key={id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <AppLink to="/candidates/$candidateId" params={{ candidateId }} fw={600}>
                {name}
              </AppLink>
            </Table.Td>
            {words.check !== null && <Table.Td>{check}</Table.Td>}
            <Table.Td>
              {exactDay(dueOn)}
              <Text size="xs" c="dimmed">
                {dayjs(dueOn).isAfter(dayjs()) ? <When at={dueOn} /> : 'With the next daily run'}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
