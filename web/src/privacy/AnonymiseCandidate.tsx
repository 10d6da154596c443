import { Button, List } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { allChecks } from '../api/live-queries';
import { candidateQuery } from '../checks/check';
import { allOf, keepsItsCopy } from '../integrations/vendor-words';
import { useVendorNames } from '../integrations/vendors';
import { Confirm } from '../shell/Confirm';
import { useAct } from '../shell/useAct';
import { dueKey, erasuresKey } from './retention';

interface AnonymiseCandidateProps {
  candidate: Schemas['CandidateResponse'];
  /** The id of the text that explains why the button is disabled. */
  why: string;
  onDone: () => void;
}

/** Anonymises a candidate, after a confirmation that lists what is removed and what stays. */
export function AnonymiseCandidate({ candidate, why, onDone }: AnonymiseCandidateProps): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const vendors = useVendorNames();
  const { id, first_name, last_name, legal_hold } = candidate;
  const anonymise = useAct(() => answer(api.POST('/ats/v0/candidates/{id}/anonymise', { params: { path: { id } } })), {
    errorShown: true,
    done: 'Candidate anonymised. Their checks are cancelled and cleared within seconds.',
    refresh: [candidateQuery(id).queryKey, ['candidates'], ['applications'], dueKey, erasuresKey, ...allChecks],
    onDone: () => {
      onDone();
      close();
    },
  });
  return (
    <>
      <Button variant="default" disabled={legal_hold} aria-describedby={legal_hold ? why : undefined} onClick={open}>
        Anonymise…
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={`Anonymise ${first_name} ${last_name}?`}
        verb="Anonymise permanently"
        act={anonymise}
        otherwise="Keep candidate"
      >
        <List size="sm" spacing="xs">
          <List.Item>Checks in progress are cancelled at {allOf(vendors)}. Checks not sent yet are not sent.</List.Item>
          <List.Item>
            Name, email addresses, phone numbers, and the links to {allOf(vendors)} and to results are removed
            everywhere.
          </List.Item>
          <List.Item>
            Dates and packages stay, without a name; how the checks ended is kept as a count only.{' '}
            {keepsItsCopy(vendors)}
          </List.Item>
          <List.Item>The candidate can no longer be changed, and no more checks can be sent.</List.Item>
          <List.Item>This cannot be undone.</List.Item>
        </List>
      </Confirm>
    </>
  );
}
