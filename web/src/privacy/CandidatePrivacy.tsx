import { Card, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useId, useRef } from 'react';
import type { Schemas } from '../api/client';
import { AppLink } from '../shell/links';
import { When } from '../shell/When';
import { AnonymiseCandidate } from './AnonymiseCandidate';
import { LegalHold } from './LegalHold';

type Candidate = Schemas['CandidateResponse'];

/** An admin's actions on a candidate's data, or the note that it was anonymised. */
export function CandidatePrivacy({ candidate }: { candidate: Candidate }): ReactNode {
  const id = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  const doneHere = useRef(false);
  const { anonymised_at } = candidate;
  // The button that had the focus is gone.
  useEffect(() => {
    if (anonymised_at !== null && doneHere.current) heading.current?.focus();
  }, [anonymised_at]);
  return (
    <Card withBorder component="section" aria-labelledby={id}>
      <Stack gap="sm">
        <Title order={2} size="h4" id={id} ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          Privacy
        </Title>
        {anonymised_at === null ? (
          <Choices candidate={candidate} onAnonymised={() => (doneHere.current = true)} />
        ) : (
          <Text size="sm">
            Anonymised <When at={anonymised_at} />. This cannot be undone. The proof is in the{' '}
            <AppLink to="/admin/privacy" search={{ show: 'anonymised' }}>
              list of anonymised candidates
            </AppLink>
            .
          </Text>
        )}
      </Stack>
    </Card>
  );
}

interface ChoicesProps {
  candidate: Candidate;
  onAnonymised: () => void;
}

function Choices({ candidate, onAnonymised }: ChoicesProps): ReactNode {
  const why = useId();
  return (
    <>
      <Text size="sm" id={why} maw={640}>
        {candidate.legal_hold
          ? 'This candidate is on legal hold: neither the retention rule nor an admin can anonymise them. Lift the hold first.'
          : "A legal hold keeps a candidate's data: neither the retention rule nor an admin can anonymise them."}
      </Text>
      <Group>
        <LegalHold candidate={candidate} />
        <AnonymiseCandidate candidate={candidate} why={why} onDone={onAnonymised} />
      </Group>
    </>
  );
}
