import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { candidateQuery } from '../checks/check';
import { useAct } from '../shell/useAct';
import { dueKey } from './retention';

/** One button for both ways: it keeps the focus. */
export function LegalHold({ candidate }: { candidate: Schemas['CandidateResponse'] }): ReactNode {
  const client = useQueryClient();
  const { id, legal_hold } = candidate;
  const { queryKey } = candidateQuery(id);
  const hold = useAct(
    (held: boolean) =>
      answer(api.PUT('/ats/v0/candidates/{id}/legal_hold', { params: { path: { id } }, body: { held } })),
    {
      done: legal_hold
        ? 'The legal hold is lifted. The retention rule takes the candidate in a week at the earliest.'
        : 'The candidate is on legal hold.',
      refresh: [queryKey, dueKey],
      onDone: (saved) => client.setQueryData(queryKey, saved),
    },
  );
  // Not `loading`: a button that is disabled for a moment loses the focus.
  return (
    <Button variant="default" aria-busy={hold.running} onClick={() => hold.run(!legal_hold)}>
      {legal_hold ? 'Lift the legal hold' : 'Put on legal hold'}
    </Button>
  );
}
