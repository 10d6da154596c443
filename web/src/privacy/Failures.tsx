import { Alert, List } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { AppLink } from '../shell/links';
import { exactTime } from '../shell/When';
import { failedCandidatesQuery, failedResultsQuery } from './retention';

/** What the rules could not erase. They retry automatically; an admin contacts support if it lasts. */
export function Failures(): ReactNode {
  const { data: candidates } = useQuery(failedCandidatesQuery);
  const { data: results } = useQuery(failedResultsQuery);
  const total = (candidates?.total ?? 0) + (results?.total ?? 0);
  if (!candidates || !results || total === 0) return null;
  const failed = [
    ...candidates.items.map((one) => ({ ...one, candidate: one.id, words: one.name })),
    ...results.items.map((one) => ({
      ...one,
      candidate: one.candidate_id,
      words: `${one.candidate_name}, result of ${one.package}`,
    })),
  ];
  return (
    <Alert
      color="danger"
      icon={<IconAlertTriangle aria-hidden />}
      title={total === 1 ? '1 could not be erased yet' : `${total} could not be erased yet`}
      maw={800}
    >
      All others are not affected. Each is tried again automatically. Contact support if one stays here for more than a
      day.
      <List size="sm" mt="xs" aria-label="Could not be erased yet">
        {failed.map(({ id, candidate, words, tries, next_try_at }) => (
          <List.Item key={id}>
            <AppLink to="/candidates/$candidateId" params={{ candidateId: candidate }} c="inherit">
              {words}
            </AppLink>
            : tried {tries === 1 ? 'once' : `${tries} times`}, next try {exactTime(next_try_at)}
          </List.Item>
        ))}
      </List>
    </Alert>
  );
}
