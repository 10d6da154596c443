import { Stack, Table, Text } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Schemas } from '../api/client';
import { isStatus, personName, resultLabels, statusLabels } from '../checks/words';
import { AppLink } from '../shell/links';
import { Pages } from '../shell/Pages';
import { Empty, Loaded } from '../shell/states';
import { exactDay, When } from '../shell/When';
import { erasuresQuery } from './retention';

type Erasure = Schemas['ErasureResponse'];
type ErasedChecks = Erasure['checks'][number];

/** The proofs that candidates were anonymised. Nothing else is kept of them. */
export function Erasures(): ReactNode {
  const [at, setAt] = useState(1);
  const erasures = useQuery({ ...erasuresQuery(at), placeholderData: keepPreviousData });
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        Kept as proof: when and by whom a candidate was anonymised, and a count of their checks by outcome.
      </Text>
      <Loaded query={erasures} what="Loading anonymised candidates">
        {(list) => (
          <>
            {list.total === 0 ? (
              <Empty title="No candidates anonymised">
                Candidates that an admin or the retention rule anonymises are listed here.
              </Empty>
            ) : (
              <ErasureTable erasures={list.items} />
            )}
            <Pages list={list} page={at} onPage={setAt} />
          </>
        )}
      </Loaded>
    </Stack>
  );
}

function ErasureTable({ erasures }: { erasures: Erasure[] }): ReactNode {
  return (
    <Table verticalSpacing="xs" aria-label="Anonymised candidates">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>By</Table.Th>
          <Table.Th>Background checks</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {erasures.map(({ candidate_id, at, by, checks, withheld }) => (
          <Table.Tr key={candidate_id}>
            <Table.Td>
              <AppLink to="/candidates/$candidateId" params={{ candidateId: candidate_id }}>
                {exactDay(at)}
              </AppLink>
              <Text size="xs" c="dimmed">
                <When at={at} />
              </Text>
            </Table.Td>
            <Table.Td style={{ overflowWrap: by === null ? undefined : 'anywhere' }}>
              {by === null ? 'The retention rule' : personName(by)}
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Checks checks={checks} />
              {withheld && (
                <Text size="xs" c="dimmed">
                  Also a user of this team: results were not kept.
                </Text>
              )}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Checks({ checks }: { checks: ErasedChecks[] }): ReactNode {
  if (checks.length === 0) return 'None';
  return checks.map(({ package: name, outcome, count }) => (
    <div key={`${name} ${outcome}`}>
      {name}: {outcomeWord(outcome)}
      {count > 1 && ` × ${count}`}
    </div>
  ));
}

const results: Record<string, string> = resultLabels;

/** A result, or the status of a check that has none. */
const outcomeWord = (outcome: string): string =>
  results[outcome] ?? (isStatus(outcome) ? statusLabels[outcome] : outcome);
