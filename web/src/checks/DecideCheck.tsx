import { Button, Radio, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { answer, api } from '../api/client';
import { Confirm } from '../shell/Confirm';
import { useCheckAct } from './check';
import type { Check } from './words';

const sendAgain = 'send_again';

/** The user states the outcome of an order whose response was lost and that reconciliation could not settle. */
export function DecideCheck({ check }: { check: Check }): ReactNode {
  const [asking, { open, close }] = useDisclosure();
  const [choice, setChoice] = useState<string | null>(null);
  const [submitted, setSubmitted] = useState(false);
  const { id, vendor } = check;
  const decide = useCheckAct(
    check,
    (_, signal) => {
      const body = choice === sendAgain ? { send_again: true as const } : { case_id: choice ?? '' };
      return answer(api.POST('/ats/v0/background_checks/{id}/decide', { params: { path: { id } }, body, signal }));
    },
    { errorShown: true, done: 'Decision saved', onDone: close },
  );
  return (
    <>
      <Button size="compact-sm" onClick={open}>
        Decide
      </Button>
      <Confirm
        opened={asking}
        onClose={close}
        title={`What happened to this check at ${vendor.name}?`}
        verb="Decide"
        otherwise="Cancel"
        act={{ ...decide, run: () => (choice === null ? setSubmitted(true) : decide.run()) }}
      >
        <Stack>
          <Text size="sm">
            {vendor.name}&apos;s response to the order for {check.sent_to} was lost. Look for it in your {vendor.name}{' '}
            account, then choose what you found. This cannot be undone.
          </Text>
          <Choices check={check} value={choice} onChoose={setChoice} missing={submitted && choice === null} />
        </Stack>
      </Confirm>
    </>
  );
}

interface ChoicesProps {
  check: Check;
  value: string | null;
  onChoose: (choice: string) => void;
  /** The user submitted without choosing. */
  missing: boolean;
}

function Choices({ check, value, onChoose, missing }: ChoicesProps): ReactNode {
  const cases = check.failure?.candidates ?? [];
  const { name } = check.vendor;
  const cancelled = check.cancel_requested_at !== null;
  return (
    <Radio.Group label={`In ${name}`} value={value} onChange={onChoose} error={missing && 'Choose an option'}>
      <Stack gap="sm" mt="xs">
        {cases.map((caseId) => (
          <Radio key={caseId} value={caseId} label={`Case ${caseId}`} />
        ))}
        <Radio
          value={sendAgain}
          label={`${name} has no case for it`}
          description={
            cancelled
              ? 'Cancellation was requested, so it is not sent.'
              : `The check is sent again. If ${name} does have it, the candidate is invited twice and you are charged twice.`
          }
        />
      </Stack>
    </Radio.Group>
  );
}
