import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { unlessChanged } from '../api/tags';
import { candidateQuery } from '../checks/check';
import { useAct } from '../shell/useAct';
import { dueKey } from './retention';

/** One button for both directions, so that it keeps the focus. */
export function LegalHold({ candidate }: { candidate: Schemas['CandidateResponse'] }): ReactNode {
  const client = useQueryClient();
  const { id, legal_hold } = candidate;
  const { queryKey } = candidateQuery(id);
  const hold = useAct(
    (held: boolean) =>
      answer(
        api.PUT('/ats/v0/candidates/{id}/legal_hold', {
          params: { path: { id }, header: unlessChanged(candidate) },
          body: { held },
        }),
      ),
    {
      done: legal_hold
        ? 'Legal hold lifted. The retention rule applies again in a week at the earliest.'
        : 'Candidate put on legal hold',
      refresh: [queryKey, dueKey],
      onDone: (saved) => client.setQueryData(queryKey, saved),
    },
  );
  // Not `loading`: a button that is disabled for a moment loses the focus.
  return (
    <Button variant="default" aria-busy={hold.running} onClick={() => hold.run(!legal_hold)}>
      {legal_hold ? 'Lift legal hold' : 'Put on legal hold'}
    </Button>
  );
}
